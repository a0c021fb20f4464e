"""Filters and orders as SQL over the database's tables."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from qa_bot.errors import QABotError
from qa_bot.index.filters import Filter, like_pattern
from qa_bot.index.oceanbase.connections import in_list
from qa_bot.records import ORDERS, Order
from qa_bot.text.utf8 import storable

__all__ = ["conditions_of", "hash_of", "order_of", "source_hash"]

# Articles without a date, headline or source come last, whichever way the list runs.
_SORTED_BY = {
    "added": "article {way}",
    "date": "first_day IS NULL, first_day {way}, article DESC",
    "headline": "LENGTH(title) = 0, LOWER(title) {way}, article DESC",
    "source": "LENGTH(source) = 0, source {way}, first_day IS NULL, first_day DESC, article DESC",
}
_SEARCHED = ("title", "byline", "source")


def hash_of(article_id: str) -> bytes:
    """What an id is looked up by: ids that differ in a blank or in case are two."""
    return hashlib.sha256(storable(article_id).encode()).digest()


def source_hash(source: str) -> int:
    """What a newspaper is looked up by, a signed number of 64 bits; 0 of none."""
    if not source:
        return 0
    return int.from_bytes(hash_of(source)[:8], "big", signed=True)


def order_of(order: Order) -> str:
    """What follows ORDER BY.

    :raises QABotError: if there is no such order.
    """
    if order not in ORDERS:
        raise QABotError(f"There is no order {order!r}: choose one of {', '.join(ORDERS)}.")
    way = "DESC" if order.startswith("-") else "ASC"
    return _SORTED_BY[order.lstrip("-")].format(way=way)


def conditions_of(where: Filter | None, *, of_articles: bool = False) -> tuple[str, list[Any]]:
    """A filter as conditions on a table, each after an AND, and their values.

    Articles have all that is asked for; other tables what dates and sources ask for, and the rest
    by their articles.
    """
    if not where:
        return "", []
    conditions: list[str] = []
    values: list[Any] = []
    for condition, value in (
        ("source_hash = %s", None if where.source is None else source_hash(where.source)),
        ("last_day >= %s", where.since),
        ("first_day <= %s", where.until),
    ):
        if value is not None:
            conditions.append(condition)
            values.append(value)
    inner, of_inner = _of_articles(where)
    if inner and of_articles:
        conditions += inner
    elif inner:
        conditions.append(f"article IN (SELECT article FROM articles WHERE {' AND '.join(inner)})")
    return "".join(f" AND {condition}" for condition in conditions), values + of_inner


def _of_articles(where: Filter) -> tuple[list[str], list[Any]]:
    """The conditions that only `articles` can be asked for."""
    conditions: list[str] = []
    values: list[Any] = []
    if where.article_ids is not None:
        hashes = [hash_of(article_id) for article_id in where.article_ids]
        conditions.append(f"id_hash {in_list(hashes)}")
        values += hashes
    if where.among is not None:
        conditions.append(_one_of(where.among))
    if where.byline:
        conditions.append("LOWER(byline) LIKE %s")
        values.append(like_pattern(where.byline).lower())
    if where.contains:
        passes = [*(f"LOWER({field}) LIKE %s" for field in _SEARCHED), "id_hash = %s"]
        wanted = like_pattern(where.contains).lower()
        values += [*[wanted] * len(_SEARCHED), hash_of(where.contains)]
        if where.holders:
            passes.append(_one_of(where.holders))
        conditions.append(f"({' OR '.join(passes)})")
    return conditions, values


def _one_of(keys: Iterable[int]) -> str:
    """That an article has one of these keys: numbers of our own, for no statement takes so many."""
    numbers = ", ".join(str(int(key)) for key in keys)
    return f"article IN ({numbers})" if numbers else "FALSE"
