from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.answer.series import series_of
from qa_bot.text.chinese import align


@pytest.mark.parametrize(
    ("text", "items"),
    [
        (
            "一是修缮石桥。二是栽两千棵柳。三是开馆。",
            ["一是修缮石桥。", "二是栽两千棵柳。", "三是开馆。"],
        ),
        (
            "First, mend the mill. Second, sell bread.",
            ["First, mend the mill.", "Second, sell bread."],
        ),
        ("首先，清点书目。其次，晾晒书页。", ["首先，清点书目。", "其次，晾晒书页。"]),
    ],
)
def test_the_items_of_an_enumeration(text: str, items: list[str]) -> None:
    (series,) = series_of(align(text))
    assert [text[start:end] for start, end in series.items] == items


@pytest.mark.parametrize("text", ["", "今天下雨。", "这是第一是第一。", "二是种树。三是通船。"])
def test_what_is_no_enumeration(text: str) -> None:
    assert series_of(align(text)) == []


_PIECES = [
    "一是",
    "二是",
    "三是",
    "首先，",
    "其次，",
    "①",
    "②",
    "1. ",
    "2. ",
    "First, ",
    "Second, ",
]
_PIECES += ["要种树", "；", "。", "\n", " ", "修桥", "the mill"]


@given(st.lists(st.sampled_from(_PIECES), max_size=30).map("".join))
def test_items_lie_in_the_text_one_after_the_other(text: str) -> None:
    for series in series_of(align(text)):
        assert len(series.items) > 1
        at = 0
        for start, end in series.items:
            assert at <= start < end <= len(text)
            at = end
