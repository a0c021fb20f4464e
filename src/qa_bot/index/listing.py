"""How the library is looked through: which articles, in which order, as SQL over the store."""

from __future__ import annotations

import json
import re

from qa_bot.errors import QABotError
from qa_bot.index.filters import Filter
from qa_bot.records import ORDERS, Order

__all__ = ["CATALOGUE_SQL", "ORDERS", "Order", "catalogue_sql", "conditions_of"]

# A list reads these alone, never the articles' texts: 100,000 rows of it are 15 MB, not 300. It is
# made where it is missing, so that an index of an earlier qa_bot gets it when it is opened.
CATALOGUE_SQL = (
    "CREATE INDEX IF NOT EXISTS articles_catalogue"
    " ON articles (source, first_day, last_day, title, byline, id)"
)

# Articles without a date, headline or source come last, whichever way the list runs.
_SORTED_BY = {
    "added": "key {way}",
    "date": "first_day {way} NULLS LAST, key DESC",
    "headline": "title = '', title COLLATE NOCASE {way}, key DESC",
    "source": "source = '', source {way}, first_day DESC NULLS LAST, key DESC",
}
_DEEP = 1000  # a list that begins so far down
_SEARCHED = ("title", "byline", "source")
_LONGEST = 200  # characters looked for


def catalogue_sql(
    where: Filter, order: Order | None = "-added", *, offset: int = 0
) -> tuple[str, list[object]]:
    """What follows SELECT in a list of articles, and its values; without `order`, for counting.

    :raises QABotError: if there is no such order.
    """
    conditions, values = conditions_of(where)
    if order is not None and order not in ORDERS:
        raise QABotError(f"There is no order {order!r}: choose one of {', '.join(ORDERS)}.")
    sql = "FROM articles"
    if conditions or offset > _DEEP:  # SQLite would rather step over whole articles
        sql += " INDEXED BY articles_catalogue"
    if conditions:
        sql += f" WHERE {' AND '.join(conditions)}"
    if order is not None:
        way = "DESC" if order.startswith("-") else "ASC"
        sql += f" ORDER BY {_SORTED_BY[order.lstrip('-')].format(way=way)}"
    return sql, values


def conditions_of(where: Filter) -> tuple[list[str], list[object]]:
    """A filter as SQL conditions on `articles`, and their values."""
    conditions: list[str] = []
    values: list[object] = []
    for condition, value in (
        ("source = ?", where.source),
        ("last_day >= ?", where.since),
        ("first_day <= ?", where.until),
    ):
        if value is not None:
            conditions.append(condition)
            values.append(value)
    if where.article_ids is not None:
        conditions.append("articles.id IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(where.article_ids, ensure_ascii=False))
    if where.contains:
        pattern = "%" + re.sub(r"([\\%_])", r"\\\1", where.contains[:_LONGEST]) + "%"
        likes = [rf"{field} LIKE ? ESCAPE '\'" for field in _SEARCHED]
        conditions.append(f"({' OR '.join(likes)} OR articles.id = ?)")
        values += [*[pattern] * len(_SEARCHED), where.contains]
    return conditions, values
