from __future__ import annotations

import pytest

from qa_bot.text.relative_days import relative_day


@pytest.mark.parametrize(
    ("text", "published", "day"),
    [
        ("水磨坊昨天重新转动", "2024-03-01", "2024-02-29"),
        ("大前天下了雨", "2024-03-05", "2024-03-02"),
        ("the day before yesterday", "2024-01-01", "2023-12-30"),
        ("it closed on Saturday", "2023-02-20", "2023-02-18"),  # printed on a Monday
        ("上周三开馆", "2024-07-19", "2024-07-10"),
        ("下周日闭馆", "2024-07-19", "2024-07-28"),
        ("きのう始まった", "2024-03-06", "2024-03-05"),
    ],
)
def test_a_day_told_from_the_printing(text: str, published: str, day: str) -> None:
    found = relative_day(text, published)
    assert found is not None
    assert found.day == day
    assert found.words in text


@pytest.mark.parametrize(
    ("text", "published"), [("昨天", ""), ("昨天", "2024-03"), ("水磨坊", "2024-03-01")]
)
def test_no_day(text: str, published: str) -> None:
    assert relative_day(text, published) is None
