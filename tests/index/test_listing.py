"""Looking through the library: search, filters, orders, and how they scale."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qa_bot.errors import QABotError
from qa_bot.index.embedded.store import Store
from qa_bot.index.filters import Filter
from qa_bot.index.listing import ORDERS, Order, listing_sql
from qa_bot.records import Article

ARTICLES = [
    Article("大桥封闭", "大桥今天封闭。", published="2024-04-08", source="日报", byline="何知微"),
    Article("Ferry", "The ferry sails.", published="2023-05", source="Post"),
    Article("野餐", "四月六日去野餐。", published="--04-06"),
    Article("apples", "Apples are red.", published="2022", source="Post"),
    Article("", "无题的一篇。", published="2024-04-09", source="日报"),
]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "a.sqlite3")
    store.put([(article, [(0, 5)]) for article in ARTICLES])
    yield store
    store.close()


def titles(store: Store, order: Order = "-added", **where: Any) -> list[str]:
    return [a.title for _, a in store.by_keys(store.keys(Filter(**where), order))]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("added", ["大桥封闭", "Ferry", "野餐", "apples", ""]),
        ("-added", ["", "apples", "野餐", "Ferry", "大桥封闭"]),
        ("date", ["apples", "Ferry", "大桥封闭", "", "野餐"]),
        ("-date", ["", "大桥封闭", "Ferry", "apples", "野餐"]),  # without a year: last both ways
        ("headline", ["apples", "Ferry", "大桥封闭", "野餐", ""]),
        ("-headline", ["野餐", "大桥封闭", "Ferry", "apples", ""]),
        ("source", ["Ferry", "apples", "", "大桥封闭", "野餐"]),
        ("-source", ["", "大桥封闭", "Ferry", "apples", "野餐"]),
    ],
)
def test_orders(store: Store, order: Order, expected: list[str]) -> None:
    assert titles(store, order=order) == expected
    part = store.by_keys(store.keys(None, order, limit=2, offset=1))
    assert [a.title for _, a in part] == expected[1:3]
    assert titles(store, order=order, contains="e") == [
        t for t in expected if t in ("Ferry", "apples")
    ]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"contains": "知微"}, ["大桥封闭"]),
        ({"contains": "post"}, ["apples", "Ferry"]),
        ({"contains": "%"}, []),
        ({"source": "日报"}, ["", "大桥封闭"]),
        ({"source": "报"}, []),
        ({"since": "2023-05-20", "until": "2023-05-20"}, ["Ferry"]),  # only its month is known
        ({"since": "2024-04-09"}, [""]),
        ({"until": "2022-12-31"}, ["apples"]),
        ({"source": "Post", "since": "2023-01-01", "contains": "f"}, ["Ferry"]),
    ],
)
def test_filters_and_their_count(store: Store, where: dict[str, Any], expected: list[str]) -> None:
    assert titles(store, **where) == expected
    assert store.count(Filter(**where)) == len(expected)


def test_an_order_that_is_none_is_refused() -> None:
    with pytest.raises(QABotError, match="-headline"):
        listing_sql(Filter(), order="key; DROP TABLE articles")  # type: ignore[arg-type]


def test_a_list_reads_no_article_s_text(store: Store) -> None:
    """What keeps it quick in a large library: SQLite answers from the index alone."""
    connection = sqlite3.connect(store.path)
    filters = [
        Filter(contains="x"),
        Filter(source="x"),
        Filter(since="2024-01-01", contains="x"),
    ]
    for order in ORDERS:
        for where in filters:
            sql, values = listing_sql(where, order)
            plan = connection.execute(f"EXPLAIN QUERY PLAN SELECT key {sql}", values).fetchall()
            assert "COVERING INDEX articles_listing" in plan[0][3], plan
        sql, values = listing_sql(Filter(), order, offset=50_000)
        plan = connection.execute(f"EXPLAIN QUERY PLAN SELECT key {sql}", values).fetchall()
        assert "COVERING INDEX articles_listing" in plan[0][3], plan
    connection.close()
