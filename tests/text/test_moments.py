"""Days, weekdays and times as prose has them."""

from __future__ import annotations

import pytest

from qa_bot.text.chinese import align
from qa_bot.text.moments import Moment, moments_in, same_moment, weekday_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3月5日至9日", ["day --03-05", "day --03-09"]),
        ("from 3 to 9 May", ["day --05-03", "day --05-09"]),
        ("August 14 to 20, with", ["day --08-14", "day --08-20"]),
        ("民國113年5月20日", ["day 2024-05-20"]),
        ("令和6年4月1日", ["day 2024-04-01"]),
        ("农历八月十五", ["lunar 08-15"]),
        ("the 15th day of the eighth lunar month", ["lunar 08-15"]),
        ("in March, since 1998", ["day --03", "day 1998"]),
        ("三月，不是三个月", ["day --03"]),
        ("They may march.", []),
        ("周六晚7时30分", ["weekday 6", "time 1170"]),
        ("7:30 pm on Saturday", ["time 1170", "weekday 6"]),
        ("上午9点", ["time 540"]),
        ("10点半", ["time 630?"]),
        ("四点要求", []),
        ("上世纪90年代，the 1980s", ["decade 90", "decade 80"]),
        ("昨天", ["day 2024-04-07"]),
        ("2024 people", []),
    ],
)
def test_moments(text: str, expected: list[str]) -> None:
    found = moments_in(align(text), "2024-04-08")
    assert [f"{moment.kind} {moment.value}" for moment in found] == expected


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2024-04-01", "--04-01", True),
        ("2024-04-01", "2024", True),
        ("--04", "2024-04-01", True),
        ("2024-04-01", "2023-04-01", False),
        ("2024", "--04-01", False),
    ],
)
def test_days_are_compared_as_far_as_both_tell(one: str, other: str, same: bool) -> None:
    assert same_moment(Moment("day", one, 0, 0), Moment("day", other, 0, 0)) == same


def test_a_time_without_its_half_of_the_day() -> None:
    evening, either = Moment("time", "1170", 0, 0), Moment("time", "450?", 0, 0)
    assert same_moment(evening, either)
    assert not same_moment(evening, Moment("time", "450", 0, 0))
    assert weekday_of("2024-04-12") == "5"
    assert weekday_of("2024-04") == ""
