"""Articles put in: one writer at a time, in few statements however many they are."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa_bot.index.metadata import METADATA, day_span
from qa_bot.index.oceanbase.connections import Cursor, in_list, rows
from qa_bot.index.oceanbase.listing import hash_of, source_hash
from qa_bot.index.oceanbase.reading import FIELDS, article_rows, batches, fact
from qa_bot.index.oceanbase.terms import body_of
from qa_bot.index.records import ArticleRow, Span, Whole
from qa_bot.records import Article
from qa_bot.text.languages import written_language

__all__ = ["Prepared", "Writing", "delete_article", "insert_vectors", "prepared"]

_FREE = "2000-01-01"  # a claim that ended long ago
_FILTERED = ("source_hash", "first_day", "last_day")
_ARTICLE = ("article", "id_hash", "digest", *FIELDS, "language", *_FILTERED)
_PASSAGE = ("passage", "article", "begins", "ends", *_FILTERED, "terms")
_VECTOR = ("passage", "article", *_FILTERED, "vector")

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article with what takes time to make of it, made before the tables are locked."""

    article: Article
    spans: tuple[Span, ...]
    vectors: Mapping[Span, NDArray[np.float32]]
    bodies: tuple[str, ...]
    language: str


def prepared(whole: Whole) -> Prepared:
    article, spans, vectors = whole
    bodies = tuple(body_of(article.title, article.text[begins:ends]) for begins, ends in spans)
    return Prepared(article, spans, vectors, bodies, written_language(article))


class Writing:
    """One transaction that puts articles in, and knows what it has put in so far.

    Nobody else writes articles meanwhile. See `qa_bot.index.putting.Tables`; `flush` sends it all.
    """

    def __init__(self, cursor: Cursor, batch: Sequence[Prepared] = ()) -> None:
        self.cursor = cursor
        position = rows(cursor, "SELECT value FROM facts WHERE name = 'position' FOR UPDATE")
        self.state, self.last_key, self.last_id = map(int, str(position[0][0]).split())
        self.changed = False
        self.current: Prepared | None = None  # what `insert` is of
        self._new: dict[int, tuple[Prepared, Article]] = {}
        self._by_id: dict[str, ArticleRow] = {}
        self._by_digest: dict[str, list[ArticleRow]] = {}
        digests = [item.article.digest() for item in batch]
        ids = {item.article.id for item in batch} | {digest[:16] for digest in digests}
        found = article_rows(cursor, "id_hash", map(hash_of, sorted(ids)))
        found += article_rows(cursor, "digest", map(bytes.fromhex, sorted(set(digests))))
        for row in sorted(found, key=lambda row: row.key):
            self._remember(row)

    def _remember(self, row: ArticleRow) -> None:
        if self._by_id.get(row.article.id) != row:
            self._by_id[row.article.id] = row
            self._by_digest.setdefault(row.digest, []).append(row)

    def _forget(self, key: int) -> ArticleRow:
        row = next(row for row in self._by_id.values() if row.key == key)
        del self._by_id[row.article.id]
        self._by_digest[row.digest].remove(row)
        return row

    def by_id(self, article_id: str) -> ArticleRow | None:
        return self._by_id.get(article_id)

    def by_digest(self, digest: str) -> list[ArticleRow]:
        return sorted(self._by_digest.get(digest, []), key=lambda row: row.key)

    def insert(self, article: Article, digest: str, spans: Sequence[Span]) -> None:
        assert self.current is not None
        assert self.current.spans == tuple(spans)
        self.last_key += 1
        self._new[self.last_key] = (self.current, article)
        self._remember(ArticleRow(self.last_key, digest, article))
        self.changed = True

    def update(self, key: int, article: Article) -> None:
        known = self._forget(key)
        self._remember(ArticleRow(key, known.digest, article))
        self.changed = True
        if key in self._new:
            self._new[key] = (self._new[key][0], article)
            return
        _update_article(self.cursor, key, article)

    def delete(self, key: int) -> None:
        self._forget(key)
        self.changed = True
        if self._new.pop(key, None) is None:
            delete_article(self.cursor, key)

    def flush(self) -> None:
        """Send what is new, and begin another state if anything changed."""
        if not self.changed:
            return
        articles: list[Row] = []
        texts: list[Row] = []
        passages: list[Row] = []
        pending: list[Row] = []
        vectors: list[Row] = []
        for key, (item, article) in self._new.items():
            values = [getattr(article, field) for field in FIELDS]
            hashes = (hash_of(article.id), bytes.fromhex(article.digest()))
            filtered = _filtered(article)
            same = article is item.article  # else the batch had more of it
            language = item.language if same else written_language(article)
            articles.append((key, *hashes, *values, language, *filtered))
            texts.append((key, article.text))
            for span, body in zip(item.spans, item.bodies, strict=True):
                self.last_id += 1
                passages.append((self.last_id, key, *span, *filtered, body))
                if (vector := item.vectors.get(span)) is None:
                    pending.append((self.last_id, "", _FREE))
                else:
                    vectors.append((self.last_id, key, *filtered, _sent(vector)))
        _insert(self.cursor, "articles", _ARTICLE, articles)
        _insert(self.cursor, "texts", ("article", "text"), texts)
        _insert(self.cursor, "passages", _PASSAGE, passages)
        _insert(self.cursor, "pending", ("passage", "worker", "claimed_until"), pending)
        _insert(self.cursor, "vectors", _VECTOR, vectors)
        self.state += 1
        position = f"{self.state} {self.last_key} {self.last_id}"
        self.cursor.execute("UPDATE facts SET value = %s WHERE name = 'position'", (position,))
        name = uuid.uuid4().hex
        self.cursor.execute("INSERT INTO states VALUES (%s, %s)", (self.state, name))


def _filtered(article: Article) -> Row:
    return (source_hash(article.source), *day_span(article.published))


def _insert(cursor: Cursor, table: str, columns: Sequence[str], values: Sequence[Row]) -> None:
    if values:
        marks = ", ".join(["%s"] * len(columns))
        sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"
        cursor.executemany(sql, values)


def _sent(vector: NDArray[np.float32]) -> bytes:
    return vector.astype("<f4").tobytes()


def _update_article(cursor: Cursor, key: int, article: Article) -> None:
    changes = {field: getattr(article, field) for field in METADATA}
    changes |= {"id": article.id, "id_hash": hash_of(article.id)}
    changes |= {"language": written_language(article)}
    filtered = dict(zip(_FILTERED, _filtered(article), strict=True))
    _set(cursor, "articles", key, changes | filtered)
    # whoever puts in a vector of it holds these: its vectors are then there, or not yet made
    ids = [i for (i,) in rows(cursor, "SELECT passage FROM passages WHERE article = %s", (key,))]
    rows(cursor, f"SELECT passage FROM pending WHERE passage {in_list(ids)} FOR UPDATE", ids)
    _set(cursor, "passages", key, filtered)
    if fact(cursor, "dimension"):
        _set(cursor, "vectors", key, filtered)


def _set(cursor: Cursor, table: str, key: int, changes: Mapping[str, Any]) -> None:
    sets = ", ".join(f"{column} = %s" for column in changes)
    cursor.execute(f"UPDATE {table} SET {sets} WHERE article = %s", (*changes.values(), key))


def delete_article(cursor: Cursor, key: int) -> None:
    """Delete an article with all that belongs to it."""
    ids = [i for (i,) in rows(cursor, "SELECT passage FROM passages WHERE article = %s", (key,))]
    # first, for whoever puts in a vector of it holds these
    for batch in batches(ids):
        cursor.execute(f"DELETE FROM pending WHERE passage {in_list(batch)}", batch)
    tables = ["passages", "texts", "articles"]
    if fact(cursor, "dimension"):
        tables.insert(0, "vectors")
    for table in tables:
        cursor.execute(f"DELETE FROM {table} WHERE article = %s", (key,))


def insert_vectors(cursor: Cursor, vectors: Mapping[int, NDArray[np.float32]]) -> None:
    """Put in the vectors, float32 (d,), of those of these passages that wait for one."""
    for ids in batches(sorted(vectors)):
        sql = f"SELECT passage FROM pending WHERE passage {in_list(ids)} FOR UPDATE"
        waiting = [i for (i,) in rows(cursor, sql, ids)]
        if not waiting:
            continue
        columns = ", ".join(_VECTOR[:-1])
        sql = f"SELECT {columns} FROM passages WHERE passage {in_list(waiting)}"
        values = [(*row, _sent(vectors[row[0]])) for row in rows(cursor, sql, waiting)]
        _insert(cursor, "vectors", _VECTOR, values)
        cursor.execute(f"DELETE FROM pending WHERE passage {in_list(waiting)}", waiting)
