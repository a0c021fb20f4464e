"""The year or month that a question names, and what is left of it."""

from __future__ import annotations

import pytest

from qa_bot.index.filters import Filter
from qa_bot.question.period import period_of


@pytest.mark.parametrize(
    ("question", "since", "until", "rest"),
    [
        ("2024年8月临江最高气温多少", "2024-08-01", "2024-09-07", "临江最高气温多少"),
        ("2024年度的预算是多少？", "2024-01-01", "2025-01-07", "预算是多少？"),
        ("23年7月洪水有多高", "2023-07-01", "2023-08-07", "洪水有多高"),
        ("二〇二四年四月的书展", "2024-04-01", "2024-05-07", "书展"),
        ("2024龙舟赛第二名是谁", "2024-01-01", "2025-01-07", "龙舟赛第二名是谁"),
        (
            "How hot was it in Linjiang in August 2024?",
            "2024-08-01",
            "2024-09-07",
            "How hot was it in Linjiang?",
        ),
        (
            "Who won the 2024 dragon boat race?",
            "2024-01-01",
            "2025-01-07",
            "Who won the dragon boat race?",
        ),
        ("2024年2月の最高気温は？", "2024-02-01", "2024-03-07", "最高気温は？"),
        ("令和6年8月の最高気温は？", "2024-08-01", "2024-09-07", "最高気温は？"),
    ],
)
def test_the_period_and_the_rest(question: str, since: str, until: str, rest: str) -> None:
    period = period_of(question)
    assert period is not None
    assert (period.since, period.until, period.rest) == (since, until, rest)


@pytest.mark.parametrize(
    "question",
    [
        "最高气温多少",
        "8月最高气温多少",  # of which year?
        "2024年8月9日发生了什么",  # a day stands in the texts
        "2023年和2024年的预算各是多少",
        "2023—2024赛季谁赢了",
        "2019-2021年的产量",
    ],
)
def test_no_time_a_day_and_several_are_no_period(question: str) -> None:
    assert period_of(question) is None


def test_a_filter_stays_as_narrow_as_it_is() -> None:
    period = period_of("2024年8月临江最高气温多少")
    assert period is not None
    where = period.within(Filter(since="2024-08-20", source="临江日报"))
    assert (where.since, where.until, where.source) == ("2024-08-20", "2024-09-07", "临江日报")
    assert period.within(Filter(until="2024-08")).until == "2024-08-31"
