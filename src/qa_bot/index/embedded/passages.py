"""The table of passages: stretches of the articles' texts, and which were removed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from qa_bot.index.embedded.articles import articles_by_key
from qa_bot.index.embedded.listing import conditions_of
from qa_bot.index.embedded.sql import IN_LIST, as_list
from qa_bot.index.filters import Filter
from qa_bot.index.records import Span, StoredPassage
from qa_bot.records import Passage

__all__ = [
    "articles_of",
    "insert_passages",
    "last_passage",
    "note_removal",
    "passage_ids",
    "passage_languages",
    "passages_after",
    "passages_by_id",
    "passages_pending",
    "pending",
    "removed_since",
    "renew_passages",
]

_SELECT = 'SELECT id, article, start, "end" FROM passages'


def passages_by_id(db: sqlite3.Connection, ids: Iterable[int]) -> dict[int, StoredPassage]:
    """Those of the passages `ids` that are there, ascending."""
    return _stored(db, f"{_SELECT} WHERE id {IN_LIST} ORDER BY id", as_list(ids))


def articles_of(db: sqlite3.Connection, ids: Iterable[int]) -> set[int]:
    """The keys of the articles that these passages are of."""
    sql = f"SELECT DISTINCT article FROM passages WHERE id {IN_LIST}"
    return {key for (key,) in db.execute(sql, (as_list(ids),))}


def passages_after(db: sqlite3.Connection, passage_id: int, limit: int) -> dict[int, StoredPassage]:
    """The next `limit` passages whose id is greater, ascending."""
    return _stored(db, f"{_SELECT} WHERE id > ? ORDER BY id LIMIT ?", passage_id, limit)


def passages_pending(db: sqlite3.Connection, limit: int) -> dict[int, StoredPassage]:
    """The first `limit` passages that have no vector yet."""
    return _stored(db, f"{_SELECT} WHERE embedded = 0 ORDER BY id LIMIT ?", limit)


def _stored(db: sqlite3.Connection, sql: str, *values: int | str) -> dict[int, StoredPassage]:
    """The passages that `sql` selects, each with its article; every article is read once."""
    rows = db.execute(sql, values).fetchall()
    articles = articles_by_key(db, {key for _, key, _, _ in rows})
    found = {}
    for passage_id, key, start, end in rows:
        article = articles[key]
        passage = Passage(passage_id, article.id, start, end, article.text[start:end])
        found[passage_id] = StoredPassage(passage, article)
    return found


def passage_ids(db: sqlite3.Connection, where: Filter) -> NDArray[np.int64]:
    """Ascending ids of the passages of articles that a filter lets through, shape (n,)."""
    conditions, values = conditions_of(where)
    rows = db.execute(
        "SELECT p.id FROM articles JOIN passages p ON p.article = articles.key"
        f" WHERE {' AND '.join(['1', *conditions])} ORDER BY p.id",
        values,
    )
    return np.array([passage_id for (passage_id,) in rows], np.int64)


def passage_languages(db: sqlite3.Connection, ids: Iterable[int]) -> dict[int, str]:
    """The language that the article of each of these passages is written in, by passage."""
    rows = db.execute(
        "SELECT p.id, a.language FROM passages p JOIN articles a ON a.key = p.article"
        f" WHERE p.id {IN_LIST}",
        (as_list(ids),),
    )
    return dict(rows.fetchall())


def insert_passages(db: sqlite3.Connection, article: int, spans: Sequence[Span]) -> None:
    db.executemany(
        'INSERT INTO passages (article, start, "end") VALUES (?, ?, ?)',
        [(article, start, end) for start, end in spans],
    )


def renew_passages(db: sqlite3.Connection, article: int, generation: int) -> None:
    """Make the passages of this article anew, under new ids: what they are found by has changed."""
    sql = 'SELECT start, "end" FROM passages WHERE article = ? ORDER BY id'
    spans = db.execute(sql, (article,)).fetchall()
    note_removal(db, article, generation)
    db.execute("DELETE FROM passages WHERE article = ?", (article,))
    insert_passages(db, article, spans)


def note_removal(db: sqlite3.Connection, article: int, generation: int) -> None:
    """Note that the passages of this article are removed with this generation of the texts."""
    db.execute(
        "INSERT INTO removed SELECT id, ? FROM passages WHERE article = ?", (generation, article)
    )


def removed_since(db: sqlite3.Connection, generation: int) -> list[int]:
    """Ids of the passages that were removed after this generation of the texts."""
    rows = db.execute("SELECT passage FROM removed WHERE generation > ?", (generation,))
    return [passage_id for (passage_id,) in rows]


def last_passage(db: sqlite3.Connection) -> int:
    return int(db.execute("SELECT max(id) FROM passages").fetchone()[0] or 0)


def pending(db: sqlite3.Connection) -> int:
    return int(db.execute("SELECT count(*) FROM passages WHERE embedded = 0").fetchone()[0])
