"""How articles are listed: which, and in which order, as SQL over the store."""

from __future__ import annotations

from qa_bot.errors import QABotError
from qa_bot.index.embedded.sql import IN_LIST, as_list
from qa_bot.index.filters import Filter, like_pattern
from qa_bot.records import ORDERS, Order
from qa_bot.text.utf8 import storable

__all__ = ["conditions_of", "listing_sql"]

# Articles without a date, headline or source come last, whichever way the list runs.
_SORTED_BY = {
    "added": "key {way}",
    "date": "first_day {way} NULLS LAST, key DESC",
    "headline": "title = '', title COLLATE NOCASE {way}, key DESC",
    "source": "source = '', source {way}, first_day DESC NULLS LAST, key DESC",
}
_DEEP = 1000  # a list that begins so far down
_SEARCHED = ("title", "byline", "source")


def listing_sql(
    where: Filter, order: Order | None = "-added", *, offset: int = 0
) -> tuple[str, list[str]]:
    """What follows SELECT in a list of articles, and its values; without `order`, for counting.

    :raises QABotError: if there is no such order.
    """
    conditions, values = conditions_of(where)
    if order is not None and order not in ORDERS:
        raise QABotError(f"There is no order {order!r}: choose one of {', '.join(ORDERS)}.")
    sql = "FROM articles"
    if conditions or offset > _DEEP:  # SQLite would rather step over whole articles
        sql += " INDEXED BY articles_listing"
    if conditions:
        sql += f" WHERE {' AND '.join(conditions)}"
    if order is not None:
        way = "DESC" if order.startswith("-") else "ASC"
        sql += f" ORDER BY {_SORTED_BY[order.lstrip('-')].format(way=way)}"
    return sql, values


def conditions_of(where: Filter) -> tuple[list[str], list[str]]:
    """A filter as SQL conditions on `articles`, and their values."""
    conditions: list[str] = []
    values: list[str] = []
    for condition, value in (
        ("source = ?", where.source),
        ("last_day >= ?", where.since),
        ("first_day <= ?", where.until),
    ):
        if value is not None:
            conditions.append(condition)
            values.append(storable(value))
    if where.article_ids is not None:
        conditions.append(f"articles.id {IN_LIST}")
        values.append(as_list(where.article_ids))
    if where.among is not None:
        conditions.append(f"articles.key {IN_LIST}")
        values.append(as_list(where.among))
    if where.byline:
        conditions.append(_like("byline"))
        values.append(like_pattern(where.byline))
    if where.contains:
        passes = [*map(_like, _SEARCHED), "articles.id = ?"]
        values += [*[like_pattern(where.contains)] * len(_SEARCHED), storable(where.contains)]
        if where.holders:
            passes.append(f"articles.key {IN_LIST}")
            values.append(as_list(where.holders))
        conditions.append(f"({' OR '.join(passes)})")
    return conditions, values


def _like(field: str) -> str:
    return rf"{field} LIKE ? ESCAPE '\'"
