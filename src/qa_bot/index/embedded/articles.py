"""The table of articles: what is read of it, and how one more is put in."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

from qa_bot.index.embedded.changes import changes_by_key
from qa_bot.index.embedded.listing import listing_sql
from qa_bot.index.embedded.sql import IN_LIST, as_list
from qa_bot.index.filters import Filter
from qa_bot.index.metadata import METADATA, day_span
from qa_bot.index.records import ArticleRow, DatedKey, DayCount, SourceCount
from qa_bot.records import Article, Order
from qa_bot.text.languages import written_language
from qa_bot.text.utf8 import storable

__all__ = [
    "article_by_id",
    "articles_by_digest",
    "articles_by_key",
    "count_articles",
    "day_counts",
    "delete_article",
    "insert_article",
    "keys",
    "keys_by_date",
    "keys_of_source",
    "languages",
    "listing_keys",
    "source_counts",
    "sources",
    "update_metadata",
]

_FIELDS = ("id", "title", "text", "byline", "published", "source", "url", "lang", "path")
_COLUMNS = ", ".join(_FIELDS)
_MOST = 2**62  # what SQLite takes for a number


def article_by_id(db: sqlite3.Connection, article_id: str) -> ArticleRow | None:
    return next(iter(_rows(db, "id", storable(article_id))), None)


def articles_by_digest(db: sqlite3.Connection, digest: str) -> list[ArticleRow]:
    """The articles with this content: one, or its printings, in the order they came in."""
    return _rows(db, "digest", digest)


def _rows(db: sqlite3.Connection, column: str, value: str) -> list[ArticleRow]:
    rows = db.execute(
        f"SELECT key, digest, {_COLUMNS} FROM articles WHERE {column} = ? ORDER BY key", (value,)
    )
    found = [ArticleRow(row[0], row[1], _article(row[2:])) for row in rows]
    changes = changes_by_key(db, (row.key for row in found)) if found else {}
    return [row._replace(changes=changes.get(row.key, ())) for row in found]


def _article(values: Iterable[Any]) -> Article:
    return Article(**dict(zip(_FIELDS, values, strict=True)))


def articles_by_key(db: sqlite3.Connection, wanted: Iterable[int]) -> dict[int, Article]:
    """The articles of these keys that are there, ascending."""
    rows = db.execute(
        f"SELECT key, {_COLUMNS} FROM articles WHERE key {IN_LIST} ORDER BY key", (as_list(wanted),)
    )
    return {row[0]: _article(row[1:]) for row in rows}


def insert_article(db: sqlite3.Connection, article: Article, digest: str, key: int = 0) -> int:
    """Put an article in that is not there yet, under this key where it is free; its key."""
    if key and db.execute("SELECT 1 FROM articles WHERE key = ?", (key,)).fetchone():
        key = 0
    columns = ("key", "digest", "first_day", "last_day", "language", *_FIELDS)
    values = [getattr(article, field) for field in _FIELDS]
    cursor = db.execute(
        f"INSERT INTO articles ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",
        (key or None, digest, *day_span(article.published), written_language(article), *values),
    )
    return int(cursor.lastrowid or 0)


def update_metadata(db: sqlite3.Connection, key: int, article: Article) -> None:
    """Give the article of this key the id and the metadata of `article`, and keep its content."""
    columns = ("id", *METADATA, "first_day", "last_day", "language")
    values = [getattr(article, field) for field in ("id", *METADATA)]
    db.execute(
        f"UPDATE articles SET {', '.join(f'{column} = ?' for column in columns)} WHERE key = ?",
        (*values, *day_span(article.published), written_language(article), key),
    )


def delete_article(db: sqlite3.Connection, key: int) -> None:
    """Delete an article; its passages and vectors go with it."""
    db.execute("DELETE FROM articles WHERE key = ?", (key,))


# -- lists -------------------------------------------------------------------------------------


def listing_keys(
    db: sqlite3.Connection, where: Filter, order: Order, limit: int | None, offset: int
) -> list[int]:
    sql, values = listing_sql(where, order, offset=offset)
    most = -1 if limit is None else min(limit, _MOST)
    rows = db.execute(
        f"SELECT key {sql} LIMIT ? OFFSET ?", (*values, most, min(max(offset, 0), _MOST))
    )
    return [key for (key,) in rows]


def count_articles(db: sqlite3.Connection, where: Filter) -> int:
    sql, values = listing_sql(where, None)
    return int(db.execute(f"SELECT count(*) {sql}", values).fetchone()[0])


def languages(db: sqlite3.Connection, wanted: Iterable[int]) -> dict[int, str]:
    """The language that each of these articles is written in, by key."""
    rows = db.execute(f"SELECT key, language FROM articles WHERE key {IN_LIST}", (as_list(wanted),))
    return dict(rows.fetchall())


# -- the whole collection ----------------------------------------------------------------------
# Answered from indexes alone: the rows of the articles, with their texts, are not walked.


def keys(db: sqlite3.Connection) -> list[int]:
    """The articles' keys, ascending."""
    return sorted(
        key for (key,) in db.execute("SELECT key FROM articles INDEXED BY articles_digest")
    )


def sources(db: sqlite3.Connection) -> list[str]:
    """The newspapers that articles name, sorted."""
    rows = db.execute("SELECT DISTINCT source FROM articles WHERE source != '' ORDER BY source")
    return [source for (source,) in rows]


def source_counts(db: sqlite3.Connection) -> list[SourceCount]:
    """Most first, "" among them."""
    rows = db.execute("SELECT source, count(*) FROM articles GROUP BY source")
    return sorted(map(SourceCount._make, rows), key=lambda row: (-row.articles, row.source))


def day_counts(db: sqlite3.Connection) -> list[DayCount]:
    """Without the articles that have no year."""
    rows = db.execute(
        "SELECT first_day, last_day, count(*) FROM articles INDEXED BY articles_days"
        " WHERE first_day IS NOT NULL GROUP BY first_day, last_day"
    )
    return list(map(DayCount._make, rows))


def keys_by_date(db: sqlite3.Connection, first: str | None, last: str | None) -> list[DatedKey]:
    """The articles whose dates lie within these days, in their order; of None, those undated."""
    if first is None or last is None:
        rows = db.execute("SELECT key, '', '' FROM articles WHERE first_day IS NULL")
    else:
        rows = db.execute(
            "SELECT key, first_day, last_day FROM articles INDEXED BY articles_days"
            " WHERE first_day BETWEEN ? AND ? AND last_day <= ? ORDER BY first_day, key",
            (first, last, last),
        )
    return list(map(DatedKey._make, rows))


def keys_of_source(db: sqlite3.Connection, source: str) -> list[int]:
    rows = db.execute("SELECT key FROM articles WHERE source = ? ORDER BY key", (storable(source),))
    return [key for (key,) in rows]
