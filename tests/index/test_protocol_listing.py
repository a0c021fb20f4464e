"""What every index lists, filters and counts, whichever engine keeps it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa_bot.errors import QABotError
from qa_bot.index.filters import Filter
from qa_bot.index.protocol import Index
from qa_bot.index.records import Whole
from qa_bot.records import Order
from tests.index.engines import (
    APPLES,
    BRIDGE,
    FERRY,
    PICNIC,
    SPANS,
    UNTITLED,
    embed,
    put,
    titles,
    unit,
)


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
def test_orders(index: Index, order: Order, expected: list[str]) -> None:
    put(index, BRIDGE, FERRY, PICNIC, APPLES, UNTITLED)
    assert titles(index, order=order) == expected
    part = index.by_keys(index.keys(None, order, limit=2, offset=1))
    assert [a.title for _, a in part] == expected[1:3]
    assert titles(index, order=order, contains="e") == [
        t for t in expected if t in ("Ferry", "apples")
    ]


def test_an_order_that_is_none_is_refused(index: Index) -> None:
    with pytest.raises(QABotError, match="-headline"):
        index.keys(None, "key; DROP TABLE articles")  # type: ignore[arg-type]


def test_filters_and_their_count(index: Index) -> None:
    put(index, BRIDGE, FERRY, PICNIC, APPLES, UNTITLED)
    ferry, picnic = index.all_keys()[1:3]
    for where, expected in (
        (Filter(contains="知微"), ["大桥封闭"]),
        (Filter(contains="post"), ["apples", "Ferry"]),
        (Filter(contains="%"), []),
        (Filter(contains="_"), []),
        (Filter(contains="\\"), []),
        (Filter(contains=FERRY.id), ["Ferry"]),
        (Filter(source="日报"), ["", "大桥封闭"]),
        (Filter(source="post"), []),
        (Filter(source="报"), []),
        (Filter(since="2023-05-20", until="2023-05-20"), ["Ferry"]),  # only its month is known
        (Filter(since="2024-04-08", until="2024-04-08"), ["大桥封闭"]),
        (Filter(since="2024-04-09"), [""]),
        (Filter(until="2022-12-31"), ["apples"]),
        (Filter(since="2025-01-01"), []),
        (Filter(source="Post", since="2023-01-01", contains="f"), ["Ferry"]),
        (Filter(article_ids=(FERRY.id, PICNIC.id, 'no "such" id')), ["野餐", "Ferry"]),
        (Filter(article_ids=()), []),
        (Filter(article_ids=(FERRY.id,), source="日报"), []),
        (Filter(byline="知微"), ["大桥封闭"]),
        (Filter(byline="日报"), []),
        (Filter(among=(ferry, picnic)), ["野餐", "Ferry"]),
        (Filter(among=(ferry, picnic), contains="野餐"), ["野餐"]),
        (Filter(among=()), []),
        (Filter(contains="apples", holders=(ferry, picnic)), ["apples", "野餐", "Ferry"]),
        (Filter(contains="apples", holders=(ferry,), since="2023-01-01"), ["Ferry"]),
    ):
        keys = index.keys(where)
        assert [a.title for _, a in index.by_keys(keys)] == expected, where
        assert index.count(where) == len(expected), where


def test_filters_hold_for_searches(index: Index) -> None:
    together = [replace(a, text=f"{a.text}共同。") for a in (BRIDGE, FERRY, PICNIC, APPLES)]
    put(index, *together)
    rows = unit(4)
    embed(index, rows)
    for where, expected in (
        (None, {"大桥封闭", "Ferry", "野餐", "apples"}),
        (Filter(since="2023-05-20", until="2023-05-20"), {"Ferry"}),
        (Filter(source="Post"), {"Ferry", "apples"}),
        (Filter(source="Post", since="2023-01-01"), {"Ferry"}),
        (Filter(since="2025-01-01"), set()),
        (Filter(contains="ferry"), {"Ferry"}),
        (Filter(article_ids=(together[0].id, together[2].id)), {"大桥封闭", "野餐"}),
        (Filter(article_ids=()), set()),
    ):
        nearest = [hit.id for hit in index.nearest(rows[0], 9, where)]
        matching = [hit.id for hit in index.matching(["共同"], 9, where)]
        holding = index.holding(["共同"], where).tolist()
        for ids in (nearest, matching, holding):
            assert {p.article.title for p in index.passages(ids).values()} == expected, where
            assert len(ids) == len(expected)


def test_what_the_collection_s_figures_are_made_of(index: Index) -> None:
    put(index, BRIDGE, FERRY, PICNIC, APPLES, UNTITLED)
    keys = index.keys(order="added")
    assert index.all_keys() == sorted(keys) == keys
    assert index.sources() == ["Post", "日报"]
    assert index.source_counts() == [("Post", 2), ("日报", 2), ("", 1)]
    assert sorted(index.day_counts()) == [
        ("2022-01-01", "2022-12-31", 1),
        ("2023-05-01", "2023-05-31", 1),
        ("2024-04-08", "2024-04-08", 1),
        ("2024-04-09", "2024-04-09", 1),
    ]
    assert index.keys_dated(None, None) == [(keys[2], "", "")]
    assert index.keys_dated("2023-01-01", "2024-04-08") == [
        (keys[1], "2023-05-01", "2023-05-31"),
        (keys[0], "2024-04-08", "2024-04-08"),
    ]
    assert index.keys_of_source("Post") == [keys[1], keys[3]]
    assert index.keys_of_source("post") == []
    assert index.languages(keys[:2]) == {keys[0]: "zh", keys[1]: "en"}


def test_wholes_come_in_the_order_asked_for(index: Index) -> None:
    rows = unit(2)
    wholes = [
        Whole(BRIDGE, tuple(SPANS), {SPANS[0]: rows[0]}),
        Whole(FERRY, ((0, 16),), {}),
        Whole(PICNIC, ((0, 8),), {(0, 8): rows[1]}),
    ]
    assert [o.status for o in index.restore(wholes)] == ["added"] * 3
    assert index.counts() == (3, 4, 2)
    keys = index.keys()
    index.remove(FERRY.id)
    assert [w.article for w in index.wholes([keys[2], keys[1], keys[0]])] == [BRIDGE, PICNIC]
    assert [o.status for o in index.restore(wholes)] == ["skipped", "added", "skipped"]
