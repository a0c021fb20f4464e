"""What is read of the tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from qa_bot.index.filters import Filter
from qa_bot.index.oceanbase.connections import Cursor, in_list, rows
from qa_bot.index.oceanbase.listing import conditions_of, order_of, source_hash
from qa_bot.index.oceanbase.terms import sent
from qa_bot.index.records import (
    ArticleRow,
    Counts,
    DatedKey,
    DayCount,
    Engine,
    Scored,
    SourceCount,
    Span,
    StoredPassage,
    Whole,
)
from qa_bot.records import Article, Change, Order, Passage

__all__ = [
    "FIELDS",
    "article_rows",
    "articles_by_key",
    "batches",
    "changes_by_key",
    "count_articles",
    "counts",
    "day_counts",
    "each_of",
    "engine",
    "fact",
    "holders",
    "keys_by_date",
    "keys_of_source",
    "listing_keys",
    "passages_by_id",
    "ranked",
    "source_counts",
    "wholes",
]

FIELDS = ("id", "title", "byline", "published", "source", "url", "lang", "path")
_AT_ONCE = 1000  # values in one statement
_COUNTED = 50  # terms
_MOST = 2**62
T = TypeVar("T")


def batches(values: Iterable[T]) -> Iterator[list[T]]:
    """The values, as many at a time as one statement takes."""
    left = iter(values)
    while batch := list(islice(left, _AT_ONCE)):
        yield batch


def each_of(cursor: Cursor, sql: str, values: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    """The rows that `sql` gives, in which {} is the condition of being one of the values."""
    for batch in batches(values):
        yield from rows(cursor, sql.format(in_list(batch)), batch)


def fact(cursor: Cursor, name: str) -> str:
    found = rows(cursor, "SELECT value FROM facts WHERE name = %s", (name,))
    return str(found[0][0]) if found else ""


def engine(cursor: Cursor) -> Engine:
    ((version, size),) = rows(
        cursor,
        "SELECT VERSION(), (SELECT SUM(data_length + index_length)"
        " FROM information_schema.tables WHERE table_schema = DATABASE())",
    )
    name = "OceanBase" if "OceanBase" in version else "MySQL protocol"
    told = str(version).rpartition("OceanBase ")[2]
    if (partitions := fact(cursor, "partitions") or "1") != "1":
        told += f", {partitions} partitions"
    return Engine(name, told, int(size or 0))


def counts(cursor: Cursor) -> Counts:
    ((articles, passages, pending),) = rows(
        cursor,
        "SELECT (SELECT COUNT(*) FROM articles), (SELECT COUNT(*) FROM passages),"
        " (SELECT COUNT(*) FROM pending)",
    )
    return Counts(articles, passages, pending)


def article_rows(cursor: Cursor, column: str, values: Iterable[bytes]) -> list[ArticleRow]:
    """The articles whose `column` (`id_hash`, `digest`) is one of these, ascending."""
    columns = ", ".join(f"a.{field}" for field in FIELDS)
    sql = (
        f"SELECT a.article, a.digest, {columns}, t.text FROM articles a"
        f" JOIN texts t ON t.article = a.article WHERE a.{column} {{}}"
    )
    found = list(each_of(cursor, sql, values))
    changes = changes_by_key(cursor, (row[0] for row in found))
    return [
        ArticleRow(row[0], row[1].hex(), _article(row[2:]), changes.get(row[0], ()))
        for row in sorted(found, key=lambda row: row[0])
    ]


def changes_by_key(cursor: Cursor, keys: Iterable[int]) -> dict[int, tuple[Change, ...]]:
    """The corrections of those of these articles that have any, oldest first."""
    sql = "SELECT number, article, at, field, was, becomes FROM changes WHERE article {}"
    found: dict[int, tuple[Change, ...]] = {}
    for _, key, *values in sorted(each_of(cursor, sql, map(int, keys))):
        found[key] = (*found.get(key, ()), Change(*values))
    return found


def articles_by_key(cursor: Cursor, keys: Iterable[int]) -> dict[int, Article]:
    columns = ", ".join(f"a.{field}" for field in FIELDS)
    sql = (
        f"SELECT a.article, {columns}, t.text FROM articles a"
        " JOIN texts t ON t.article = a.article WHERE a.article {}"
    )
    return {row[0]: _article(row[1:]) for row in each_of(cursor, sql, map(int, keys))}


def _article(values: Sequence[Any]) -> Article:
    return Article(text=values[-1], **dict(zip(FIELDS, values[:-1], strict=True)))


# -- lists and figures -------------------------------------------------------------------------


def listing_keys(
    cursor: Cursor, where: Filter | None, order: Order, limit: int | None, offset: int
) -> list[int]:
    conditions, values = conditions_of(where, of_articles=True)
    most = _MOST if limit is None else min(max(limit, 0), _MOST)
    sql = f"SELECT article FROM articles WHERE TRUE{conditions} ORDER BY {order_of(order)}"
    found = rows(cursor, f"{sql} LIMIT {most} OFFSET {min(max(offset, 0), _MOST)}", values)
    return [key for (key,) in found]


def count_articles(cursor: Cursor, where: Filter | None) -> int:
    conditions, values = conditions_of(where, of_articles=True)
    sql = f"SELECT COUNT(*) FROM articles WHERE TRUE{conditions}"
    return int(rows(cursor, sql, values)[0][0])


def source_counts(cursor: Cursor) -> list[SourceCount]:
    found = rows(cursor, "SELECT MIN(source), COUNT(*) FROM articles GROUP BY source_hash")
    return sorted(map(SourceCount._make, found), key=lambda row: (-row.articles, row.source))


def day_counts(cursor: Cursor) -> list[DayCount]:
    sql = (
        "SELECT first_day, last_day, COUNT(*) FROM articles WHERE first_day IS NOT NULL"
        " GROUP BY first_day, last_day"
    )
    return list(map(DayCount._make, rows(cursor, sql)))


def keys_by_date(cursor: Cursor, first: str | None, last: str | None) -> list[DatedKey]:
    if first is None or last is None:
        sql, values = "SELECT article, '', '' FROM articles WHERE first_day IS NULL", ()
        return list(map(DatedKey._make, rows(cursor, sql, values)))
    sql = (
        "SELECT article, first_day, last_day FROM articles"
        " WHERE first_day BETWEEN %s AND %s AND last_day <= %s ORDER BY first_day, article"
    )
    return list(map(DatedKey._make, rows(cursor, sql, (first, last, last))))


def keys_of_source(cursor: Cursor, source: str) -> list[int]:
    sql = "SELECT article FROM articles WHERE source_hash = %s ORDER BY article"
    return [key for (key,) in rows(cursor, sql, (source_hash(source),))]


# -- passages ----------------------------------------------------------------------------------


def passages_by_id(cursor: Cursor, ids: Iterable[int]) -> dict[int, StoredPassage]:
    """Those of the passages that are there, ascending."""
    sql = "SELECT passage, article, begins, ends FROM passages WHERE passage {}"
    places = sorted(each_of(cursor, sql, {int(i) for i in ids}))
    articles = articles_by_key(cursor, {key for _, key, _, _ in places})
    found = {}
    for passage_id, key, begins, ends in places:
        if article := articles.get(key):  # else it went between the two statements
            passage = Passage(passage_id, article.id, begins, ends, article.text[begins:ends])
            found[passage_id] = StoredPassage(passage, article)
    return found


def holders(cursor: Cursor, terms: Sequence[str]) -> dict[str, int]:
    """How many passages hold each of these terms."""
    one = "(SELECT COUNT(*) FROM passages WHERE MATCH (terms) AGAINST (%s))"
    found: dict[str, int] = {}
    for at in range(0, len(terms), _COUNTED):
        some = terms[at : at + _COUNTED]
        sql = f"SELECT {', '.join([one] * len(some))}"
        (numbers,) = rows(cursor, sql, list(map(sent, some)))
        found |= dict(zip(some, numbers, strict=True))
    return found


def wholes(cursor: Cursor, keys: Sequence[int], *, with_vectors: bool) -> list[Whole]:
    articles = articles_by_key(cursor, keys)
    spans: dict[int, list[tuple[int, Span]]] = {key: [] for key in articles}
    sql = "SELECT article, passage, begins, ends FROM passages WHERE article {}"
    for key, passage_id, begins, ends in each_of(cursor, sql, articles):
        spans[key].append((passage_id, (begins, ends)))
    vectors: dict[int, NDArray[np.float32]] = {}
    if with_vectors:
        sql = "SELECT passage, vector FROM vectors WHERE article {}"
        for passage_id, written in each_of(cursor, sql, articles):
            vectors[passage_id] = np.array(written.strip("[]").split(","), np.float32)
    changes = changes_by_key(cursor, articles)
    found = []
    for key in keys:
        if places := sorted(spans.get(key, [])):  # else it went between two statements
            kept = {span: vectors[i] for i, span in places if i in vectors}
            passages = tuple(span for _, span in places)
            found.append(Whole(articles[key], passages, kept, changes.get(key, ()), key))
    return found


def ranked(found: Iterable[Sequence[float]]) -> list[Scored]:
    """Best first; of equals, as they came in."""
    scored = [Scored(int(passage_id), float(score)) for passage_id, score in found]
    return sorted(scored, key=lambda hit: (-hit.score, hit.id))
