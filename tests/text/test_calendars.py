"""Dates of other calendars: converted where they are sure, else no date at all."""

import pytest

from qa_bot.text.dates import dates_in, find_date, find_dateline, normalise_date


@pytest.mark.parametrize(
    ("value", "iso"),
    [
        ("112/11/03", "2023-11-03"),
        ("112年11月3日", "2023-11-03"),
        ("112.11.3", "2023-11-03"),
        ("1121103", "2023-11-03"),
        ("99年11月3日", ""),  # of the Republic, or of the nineties
        ("民國99年11月3日", "2010-11-03"),
        ("中華民國一百一十二年十一月三日", "2023-11-03"),
        ("令和5年11月3日", "2023-11-03"),
        ("R5.11.3", "2023-11-03"),
        ("H31/4/30", "2019-04-30"),
        ("昭和元年12月26日", "1926-12-26"),
        ("2023. 11. 3.", "2023-11-03"),
        ("2023.11.3.", "2023-11-03"),
        ("2023. 11. 3. 오후 4:20", "2023-11-03"),
        ("2023년 11월 3일", "2023-11-03"),
        ("2566-11-03", "2023-11-03"),
        ("3 พฤศจิกายน 2566", "2023-11-03"),
        ("๓ พ.ย. ๒๕๖๖", "2023-11-03"),
        ("1402/08/12", ""),  # Persian, or Islamic
        ("۱۴۰۲/۰۸/۱۲", "2023-11-03"),
        ("۱۲ آبان ۱۴۰۲", "2023-11-03"),
        ("1 فروردین 1400", "2021-03-21"),
        ("30 اسفند 1399", "2021-03-20"),
        ("22 بهمن 1357", "1979-02-11"),
        ("1445-04-19", ""),
        ("农历八月十五", ""),
        ("农历2023年八月十五日", ""),
        ("2023-11-03", "2023-11-03"),
        ("2023-11-03T08:00:00Z", "2023-11-03"),
        ("1898年6月11日", "1898-06-11"),
    ],
)
def test_dates_of_other_calendars(value: str, iso: str) -> None:
    assert normalise_date(value) == iso


@pytest.mark.parametrize(
    "text",
    [
        "农历七月初七日前后，镇上办庙会。",
        "农历九月九日，老人登山。",
        "農曆 8月15日晚，港邊放燈。",
        "旧暦8月15日、港で祭りが開かれた。",
        "음력 8월 15일, 강가에서 축제가 열렸다.",
        "闰六月三日，水退。",
        "9月9日（农历）登山。",
        "光绪三十二年五月七日，商会成立。",
        "本市农历的八月十五日放灯。",
    ],
)
def test_days_of_the_moon_are_no_days_of_the_sun(text: str) -> None:
    assert find_date(text) == find_dateline(text) == ""


def test_the_year_of_a_lunar_day_stays() -> None:
    assert find_date("农历2023年八月十五日放灯。") == "2023"


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("9月29日（农历八月十五），镇上放灯。", "--09-29"),
        ("今年9月29日，镇上放灯。", "--09-29"),
        ("步道於112年11月3日開放。", "2023-11-03"),
        ("다리는 2023. 11. 3. 개통됐다.", "2023-11-03"),
        ("农历新年前，2月3日，车站加开列车。", "--02-03"),
    ],
)
def test_days_of_the_sun_beside_them(text: str, iso: str) -> None:
    assert [found for _, _, found in dates_in(text.replace("（", "(").replace("）", ")"))] == [iso]
