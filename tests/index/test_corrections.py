"""Corrections of what an index holds, and putting back what was taken out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from qa_bot.errors import ArticleNotFoundError
from qa_bot.index.filters import Filter
from qa_bot.index.mentions import look_up
from qa_bot.index.protocol import Index
from qa_bot.index.undo import put_back, take
from tests.index.engines import (
    APPLES,
    BRIDGE,
    FERRY,
    PICNIC,
    SPANS,
    UNTITLED,
    embed,
    found,
    put,
    titles,
    unit,
)

NOW, LATER = "2026-01-02T03:04:05+00:00", "2026-01-03T03:04:05+00:00"


def test_what_is_put_back_is_where_it_was(index: Index) -> None:
    put(index, BRIDGE, FERRY, PICNIC)
    keys = index.all_keys()
    taken = take(index, FERRY.id)
    put(index, APPLES)
    assert put_back(index, taken).status == "added"
    assert titles(index) == ["apples", "野餐", "Ferry", "大桥封闭"]
    assert index.all_keys()[:3] == keys
    put(index, UNTITLED)
    assert titles(index)[0] == ""
    assert len(set(index.all_keys())) == 5
    last = take(index, UNTITLED.id)
    put_back(index, last)
    assert titles(index)[0] == ""
    put(index, replace(APPLES, id="own"))  # no place is given twice
    assert len(set(index.all_keys())) == 6 - 1


def test_corrections_are_seen_at_once(index: Index) -> None:
    index.put([(BRIDGE, SPANS), (FERRY, [(0, 16)])])
    embed(index, unit(3))
    keys, ids = index.all_keys(), index.holding(["大"])
    (now,) = index.correct([BRIDGE.id], {"published": "2025-01", "source": "晚报"}, NOW)
    assert now == replace(BRIDGE, published="2025-01", source="晚报", id=BRIDGE.id)
    assert index.article(BRIDGE.id) == now
    assert index.pending() == 0  # what a vector is made of has not changed
    index.refresh(wait=True)
    wheres: tuple[tuple[dict[str, Any], list[str]], ...] = (
        ({"source": "晚报"}, ["大桥封闭"]),
        ({"source": "日报"}, []),
        ({"since": "2025-01-31", "until": "2025-01-31"}, ["大桥封闭"]),
        ({"until": "2024-12-31"}, ["Ferry"]),
    )
    for where, expected in wheres:
        assert titles(index, **where) == expected
        ids_found = [hit.id for hit in index.nearest(unit(3)[0], 9, Filter(**where))]
        assert {p.article.title for p in index.passages(ids_found).values()} == set(expected)
    assert index.holding(["大"]).tolist() == ids.tolist()
    assert index.sources() == ["Post", "晚报"]
    assert index.all_keys() == keys
    assert [(c.field, c.before, c.after, c.at) for c in index.history(BRIDGE.id)] == [
        ("published", "2024-04-08", "2025-01", NOW),
        ("source", "日报", "晚报", NOW),
    ]
    assert index.history(FERRY.id) == []
    assert index.history("no such id") == []


def test_a_headline_that_is_corrected_is_embedded_anew(index: Index) -> None:
    index.put([(BRIDGE, SPANS), (FERRY, [(0, 16)])])
    rows = unit(3)
    ids = embed(index, rows)
    keys, state = index.all_keys(), index.state()
    index.correct([BRIDGE.id], {"title": "轮渡停航", "byline": ""}, NOW)
    index.refresh(wait=True)
    assert index.state() != state
    assert index.all_keys() == keys
    assert index.counts() == (2, 3, 2)
    assert found(index, "轮渡") == ["轮渡停航", "轮渡停航"]
    assert found(index, "标题 封闭") == ["轮渡停航", "轮渡停航"]
    assert index.holding(look_up("大桥封闭")).tolist() == []
    assert {hit.id for hit in index.nearest(rows[0], 9)} == {ids[2]}
    claimed = index.claim(9)
    assert [p.text for p, _ in claimed] == ["大桥今天封闭。", "明天也封闭。"]
    assert not set(ids) & {p.id for p, _ in claimed}
    index.put_vectors(ids[:2], rows[:2])  # of another process, which was late
    assert index.pending() == 2
    assert {c.field for c in index.history(BRIDGE.id)} == {"title", "byline"}
    index.put_vectors([p.id for p, _ in claimed], rows[:2])
    index.refresh(wait=True)
    assert len(index.nearest(rows[0], 9)) == 3


def test_several_are_corrected_or_none(index: Index) -> None:
    put(index, BRIDGE, FERRY, PICNIC)
    state = index.state()
    with pytest.raises(ArticleNotFoundError, match="no such id"):
        index.correct([BRIDGE.id, "no such id"], {"source": "晚报"}, NOW)
    assert (index.state(), index.history(BRIDGE.id)) == (state, [])
    assert index.correct([BRIDGE.id], {"source": "日报"}, NOW) == [BRIDGE]
    assert (index.state(), index.history(BRIDGE.id)) == (state, [])
    index.correct([BRIDGE.id, PICNIC.id, BRIDGE.id], {"source": "晚报"}, NOW)
    index.correct([PICNIC.id], {"source": "日报"}, LATER)
    assert titles(index, source="晚报") == ["大桥封闭"]
    assert [(c.before, c.after, c.at) for c in index.history(PICNIC.id)] == [
        ("", "晚报", NOW),
        ("晚报", "日报", LATER),
    ]


def test_no_file_undoes_a_correction(index: Index) -> None:
    put(index, BRIDGE, FERRY)
    index.correct([BRIDGE.id], {"title": "大桥开放", "source": "晚报", "published": ""}, NOW)
    now = index.article(BRIDGE.id)
    assert put(index, BRIDGE) == ["skipped"]
    assert put(index, now) == ["skipped"]  # as it is exported
    assert put(index, replace(BRIDGE, url="https://example.org/")) == ["replaced"]
    assert index.article(BRIDGE.id) == replace(now, url="https://example.org/")
    assert put(index, replace(BRIDGE, id="", source="早报")) == ["added"]  # another printing
    assert index.count() == 3
    index.correct([FERRY.id], {"source": "Mail"}, NOW)
    assert put(index, index.article(FERRY.id), FERRY) == ["skipped", "skipped"]
    assert len(index.history(FERRY.id)) == 1


def test_corrections_are_put_back_and_gone_with_the_article(index: Index) -> None:
    put(index, BRIDGE, FERRY)
    index.correct([BRIDGE.id], {"title": "大桥开放"}, NOW)
    now, history = index.article(BRIDGE.id), index.history(BRIDGE.id)
    taken = take(index, BRIDGE.id)
    assert put(index, BRIDGE) == ["added"]
    assert index.history(BRIDGE.id) == []
    index.remove(BRIDGE.id)
    assert put_back(index, taken).status == "added"
    index.refresh(wait=True)
    assert index.article(BRIDGE.id) == now
    assert index.history(BRIDGE.id) == history
    assert put(index, BRIDGE) == ["skipped"]
    assert titles(index) == ["Ferry", "大桥开放"]
