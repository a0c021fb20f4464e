"""The truth: one SQLite file with the articles, their passages and the passages' vectors.

FAISS and the full-text index are derived from it. To bring one up to date it is enough to know up
to which `generation` it was, for ids of passages are never used twice and a passage never changes.
"""

from __future__ import annotations

import contextlib
import sqlite3
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from qa_bot.errors import IndexBusyError
from qa_bot.index.corrections import changes_of
from qa_bot.index.embedded import articles, changes, passages, vector_table
from qa_bot.index.embedded.opening import open_index
from qa_bot.index.filters import Filter
from qa_bot.index.putting import not_found, put_article
from qa_bot.index.records import (
    ArticleRow,
    Counts,
    DatedKey,
    DayCount,
    SourceCount,
    Span,
    StoredArticle,
    StoredPassage,
    Whole,
)
from qa_bot.records import Article, Change, Order, Outcome

__all__ = ["Side", "Store"]

Side = Literal["texts", "vectors"]
"""What a generation counts the changes of."""


class Store:
    """Articles, passages and vectors in the SQLite file at `path`; safe to share by threads.

    What is not told here is told in `qa_bot.index.protocol`.

    Every change is one transaction: after a crash an article is there with all its passages, or
    not at all. Every method that reads sees one state of the whole. Other processes may read and
    write the same file.

    :raises IndexMismatchError: if the file was written by a newer qa_bot, or is no index.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connections = open_index(path)
        self.read_only = self._connections.immutable
        self.uuid = self.fact("uuid")

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        if self.read_only:
            raise IndexBusyError(
                f"The index in {self.path.parent} is on storage that can only be read. Copy the "
                "folder to where it can be written, to add, change or remove anything."
            )
        with self._connections.writing() as db:
            yield db

    def close(self) -> None:
        self._connections.close()

    # -- what the whole is ---------------------------------------------------------------------

    def fact(self, name: str) -> str:
        with self._connections.reading() as db:
            return _fact(db, name)

    def set_fact_once(self, name: str, value: str) -> str:
        if not self.read_only:
            with self._writing() as db:
                db.execute("INSERT OR IGNORE INTO meta VALUES (?, ?)", (name, value))
        return self.fact(name)

    def adopt(self, model: str) -> str:
        if (made_with := self.set_fact_once("model", model)) == model or self.read_only:
            return made_with
        with self._writing() as db:
            if articles.count_articles(db, Filter()):
                return made_with
            db.execute("INSERT OR REPLACE INTO meta VALUES ('model', ?)", (model,))
            db.execute("DELETE FROM meta WHERE key = 'vectors_by'")
        return model

    def state(self) -> str:
        with self._connections.reading() as db:
            generation = int(_fact(db, "texts"))
            return f"{generation} {_generation_name(db, 'texts', generation)}"

    def had_state(self, state: str) -> bool:
        generation, _, name = state.partition(" ")
        if not (name and generation.isdecimal()):
            return False
        return self.generation_name("texts", int(generation)) == name

    def generation(self, side: Side) -> int:
        """A number that grows with every change of the passages (`texts`) or of the `vectors`."""
        return int(self.fact(side))

    def generation_name(self, side: Side, generation: int) -> str:
        """The name of a generation that this store has or had; "" if there was none."""
        with self._connections.reading() as db:
            return _generation_name(db, side, generation)

    def counts(self) -> Counts:
        with self._connections.reading() as db:
            count_passages = db.execute("SELECT count(*) FROM passages").fetchone()[0]
            return Counts(
                articles.count_articles(db, Filter()), count_passages, passages.pending(db)
            )

    def last_passage(self) -> int:
        """The greatest id of a passage, 0 if there is none: at least as many as there are."""
        with self._connections.reading() as db:
            return passages.last_passage(db)

    def pending(self) -> int:
        with self._connections.reading() as db:
            return passages.pending(db)

    # -- articles ------------------------------------------------------------------------------

    def put(self, additions: Sequence[tuple[Article, Sequence[Span]]]) -> list[Outcome]:
        return self.restore([Whole(article, tuple(spans), {}) for article, spans in additions])

    def restore(self, wholes: Sequence[Whole]) -> list[Outcome]:
        with self._writing() as db:
            before = db.total_changes
            outcomes = []
            for whole in wholes:
                outcome = put_article(_Tables(db), whole)
                outcomes.append(outcome)
                if whole.vectors and outcome.status == "added":
                    vector_table.insert_by_span(db, outcome.article_id, whole.vectors)
                    _advance(db, "vectors")
            if db.total_changes != before:
                _advance(db, "texts")
        return outcomes

    def wholes(self, keys: Sequence[int]) -> list[Whole]:
        with self._connections.reading() as db:
            found = articles.articles_by_key(db, keys)
            vectors = vector_table.vectors_of(db, found)
            history = changes.changes_by_key(db, found)
        return [
            Whole(found[key], *vectors[key], history.get(key, ()), key)
            for key in keys
            if key in found
        ]

    def correct(
        self, article_ids: Sequence[str], fields: Mapping[str, str], at: str
    ) -> list[Article]:
        with self._writing() as db:
            rows = [_row(db, article_id) for article_id in dict.fromkeys(article_ids)]
            corrected = [replace(row.article, **fields) for row in rows]
            for row, article in zip(rows, corrected, strict=True):
                if article == row.article:
                    continue
                generation = _advance(db, "texts")
                changes.update_headings(db, row.key, article)
                changes.insert_changes(db, row.key, changes_of(row.article, fields, at))
                if article.title != row.article.title:
                    passages.renew_passages(db, row.key, generation)
                    _advance(db, "vectors")
        return corrected

    def history(self, article_id: str) -> list[Change]:
        with self._connections.reading() as db:
            row = articles.article_by_id(db, article_id)
        return list(row.changes) if row else []

    def remove(self, article_id: str) -> Article:
        with self._writing() as db:
            row = _row(db, article_id)
            _delete(db, row.key)
        return row.article

    def article(self, article_id: str) -> Article:
        with self._connections.reading() as db:
            return _row(db, article_id).article

    def keys(
        self,
        where: Filter | None = None,
        order: Order = "-added",
        *,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[int]:
        with self._connections.reading() as db:
            return articles.listing_keys(db, where or Filter(), order, limit, offset)

    def count(self, where: Filter | None = None) -> int:
        with self._connections.reading() as db:
            return articles.count_articles(db, where or Filter())

    def by_keys(self, keys: Sequence[int]) -> list[StoredArticle]:
        with self._connections.reading() as db:
            found = articles.articles_by_key(db, keys)
        return [StoredArticle(key, found[key]) for key in keys if key in found]

    def languages(self, keys: Iterable[int]) -> dict[int, str]:
        with self._connections.reading() as db:
            return articles.languages(db, keys)

    def sources(self) -> list[str]:
        with self._connections.reading() as db:
            return articles.sources(db)

    # -- the whole collection ------------------------------------------------------------------

    def all_keys(self) -> list[int]:
        with self._connections.reading() as db:
            return articles.keys(db)

    def day_counts(self) -> list[DayCount]:
        with self._connections.reading() as db:
            return articles.day_counts(db)

    def source_counts(self) -> list[SourceCount]:
        with self._connections.reading() as db:
            return articles.source_counts(db)

    def keys_dated(self, first: str | None, last: str | None) -> list[DatedKey]:
        with self._connections.reading() as db:
            return articles.keys_by_date(db, first, last)

    def keys_of_source(self, source: str) -> list[int]:
        with self._connections.reading() as db:
            return articles.keys_of_source(db, source)

    # -- passages ------------------------------------------------------------------------------

    def passages(self, ids: Iterable[int]) -> dict[int, StoredPassage]:
        with self._connections.reading() as db:
            return passages.passages_by_id(db, ids)

    def passage_ids(self, where: Filter | None = None) -> NDArray[np.int64]:
        """Ascending ids of the passages of articles that a filter lets through."""
        with self._connections.reading() as db:
            return passages.passage_ids(db, where or Filter())

    def keys_of_passages(self, ids: Iterable[int]) -> set[int]:
        with self._connections.reading() as db:
            return passages.articles_of(db, ids)

    def passage_languages(self, ids: Iterable[int]) -> dict[int, str]:
        with self._connections.reading() as db:
            return passages.passage_languages(db, ids)

    def passages_after(self, passage_id: int, limit: int) -> list[StoredPassage]:
        """The next `limit` passages whose id is greater, ascending."""
        with self._connections.reading() as db:
            return list(passages.passages_after(db, passage_id, limit).values())

    def removed_since(self, generation: int) -> list[int]:
        """Ids of the passages that were removed after this generation of the texts."""
        with self._connections.reading() as db:
            return passages.removed_since(db, generation)

    # -- vectors -------------------------------------------------------------------------------

    def claim(self, limit: int) -> list[StoredPassage]:
        with self._connections.reading() as db:
            return list(passages.passages_pending(db, limit).values())

    def put_vectors(self, ids: Sequence[int], vectors: NDArray[np.float32]) -> None:
        with self._writing() as db:
            vector_table.insert_vectors(db, ids, vectors)
            _advance(db, "vectors")

    def vector_ids(self) -> NDArray[np.int64]:
        """Ascending ids of the passages that have a vector."""
        with self._connections.reading() as db:
            return vector_table.vector_ids(db)

    def vectors(self, ids: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The vectors of `ids`, float32 (n, d), with the ids that are there (n,), ascending."""
        with self._connections.reading() as db:
            return vector_table.vectors_by_id(db, ids.tolist())


@dataclass(frozen=True, slots=True)
class _Tables:
    """See `qa_bot.index.putting.Tables`."""

    db: sqlite3.Connection

    def by_id(self, article_id: str) -> ArticleRow | None:
        return articles.article_by_id(self.db, article_id)

    def by_digest(self, digest: str) -> list[ArticleRow]:
        return articles.articles_by_digest(self.db, digest)

    def insert(self, whole: Whole, digest: str) -> None:
        key = articles.insert_article(self.db, whole.article, digest, whole.key)
        passages.insert_passages(self.db, key, whole.spans)
        changes.insert_changes(self.db, key, whole.changes)

    def update(self, key: int, article: Article) -> None:
        articles.update_metadata(self.db, key, article)

    def delete(self, key: int) -> None:
        _delete(self.db, key)


def _row(db: sqlite3.Connection, article_id: str) -> ArticleRow:
    row = articles.article_by_id(db, article_id)
    if row is None:
        raise not_found(article_id)
    return row


def _delete(db: sqlite3.Connection, key: int) -> None:
    passages.note_removal(db, key, _advance(db, "texts"))
    articles.delete_article(db, key)
    _advance(db, "vectors")


def _fact(db: sqlite3.Connection, name: str) -> str:
    row = db.execute("SELECT value FROM meta WHERE key = ?", (name,)).fetchone()
    return str(row[0]) if row else ""


def _generation_name(db: sqlite3.Connection, side: Side, generation: int) -> str:
    row = db.execute(
        "SELECT name FROM generation_names WHERE side = ? AND generation = ?", (side, generation)
    ).fetchone()
    return str(row[0]) if row else ""


def _advance(db: sqlite3.Connection, side: Side) -> int:
    """Begin the next generation of a side; its number."""
    db.execute("UPDATE meta SET value = value + 1 WHERE key = ?", (side,))
    generation = int(_fact(db, side))
    db.execute(
        "INSERT INTO generation_names VALUES (?, ?, ?)", (side, generation, uuid.uuid4().hex)
    )
    return generation
