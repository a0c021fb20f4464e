"""Dates: what metadata, file names and ledes say, never more exact than they say it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.text.dates import (
    date_from_name,
    find_date,
    find_dateline,
    is_date_line,
    normalise_date,
    refine_date,
)


@pytest.mark.parametrize(
    ("value", "iso"),
    [
        ("2024-08-09T10:00:00Z", "2024-08-09"),
        ("2024-08-09 10:00", "2024-08-09"),
        ("2024/8/9", "2024-08-09"),
        ("2024.08.09", "2024-08-09"),
        ("20240809", "2024-08-09"),
        ("2024年8月9日", "2024-08-09"),
        ("２０２４年８月９日", "2024-08-09"),
        ("二〇二四年八月十日", "2024-08-10"),
        ("二〇二四年十二月廿三日", "2024-12-23"),
        ("民國113年8月9日", "2024-08-09"),
        ("中華民國一百一十三年八月九日", "2024-08-09"),
        ("令和6年8月9日", "2024-08-09"),
        ("2024년 8월 9일", "2024-08-09"),
        ("9 August 2024", "2024-08-09"),
        ("August 9, 2024", "2024-08-09"),
        ("Aug. 9, 2024", "2024-08-09"),
        ("Fri, 09 Aug 2024 10:00:00 GMT", "2024-08-09"),
        ("9. August 2024", "2024-08-09"),
        ("9 août 2024", "2024-08-09"),
        ("9 de agosto de 2024", "2024-08-09"),
        ("9 августа 2024", "2024-08-09"),
        ("9.8.2024", "2024-08-09"),
        ("13/08/2024", "2024-08-13"),
        ("08/13/2024", "2024-08-13"),
        ("09/08/2024", "2024"),
        ("2024-08", "2024-08"),
        ("2024年8月", "2024-08"),
        ("2024", "2024"),
        ("8月9日", "--08-09"),
        ("--08-09", "--08-09"),
        ("2024-02-30", ""),
        ("2024-13", ""),
        ("昨天", ""),
        ("12345678", ""),
        ("1723248000", ""),
        ("May", ""),
        ("", ""),
        ("2024-08-09 " + "x" * 200, ""),
    ],
)
def test_normalise_date(value: str, iso: str) -> None:
    assert normalise_date(value) == iso


@pytest.mark.parametrize(
    ("name", "iso"),
    [
        ("2024-08-10_A01.txt", "2024-08-10"),
        ("20240810-01版.txt", "2024-08-10"),
        ("临澜日报2024年8月10日.txt", "2024-08-10"),
        ("t20240810_123456.html", "2024-08-10"),
        ("llrb20240810a01.txt", "2024-08-10"),
        ("A01_10 August 2024.txt", "2024-08-10"),
        ("a/2024/08/10/A01.txt", "2024-08-10"),
        ("a/2024-08/10/content_1.htm", "2024-08-10"),
        ("2024-08-10/A01.txt", "2024-08-10"),
        (r"C:\papers\2024-08-10\1.txt", "2024-08-10"),
        ("2019-01-01/2024-08-10.txt", "2024-08-10"),
        ("2024-08_A01.txt", "2024-08"),
        ("017_9bd07723bc41ee02.txt", ""),
        ("9bd20240810aecbb.txt", ""),
        ("20240810123.txt", ""),
        ("12345678.txt", ""),
        ("20241399.txt", ""),
        ("2024.txt", ""),
        ("report_2024-2025.txt", ""),
    ],
)
def test_date_from_name(name: str, iso: str) -> None:
    assert date_from_name(name) == iso


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("本报讯 8月19日，渡口开航。", "--08-19"),
        ("江上起雾，船都停了。8月9日，渡口复航。", "--08-09"),
        ("新华社临澜8月9日电 渡口开航。", "--08-09"),
        ("本报讯 2023年4月6日，渡口开航。", "2023-04-06"),
        ("PORT SELBY, Aug. 9 (AP) — The ferry", "--08-09"),
        ("从5月1日到5月3日停航，8月9日复航。", "--08-09"),
        ("去年4月6日，渡口停航。", ""),
        ("截至6月30日，渡口运客三万人。", ""),
        ("自8月1日起施行。", ""),
        ("4月6日至8日，渡口停航。", ""),
        ("船长（1937年7月7日－），渡口人。", ""),
        ("渡口建于1921年3月3日。", ""),
        ("昨天，渡口开航。", ""),
        ("5.8月9日", ""),
    ],
)
def test_find_dateline(text: str, iso: str) -> None:
    assert find_dateline(text) == iso


def test_find_date_takes_the_first() -> None:
    assert find_date("渡口，2024年8月9日。后来，2025-01-02。") == "2024-08-09"
    assert find_date("没有日期") == ""
    assert find_date("字" * 5000 + "2024年8月9日") == "2024-08-09"
    assert find_date("字" * 3990 + "2024年8月9日") == "2024-08-09"


def test_is_date_line() -> None:
    assert is_date_line("2024年8月10日 星期六 第A01版")
    assert is_date_line("Saturday, August 10, 2024")
    assert is_date_line("2024-08-10 09:30 来源：临澜日报")
    assert not is_date_line("渡口2024年8月10日开航。")
    assert not is_date_line("8月10日 星期六")


@pytest.mark.parametrize(
    ("known", "other", "refined"),
    [
        ("2024", "--08-09", "2024-08-09"),
        ("2024-08", "--08-09", "2024-08-09"),
        ("2025-01", "--12-31", "2025-01"),
        ("2024-08-10", "--08-09", "2024-08-10"),
        ("2023", "--02-29", "2023"),
        ("--08-09", "2024-08-09", "2024-08-09"),
        ("", "--08-09", "--08-09"),
        ("2024", "2023-01-01", "2024"),
        ("someday", "--08-09", "someday"),
    ],
)
def test_refine_date(known: str, other: str, refined: str) -> None:
    assert refine_date(known, other) == refined


@given(st.text(max_size=200), st.text(max_size=30))
def test_never_raises(text: str, other: str) -> None:
    for function in (normalise_date, date_from_name, find_date, find_dateline):
        assert len(function(text)) in (0, 4, 7, 10)
    is_date_line(text)
    refine_date(text, other)


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_round_trip(day: date) -> None:
    assert normalise_date(f"{day}") == f"{day}"
    assert date_from_name(f"{day}_01.txt") == f"{day}"
