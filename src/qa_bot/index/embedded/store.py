"""The truth: one SQLite file with the articles, their passages and the passages' vectors.

FAISS and the full-text index are derived from it. To bring one up to date it is enough to know up
to which `generation` it was, for ids of passages are never used twice and a passage never changes.
"""

from __future__ import annotations

import contextlib
import sqlite3
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from qa_bot.errors import ArticleNotFoundError, IndexBusyError
from qa_bot.index.embedded import articles, passages, vector_table
from qa_bot.index.embedded.opening import open_index
from qa_bot.index.filters import Filter
from qa_bot.index.listing import Order
from qa_bot.index.metadata import merged, printing_id, same_printing
from qa_bot.index.records import (
    Counts,
    DatedKey,
    DayCount,
    Side,
    SourceCount,
    Span,
    StoredArticle,
    StoredPassage,
)
from qa_bot.index.sql import storable
from qa_bot.records import Article, Outcome

__all__ = ["Store", "storable"]


class Store:
    """Articles, passages and vectors in the SQLite file at `path`; safe to share by threads.

    Every change is one transaction: after a crash an article is there with all its passages, or
    not at all. Every method that reads sees one state of the whole. Other processes may read and
    write the same file.

    :raises IndexMismatchError: if the file was written by a newer qa_bot, or is no index.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connections = open_index(path)
        self.read_only = self._connections.immutable
        self.uuid = self.meta("uuid")

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

    def meta(self, key: str) -> str:
        """A fact about the index, "" if it is not set."""
        with self._connections.reading() as db:
            return _meta(db, key)

    def set_meta_once(self, key: str, value: str) -> str:
        """Set `key` if it has no value yet; returns the value it has now."""
        if not self.read_only:
            with self._writing() as db:
                db.execute("INSERT OR IGNORE INTO meta VALUES (?, ?)", (key, value))
        return self.meta(key)

    def replace_meta(self, key: str, value: str) -> None:
        with self._writing() as db:
            db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def drop_meta(self, key: str) -> None:
        with self._writing() as db:
            db.execute("DELETE FROM meta WHERE key = ?", (key,))

    def generation(self, side: Side) -> int:
        """A number that grows with every change of the passages (`texts`) or of the `vectors`."""
        return int(self.meta(side))

    def generation_name(self, side: Side, generation: int) -> str:
        """The name of a generation that this store has or had; "" if there was none."""
        with self._connections.reading() as db:
            row = db.execute(
                "SELECT name FROM generation_names WHERE side = ? AND generation = ?",
                (side, generation),
            ).fetchone()
        return str(row[0]) if row else ""

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
        """How many passages have no vector yet."""
        with self._connections.reading() as db:
            return passages.pending(db)

    # -- articles ------------------------------------------------------------------------------

    def put(self, additions: Sequence[tuple[Article, Sequence[Span]]]) -> list[Outcome]:
        """Add articles with the [start, end) of their passages, in one transaction.

        Content that is there already is skipped, and so found under one id; other content under a
        known id replaces it, and so do better metadata.
        """
        with self._writing() as db:
            before = db.total_changes
            outcomes = [_put(db, article, spans) for article, spans in additions]
            if db.total_changes != before:
                _advance(db, "texts")
        return outcomes

    def remove(self, article_id: str) -> Article:
        """Remove an article with its passages and vectors; returns it.

        :raises ArticleNotFoundError: if there is none of this id.
        """
        with self._writing() as db:
            row = articles.article_by_id(db, article_id)
            if row is None:
                raise _not_found(article_id)
            _delete(db, row.key)
        return row.article

    def article(self, article_id: str) -> Article:
        """The article of this id.

        :raises ArticleNotFoundError: if there is none.
        """
        with self._connections.reading() as db:
            row = articles.article_by_id(db, article_id)
        if row is None:
            raise _not_found(article_id)
        return row.article

    def keys(
        self,
        where: Filter | None = None,
        order: Order = "-added",
        *,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[int]:
        """The keys of a list of articles: what `by_keys` and no one else understands."""
        with self._connections.reading() as db:
            return articles.listing_keys(db, where or Filter(), order, limit, offset)

    def count(self, where: Filter | None = None) -> int:
        """How many articles `keys` would list."""
        with self._connections.reading() as db:
            return articles.count_articles(db, where or Filter())

    def by_keys(self, keys: Sequence[int]) -> list[StoredArticle]:
        """The articles of `keys` with these, in that order, without those removed meanwhile."""
        with self._connections.reading() as db:
            found = articles.articles_by_key(db, keys)
        return [StoredArticle(key, found[key]) for key in keys if key in found]

    def languages(self, keys: Iterable[int]) -> dict[int, str]:
        """The language that each article is written in (`zh`, `en`, ..., "" unknown), by key."""
        with self._connections.reading() as db:
            return articles.languages(db, keys)

    def sources(self) -> list[str]:
        """The newspapers that articles name as their source, sorted."""
        with self._connections.reading() as db:
            return articles.sources(db)

    # -- the whole collection ------------------------------------------------------------------

    def all_keys(self) -> list[int]:
        """The articles' keys, ascending. A key is never used again, and its text never changes."""
        with self._connections.reading() as db:
            return articles.keys(db)

    def day_counts(self) -> list[DayCount]:
        """How many articles span each (first, last) day; those without a year are left out."""
        with self._connections.reading() as db:
            return articles.day_counts(db)

    def source_counts(self) -> list[SourceCount]:
        """How many articles each source has, most first; "" are those that name none."""
        with self._connections.reading() as db:
            return articles.source_counts(db)

    def keys_dated(self, first: str | None, last: str | None) -> list[DatedKey]:
        """The articles whose dates lie within these days, in their order.

        Both None: those without a year, whose days are "".
        """
        with self._connections.reading() as db:
            return articles.keys_by_date(db, first, last)

    def keys_of_source(self, source: str) -> list[int]:
        with self._connections.reading() as db:
            return articles.keys_of_source(db, source)

    # -- passages ------------------------------------------------------------------------------

    def passages(self, ids: Iterable[int]) -> dict[int, StoredPassage]:
        """Those of the passages `ids` that are there, each with its article, ascending."""
        with self._connections.reading() as db:
            return passages.passages_by_id(db, ids)

    def passage_ids(self, where: Filter | None = None) -> NDArray[np.int64]:
        """Ascending ids of the passages of articles that a filter lets through."""
        with self._connections.reading() as db:
            return passages.passage_ids(db, where or Filter())

    def keys_of_passages(self, ids: Iterable[int]) -> set[int]:
        """The keys of the articles that these passages are of."""
        with self._connections.reading() as db:
            return passages.articles_of(db, ids)

    def passage_languages(self, ids: Iterable[int]) -> dict[int, str]:
        """The language that each passage's article is written in, as `languages` has it."""
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

    def passages_pending(self, limit: int) -> list[StoredPassage]:
        """The first `limit` passages that have no vector yet."""
        with self._connections.reading() as db:
            return list(passages.passages_pending(db, limit).values())

    def put_vectors(self, ids: Sequence[int], vectors: NDArray[np.float32]) -> None:
        """Store the vectors, shape (len(ids), d), but for passages that were removed meanwhile."""
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


def _put(db: sqlite3.Connection, article: Article, spans: Sequence[Span]) -> Outcome:
    """Add one article; it is looked up here, for one before it in the batch may be the same."""
    digest = article.digest()
    own_id = article.id not in (digest[:16], printing_id(article))
    known = articles.article_by_id(db, article.id)
    # the same content under the id that its hash gave is this article without its id
    if own_id:
        nameless = articles.article_by_id(db, digest[:16])
        if known is None and nameless and same_printing(nameless.article, article):
            known = nameless
    elif known is None or known.digest == digest:
        printings = articles.articles_by_digest(db, digest)
        known = next((row for row in printings if same_printing(row.article, article)), None)
        if printings and known is None:
            article = replace(article, id=printing_id(article))
    if known is None or known.digest != digest:
        if known is not None:
            _delete(db, known.key)
        key = articles.insert_article(db, article, digest)
        passages.insert_passages(db, key, spans)
        return _outcome(article, "added" if known is None else "replaced")
    new = merged(known.article, article, keep_id=not own_id)
    if new == known.article:
        return _outcome(new, "skipped", article.path)
    articles.update_metadata(db, known.key, new)
    return _outcome(new, "replaced", article.path)


def _outcome(
    article: Article, status: Literal["added", "replaced", "skipped"], path: str = ""
) -> Outcome:
    return Outcome(path or article.path, status, article.id, article.title)


def _delete(db: sqlite3.Connection, key: int) -> None:
    passages.note_removal(db, key, _advance(db, "texts"))
    articles.delete_article(db, key)
    _advance(db, "vectors")


def _meta(db: sqlite3.Connection, key: str) -> str:
    row = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return str(row[0]) if row else ""


def _advance(db: sqlite3.Connection, side: Side) -> int:
    """Begin the next generation of a side; its number."""
    db.execute("UPDATE meta SET value = value + 1 WHERE key = ?", (side,))
    generation = int(_meta(db, side))
    db.execute(
        "INSERT INTO generation_names VALUES (?, ?, ?)", (side, generation, uuid.uuid4().hex)
    )
    return generation


def _not_found(article_id: str) -> ArticleNotFoundError:
    return ArticleNotFoundError(
        f"No article has the id {article_id!r}. `qa-bot list` shows the ids there are."
    )
