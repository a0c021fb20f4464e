"""How the store lists articles in a large library."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from qa_bot.index.embedded.listing import listing_sql
from qa_bot.index.embedded.store import Store
from qa_bot.index.filters import Filter
from qa_bot.records import ORDERS, Article


def test_a_list_reads_no_article_s_text(tmp_path: Path) -> None:
    """What keeps it quick in a large library: SQLite answers from the index alone."""
    store = Store(tmp_path / "a.sqlite3")
    store.put([(Article("大桥封闭", "大桥今天封闭。", source="日报"), [(0, 5)])])
    connection = sqlite3.connect(store.path)
    filters = [
        Filter(contains="x"),
        Filter(contains="x", byline="y", holders=(1, 2)),
        Filter(source="x"),
        Filter(among=(1, 2)),
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
    store.close()
