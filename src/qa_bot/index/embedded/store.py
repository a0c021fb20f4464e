"""The truth: one SQLite file with the articles, their passages and the passages' vectors.

FAISS and the full-text index are derived from it. To bring one up to date it is enough to know up
to which `generation` it was, for ids of passages are never used twice and a passage never changes.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sqlite3
import threading
import uuid
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from qa_bot.errors import (
    ArticleNotFoundError,
    IndexBusyError,
    IndexMismatchError,
    QABotError,
)
from qa_bot.index.filters import Filter
from qa_bot.index.listing import CATALOGUE_SQL, Order, catalogue_sql, conditions_of
from qa_bot.index.metadata import METADATA, day_span, merged
from qa_bot.records import Article, Outcome, Passage

__all__ = ["Store", "storable"]

log = logging.getLogger(__name__)

SCHEMA = 1
_SCHEMA_SQL = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE articles (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    digest TEXT NOT NULL,
    title TEXT NOT NULL, text TEXT NOT NULL, byline TEXT NOT NULL, published TEXT NOT NULL,
    source TEXT NOT NULL, url TEXT NOT NULL, lang TEXT NOT NULL, path TEXT NOT NULL,
    first_day TEXT, last_day TEXT  -- what `published` spans; NULL without a year
);
CREATE INDEX articles_digest ON articles (digest);
CREATE INDEX articles_days ON articles (first_day, last_day);
CREATE INDEX articles_source ON articles (source);
CREATE TABLE passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    article INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL,
    embedded INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX passages_article ON passages (article);
CREATE INDEX passages_pending ON passages (id) WHERE embedded = 0;
CREATE TABLE vectors (
    passage INTEGER PRIMARY KEY REFERENCES passages (id) ON DELETE CASCADE,
    vector BLOB NOT NULL  -- float32, little-endian
);
CREATE TABLE removed (passage INTEGER PRIMARY KEY, generation INTEGER NOT NULL);
"""
# Numbers of generations repeat when a backup is put back and goes on in another way; names do not.
_NAMES_SQL = """
CREATE TABLE IF NOT EXISTS generation_names (
    side TEXT NOT NULL, generation INTEGER NOT NULL, name TEXT NOT NULL,
    PRIMARY KEY (side, generation)
) WITHOUT ROWID
"""
_FIELDS = ("id", "title", "text", "byline", "published", "source", "url", "lang", "path")
Side = Literal["texts", "vectors"]


class Store:
    """Articles, passages and vectors in the SQLite file at `path`; safe to share by threads.

    Every change is one transaction: after a crash an article is there with all its passages, or
    not at all. Other processes may read and write the same file.

    :raises IndexMismatchError: if the file was written by a newer qa_bot, or is no index.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self.read_only = False
        try:
            try:
                self._connect(str(path))
                self._db.execute("PRAGMA journal_mode = WAL")
                self._db.execute("PRAGMA synchronous = NORMAL")
                self._db.execute("PRAGMA foreign_keys = ON")
                self._prepare()
            except sqlite3.OperationalError as error:
                if not self._open_read_only(error):
                    raise
            self._check_schema()
        except sqlite3.DatabaseError as error:
            self.close()
            if isinstance(error, sqlite3.OperationalError):
                raise QABotError(
                    f"{path} cannot be opened: {error}. Check that its folder can be written and "
                    "its disk is not full."
                ) from error
            raise IndexMismatchError(
                f"{path} is no index: {error}. Move it away to start a new one."
            ) from error
        self.uuid = self.meta("uuid")

    def _connect(self, name: str, *, uri: bool = False) -> None:
        self.close()
        self._connection = sqlite3.connect(
            name, check_same_thread=False, isolation_level=None, timeout=60, uri=uri
        )

    def _open_read_only(self, error: sqlite3.OperationalError) -> bool:
        """Open a whole file on storage that cannot be written; False if that is not the trouble."""
        wal = self.path.with_name(f"{self.path.name}-wal")
        cannot_write = not os.access(self.path.parent, os.W_OK) or not os.access(self.path, os.W_OK)
        # what stands in the journal would be passed over
        if not (cannot_write and self.path.is_file()) or (wal.exists() and wal.stat().st_size):
            return False
        log.info("%s is opened to be read only: %s", self.path, error)
        self._connect(f"{self.path.absolute().as_uri()}?immutable=1", uri=True)
        self.read_only = True
        return True

    def _prepare(self) -> None:
        with self._transaction():
            if not self._db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
                for statement in _SCHEMA_SQL.split(";\n"):
                    self._db.execute(statement)
                self._db.executemany(
                    "INSERT INTO meta VALUES (?, ?)",
                    [
                        ("schema", str(SCHEMA)),
                        ("uuid", uuid.uuid4().hex),
                        ("texts", "0"),
                        ("vectors", "0"),
                    ],
                )
            for statement in (_NAMES_SQL, CATALOGUE_SQL):
                self._db.execute(statement)

    def _check_schema(self) -> None:
        schema = self.meta("schema")
        if schema != str(SCHEMA):
            raise IndexMismatchError(
                f"{self.path} has format {schema or 'unknown'}, this qa_bot reads {SCHEMA}: use "
                "the version it was made with, or add the articles to a new index."
            )

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        if self.read_only:
            raise IndexBusyError(
                f"The index in {self.path.parent} is on storage that can only be read. Copy the "
                "folder to where it can be written, to add, change or remove anything."
            )
        with self._lock:
            try:
                self._db.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:  # the other writer kept it for a minute
                raise IndexBusyError(
                    f"{self.path} cannot be written now: {error}. Is another process adding to "
                    "it, or the folder read-only? Try again when it has finished."
                ) from error
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException as error:
                if self._db.in_transaction:  # SQLite may have rolled back by itself
                    self._db.execute("ROLLBACK")
                if isinstance(error, sqlite3.OperationalError):
                    raise QABotError(
                        f"{self.path} cannot be written: {error}. Nothing of this step was kept; "
                        "make room on the disk and try again."
                    ) from error
                raise

    def _all(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def _int(self, sql: str, *values: object) -> int:
        value = self._all(sql, *values)[0][0]
        return int(str(value or 0))

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    @property
    def _db(self) -> sqlite3.Connection:
        if self._connection is None:
            raise QABotError(f"The index in {self.path.parent} was closed: open it again.")
        return self._connection

    # -- what the whole is ---------------------------------------------------------------------

    def meta(self, key: str) -> str:
        """A fact about the index, "" if it is not set."""
        rows = self._all("SELECT value FROM meta WHERE key = ?", key)
        return str(rows[0][0]) if rows else ""

    def set_meta_once(self, key: str, value: str) -> str:
        """Set `key` if it has no value yet; returns the value it has now."""
        if not self.read_only:
            with self._transaction():
                self._db.execute("INSERT OR IGNORE INTO meta VALUES (?, ?)", (key, value))
        return self.meta(key)

    def replace_meta(self, key: str, value: str) -> None:
        with self._transaction():
            self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def drop_meta(self, key: str) -> None:
        with self._transaction():
            self._db.execute("DELETE FROM meta WHERE key = ?", (key,))

    def generation(self, side: Side) -> int:
        """A number that grows with every change of the passages (`texts`) or of the `vectors`."""
        return self._int("SELECT value FROM meta WHERE key = ?", side)

    def generation_name(self, side: Side, generation: int) -> str:
        """The name of a generation that this store has or had; "" if there was none."""
        rows = self._all(
            "SELECT name FROM generation_names WHERE side = ? AND generation = ?", side, generation
        )
        return str(rows[0][0]) if rows else ""

    def _advance(self, side: Side) -> int:
        self._db.execute("UPDATE meta SET value = value + 1 WHERE key = ?", (side,))
        generation = self.generation(side)
        self._db.execute(
            "INSERT INTO generation_names VALUES (?, ?, ?)", (side, generation, uuid.uuid4().hex)
        )
        return generation

    def counts(self) -> tuple[int, int, int]:
        """How many articles, passages, and passages whose vector is still missing."""
        return (
            self._int("SELECT count(*) FROM articles"),
            self._int("SELECT count(*) FROM passages"),
            self.pending(),
        )

    def last_passage(self) -> int:
        """The greatest id of a passage, 0 if there is none: at least as many as there are."""
        return self._int("SELECT max(id) FROM passages")

    def pending(self) -> int:
        return self._int("SELECT count(*) FROM passages WHERE embedded = 0")

    # -- articles ------------------------------------------------------------------------------

    def put(self, articles: Sequence[tuple[Article, list[tuple[int, int]]]]) -> list[Outcome]:
        """Add articles with the [start, end) of their passages, in one transaction.

        Content that is there already is skipped, and so found under one id; other content under a
        known id replaces it, and so do better metadata.
        """
        with self._transaction():
            before = self._db.total_changes
            outcomes = [self._put(article, spans) for article, spans in articles]
            if self._db.total_changes != before:
                self._advance("texts")
        return outcomes

    def _put(self, article: Article, spans: list[tuple[int, int]]) -> Outcome:
        digest = article.digest()
        own_id = article.id != digest[:16]
        known = self._row("id = ?", article.id)
        if known is None:
            # the same content under the id that its hash gave is this article without its id
            twin = self._row("id = ?", digest[:16]) if own_id else self._row("digest = ?", digest)
            if twin is None:
                self._insert(article, digest, spans)
                return self._outcome(article, "added")
            known = twin
        key, old, old_digest = known
        if old_digest != digest:
            self._delete(key)
            self._insert(article, digest, spans)
            return self._outcome(article, "replaced")
        new = merged(old, article, keep_id=not own_id)
        if new == old:
            return self._outcome(old, "skipped", article.path)
        first, last = day_span(new.published)
        self._db.execute(
            "UPDATE articles SET id = ?, published = ?, source = ?, url = ?, lang = ?, path = ?,"
            " first_day = ?, last_day = ? WHERE key = ?",
            (new.id, *(getattr(new, f) for f in METADATA), first, last, key),
        )
        return self._outcome(new, "replaced", article.path)

    @staticmethod
    def _outcome(
        article: Article, status: Literal["added", "replaced", "skipped"], path: str = ""
    ) -> Outcome:
        return Outcome(path or article.path, status, article.id, article.title)

    def _row(self, condition: str, value: str) -> tuple[int, Article, str] | None:
        columns = ", ".join(_FIELDS)
        row = self._db.execute(
            f"SELECT key, digest, {columns} FROM articles WHERE {condition}", (storable(value),)
        ).fetchone()
        return row and (row[0], Article(**dict(zip(_FIELDS, row[2:], strict=True))), row[1])

    def _insert(self, article: Article, digest: str, spans: list[tuple[int, int]]) -> None:
        values = [getattr(article, f) for f in _FIELDS]
        cursor = self._db.execute(
            f"INSERT INTO articles (digest, first_day, last_day, {', '.join(_FIELDS)})"
            f" VALUES (?, ?, ?{', ?' * len(_FIELDS)})",
            (digest, *day_span(article.published), *values),
        )
        self._db.executemany(
            'INSERT INTO passages (article, start, "end") VALUES (?, ?, ?)',
            [(cursor.lastrowid, start, end) for start, end in spans],
        )

    def _delete(self, key: int) -> None:
        generation = self._advance("texts")
        self._db.execute(
            "INSERT INTO removed SELECT id, ? FROM passages WHERE article = ?", (generation, key)
        )
        self._db.execute("DELETE FROM articles WHERE key = ?", (key,))
        self._advance("vectors")

    def remove(self, article_id: str) -> Article:
        """Remove an article with its passages and vectors; returns it.

        :raises ArticleNotFoundError: if there is none of this id.
        """
        with self._transaction():
            row = self._row("id = ?", article_id)
            if row is None:
                raise _not_found(article_id)
            self._delete(row[0])
        return row[1]

    def article(self, article_id: str) -> Article:
        """The article of this id.

        :raises ArticleNotFoundError: if there is none.
        """
        with self._lock:
            row = self._row("id = ?", article_id)
        if row is None:
            raise _not_found(article_id)
        return row[1]

    def keys(
        self,
        where: Filter | None = None,
        order: Order = "-added",
        *,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[int]:
        """The keys of a list of articles: what `by_keys` and no one else understands."""
        sql, values = catalogue_sql(where or Filter(), order, offset=offset)
        most = -1 if limit is None else min(limit, 2**62)
        rows = self._all(
            f"SELECT key {sql} LIMIT ? OFFSET ?",
            *_storable(values),
            most,
            min(max(offset, 0), 2**62),
        )
        return [int(str(row[0])) for row in rows]

    def count(self, where: Filter | None = None) -> int:
        """How many articles `keys` would list."""
        sql, values = catalogue_sql(where or Filter(), None)
        return self._int(f"SELECT count(*) {sql}", *_storable(values))

    def by_keys(self, keys: Sequence[int]) -> list[tuple[int, Article]]:
        """The articles of `keys` with these, in that order, without those removed meanwhile."""
        found: dict[int, Article] = {}
        for at in range(0, len(keys), 500):
            part = keys[at : at + 500]
            marks = ", ".join("?" * len(part))
            for key, *row in self._all(
                f"SELECT key, {', '.join(_FIELDS)} FROM articles WHERE key IN ({marks})", *part
            ):
                found[int(str(key))] = Article(**dict(zip(_FIELDS, map(str, row), strict=True)))
        return [(key, found[key]) for key in keys if key in found]

    def sources(self) -> list[str]:
        """The newspapers that articles name as their source, sorted."""
        rows = self._all("SELECT DISTINCT source FROM articles WHERE source != '' ORDER BY source")
        return [str(row[0]) for row in rows]

    # -- the whole collection ------------------------------------------------------------------
    # Answered from indexes alone: the rows of the articles, with their texts, are not walked.

    def all_keys(self) -> list[int]:
        """The articles' keys, ascending. A key is never used again, and its text never changes."""
        rows = self._all("SELECT key FROM articles INDEXED BY articles_digest")
        return sorted(int(str(row[0])) for row in rows)

    def day_counts(self) -> list[tuple[str, str, int]]:
        """How many articles span each (first, last) day; those without a year are left out."""
        rows = self._all(
            "SELECT first_day, last_day, count(*) FROM articles INDEXED BY articles_days"
            " WHERE first_day IS NOT NULL GROUP BY first_day, last_day"
        )
        return [(str(first), str(last), int(str(count))) for first, last, count in rows]

    def source_counts(self) -> list[tuple[str, int]]:
        """How many articles each source has, most first; "" are those that name none."""
        rows = self._all("SELECT source, count(*) FROM articles GROUP BY source")
        return sorted(
            ((str(source), int(str(count))) for source, count in rows),
            key=lambda row: (-row[1], row[0]),
        )

    def keys_dated(self, first: str | None, last: str | None) -> list[tuple[int, str, str]]:
        """(key, first day, last day) of the articles whose dates lie within these, in their order.

        Both None: of those without a year, whose days are "".
        """
        if first is None or last is None:
            rows = self._all("SELECT key, '', '' FROM articles WHERE first_day IS NULL")
        else:
            rows = self._all(
                "SELECT key, first_day, last_day FROM articles INDEXED BY articles_days"
                " WHERE first_day BETWEEN ? AND ? AND last_day <= ? ORDER BY first_day, key",
                first,
                last,
                last,
            )
        return [(int(str(key)), str(a), str(b)) for key, a, b in rows]

    def keys_of_source(self, source: str) -> list[int]:
        rows = self._all("SELECT key FROM articles WHERE source = ? ORDER BY key", storable(source))
        return [int(str(row[0])) for row in rows]

    # -- passages ------------------------------------------------------------------------------

    def passages(self, ids: Iterable[int]) -> dict[int, tuple[Passage, Article]]:
        """Those of the passages `ids` that are there, each with its article."""
        found = {}
        wanted = [int(i) for i in ids]  # SQLite takes a NumPy integer for a blob
        articles: dict[int, Article] = {}
        for at in range(0, len(wanted), 500):
            part = wanted[at : at + 500]
            marks = ", ".join("?" * len(part))
            rows = self._all(
                f'SELECT id, article, start, "end" FROM passages WHERE id IN ({marks})', *part
            )
            for passage_id, key, start, end in rows:
                key, start, end = int(str(key)), int(str(start)), int(str(end))
                if key not in articles:
                    row = self._article_by_key(key)
                    if row is None:  # removed between the two look-ups
                        continue
                    articles[key] = row
                article = articles[key]
                passage = Passage(
                    int(str(passage_id)), article.id, start, end, article.text[start:end]
                )
                found[passage.id] = (passage, article)
        return found

    def _article_by_key(self, key: int) -> Article | None:
        with self._lock:
            row = self._row("key = ?", str(key))
        return row and row[1]

    def passage_ids(self, where: Filter | None = None) -> NDArray[np.int64]:
        """Ascending ids of the passages of articles that a filter lets through."""
        conditions, values = conditions_of(where or Filter())
        rows = self._all(
            "SELECT p.id FROM articles JOIN passages p ON p.article = articles.key"
            f" WHERE {' AND '.join(['1', *conditions])} ORDER BY p.id",
            *_storable(values),
        )
        return np.array([row[0] for row in rows], np.int64)

    def keys_of_passages(self, ids: NDArray[np.int64]) -> set[int]:
        """The keys of the articles that these passages are of."""
        wanted = json.dumps(ids.tolist())
        rows = self._all(
            "SELECT DISTINCT article FROM passages WHERE id IN (SELECT value FROM json_each(?))",
            wanted,
        )
        return {int(str(row[0])) for row in rows}

    def passages_after(self, passage_id: int, limit: int) -> list[tuple[Passage, Article]]:
        """The next `limit` passages whose id is greater, ascending."""
        rows = self._all(
            "SELECT id FROM passages WHERE id > ? ORDER BY id LIMIT ?", passage_id, limit
        )
        found = self.passages(int(str(row[0])) for row in rows)
        return [found[i] for i in sorted(found)]

    def removed_since(self, generation: int) -> list[int]:
        """Ids of the passages that were removed after this generation of the texts."""
        rows = self._all("SELECT passage FROM removed WHERE generation > ?", generation)
        return [int(str(row[0])) for row in rows]

    # -- vectors -------------------------------------------------------------------------------

    def passages_pending(self, limit: int) -> list[tuple[Passage, Article]]:
        """The first `limit` passages that have no vector yet."""
        rows = self._all("SELECT id FROM passages WHERE embedded = 0 ORDER BY id LIMIT ?", limit)
        found = self.passages(int(str(row[0])) for row in rows)
        return [found[i] for i in sorted(found)]

    def put_vectors(self, ids: Sequence[int], vectors: NDArray[np.float32]) -> None:
        """Store the vectors, shape (len(ids), d), but for passages that were removed meanwhile."""
        rows = [(i, v.astype("<f4").tobytes()) for i, v in zip(ids, vectors, strict=True)]
        with self._transaction():
            for passage_id, blob in rows:
                done = self._db.execute(
                    "UPDATE passages SET embedded = 1 WHERE id = ?", (passage_id,)
                )
                if done.rowcount:
                    self._db.execute(
                        "INSERT OR REPLACE INTO vectors VALUES (?, ?)", (passage_id, blob)
                    )
            self._advance("vectors")

    def vector_ids(self) -> NDArray[np.int64]:
        """Ascending ids of the passages that have a vector."""
        rows = self._all("SELECT id FROM passages WHERE embedded = 1 ORDER BY id")
        return np.array([row[0] for row in rows], np.int64)

    def vectors(self, ids: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The vectors of `ids`, float32 of shape (n, d), with the ids that are there (n,)."""
        kept: list[int] = []
        blobs: list[bytes] = []
        for at in range(0, len(ids), 500):
            part = [int(i) for i in ids[at : at + 500]]
            marks = ", ".join("?" * len(part))
            with self._lock:
                for passage_id, blob in self._db.execute(
                    f"SELECT passage, vector FROM vectors WHERE passage IN ({marks})", part
                ):
                    kept.append(passage_id)
                    blobs.append(blob)
        flat = np.frombuffer(b"".join(blobs), "<f4").astype(np.float32)
        return np.array(kept, np.int64), flat.reshape(len(kept), -1) if kept else flat


def storable(text: str) -> str:
    """`text` with lone surrogates, which UTF-8 cannot hold, turned into question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _storable(values: Iterable[object]) -> list[object]:
    return [storable(value) if isinstance(value, str) else value for value in values]


def _not_found(article_id: str) -> ArticleNotFoundError:
    return ArticleNotFoundError(
        f"No article has the id {article_id!r}. `qa-bot list` shows the ids there are."
    )
