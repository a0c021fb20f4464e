"""Articles put in: one writer at a time, in few statements however many they are."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa_bot.index.corrections import as_read, changes_of
from qa_bot.index.metadata import METADATA, day_span
from qa_bot.index.oceanbase.connections import Cursor, in_list, rows
from qa_bot.index.oceanbase.listing import hash_of, source_hash
from qa_bot.index.oceanbase.reading import FIELDS, article_rows, batches, fact
from qa_bot.index.oceanbase.terms import body_of
from qa_bot.index.putting import not_found
from qa_bot.index.records import ArticleRow, Span, Whole
from qa_bot.records import Article, Change
from qa_bot.text.languages import written_language

__all__ = ["Prepared", "Writing", "correct", "delete_article", "insert_vectors", "prepared"]

_FREE = "2000-01-01"  # a claim that ended long ago
_FILTERED = ("source_hash", "first_day", "last_day")
_ARTICLE = ("article", "id_hash", "digest", *FIELDS, "language", *_FILTERED)
_PASSAGE = ("passage", "article", "begins", "ends", *_FILTERED, "terms")
_CHANGE = ("article", "at", "field", "was", "becomes")
_VECTOR = ("passage", "article", *_FILTERED, "vector")

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article with what takes time to make of it, made before the tables are locked."""

    whole: Whole
    bodies: tuple[str, ...]
    language: str


def prepared(whole: Whole) -> Prepared:
    return Prepared(whole, _bodies(whole.article, whole.spans), written_language(whole.article))


def _bodies(article: Article, spans: Sequence[Span]) -> tuple[str, ...]:
    return tuple(body_of(article.title, article.text[begins:ends]) for begins, ends in spans)


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
        self._new: dict[int, tuple[Prepared, Article, str]] = {}
        self._by_id: dict[str, ArticleRow] = {}
        self._by_digest: dict[str, list[ArticleRow]] = {}
        wholes = [item.whole for item in batch]
        digests = [as_read(whole.article, whole.changes).digest() for whole in wholes]
        ids = {whole.article.id for whole in wholes} | {digest[:16] for digest in digests}
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

    def insert(self, whole: Whole, digest: str) -> None:
        assert self.current is not None
        key = whole.key if self._is_free(whole.key) else self.last_key + 1
        self.last_key = max(self.last_key, key)
        self._new[key] = (self.current, whole.article, digest)
        self._remember(ArticleRow(key, digest, whole.article, whole.changes))
        self.changed = True

    def _is_free(self, key: int) -> bool:
        taken = key in self._new or rows(
            self.cursor, "SELECT 1 FROM articles WHERE article = %s", (key,)
        )
        return key > 0 and not taken

    def update(self, key: int, article: Article) -> None:
        known = self._forget(key)
        self._remember(known._replace(article=article))
        self.changed = True
        if key in self._new:
            item, _, digest = self._new[key]
            self._new[key] = (item, article, digest)
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
        changes: list[Row] = []
        for key, (item, article, digest) in self._new.items():
            values = [getattr(article, field) for field in FIELDS]
            hashes = (hash_of(article.id), bytes.fromhex(digest))
            filtered = _filtered(article)
            same = article is item.whole.article  # else the batch had more of it
            language = item.language if same else written_language(article)
            articles.append((key, *hashes, *values, language, *filtered))
            texts.append((key, article.text))
            changes += _rows_of(key, item.whole.changes)
            for span, body in zip(item.whole.spans, item.bodies, strict=True):
                self.last_id += 1
                passages.append((self.last_id, key, *span, *filtered, body))
                if (vector := item.whole.vectors.get(span)) is None:
                    pending.append((self.last_id, "", _FREE))
                else:
                    vectors.append((self.last_id, key, *filtered, _sent(vector)))
        _insert(self.cursor, "articles", _ARTICLE, articles)
        _insert(self.cursor, "texts", ("article", "text"), texts)
        _insert(self.cursor, "passages", _PASSAGE, passages)
        _insert(self.cursor, "pending", ("passage", "worker", "claimed_until"), pending)
        _insert(self.cursor, "vectors", _VECTOR, vectors)
        _insert(self.cursor, "changes", _CHANGE, changes)
        self.state += 1
        position = f"{self.state} {self.last_key} {self.last_id}"
        self.cursor.execute("UPDATE facts SET value = %s WHERE name = 'position'", (position,))
        name = uuid.uuid4().hex
        self.cursor.execute("INSERT INTO states VALUES (%s, %s)", (self.state, name))

    def renew(self, key: int, article: Article) -> None:
        """Make the passages of an article anew, under new ids: what they are found by changed."""
        sql = "SELECT begins, ends FROM passages WHERE article = %s ORDER BY passage"
        spans = [(begins, ends) for begins, ends in rows(self.cursor, sql, (key,))]
        _delete_passages(self.cursor, key)
        filtered = _filtered(article)
        passages: list[Row] = []
        for span, body in zip(spans, _bodies(article, spans), strict=True):
            self.last_id += 1
            passages.append((self.last_id, key, *span, *filtered, body))
        _insert(self.cursor, "passages", _PASSAGE, passages)
        pending = [(row[0], "", _FREE) for row in passages]
        _insert(self.cursor, "pending", ("passage", "worker", "claimed_until"), pending)


def correct(
    cursor: Cursor, article_ids: Sequence[str], fields: Mapping[str, str], at: str
) -> list[Article]:
    """See `qa_bot.index.protocol`."""
    tables = Writing(cursor)
    wanted = list(dict.fromkeys(article_ids))
    known = {r.article.id: r for r in article_rows(cursor, "id_hash", map(hash_of, wanted))}
    corrected = []
    for article_id in wanted:
        if (row := known.get(article_id)) is None:
            raise not_found(article_id)
        corrected.append(article := replace(row.article, **fields))
        if article == row.article:
            continue
        tables.changed = True
        changes = changes_of(row.article, fields, at)
        _insert(cursor, "changes", _CHANGE, _rows_of(row.key, changes))
        _set(cursor, "articles", row.key, {"title": article.title, "byline": article.byline})
        _update_article(cursor, row.key, article)
        if article.title != row.article.title:
            tables.renew(row.key, article)
    tables.flush()
    return corrected


def _rows_of(key: int, changes: Sequence[Change]) -> list[Row]:
    return [(key, c.at, c.field, c.before, c.after) for c in changes]


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
    _delete_passages(cursor, key)
    for table in ("changes", "texts", "articles"):
        cursor.execute(f"DELETE FROM {table} WHERE article = %s", (key,))


def _delete_passages(cursor: Cursor, key: int) -> None:
    ids = [i for (i,) in rows(cursor, "SELECT passage FROM passages WHERE article = %s", (key,))]
    # first, for whoever puts in a vector of it holds these
    for batch in batches(ids):
        cursor.execute(f"DELETE FROM pending WHERE passage {in_list(batch)}", batch)
    tables = ("vectors", "passages") if fact(cursor, "dimension") else ("passages",)
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
