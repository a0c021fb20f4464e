"""Numbers in digits and in words: what they mean, where they stand, and what is none."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.text.numerals import chinese_number, find_numbers, number_of, number_value


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("〇", 0),
        ("五", 5),
        ("十", 10),
        ("十二", 12),
        ("廿三", 23),
        ("卅", 30),
        ("一百", 100),
        ("两百", 200),
        ("一百零五", 105),
        ("一百一", 110),
        ("一百一十三", 113),
        ("三千五", 3500),
        ("三千五百", 3500),
        ("三千零五", 3005),
        ("一千零五十", 1050),
        ("十万", 100_000),
        ("两万五", 25_000),
        ("一万零五", 10_005),
        ("一亿一千万", 110_000_000),
        ("兩億零五十萬", 200_500_000),
        ("一万亿", 10**12),
        ("叁仟伍佰", 3500),
        ("二〇二四", 2024),
        ("二○二四", 2024),
        ("一九九八", 1998),
        ("", None),
        ("万", None),
        ("十百", None),
        ("一二百", None),
        ("二十五六", None),
        ("一万二亿", None),
        ("三千人", None),
        ("12", None),
        ("一" * 31, None),
    ],
)
def test_chinese_numerals(numeral: str, value: int | None) -> None:
    assert chinese_number(numeral) == value


@pytest.mark.parametrize(
    ("written", "value", "kind"),
    [
        ("2024", "2024", "cardinal"),
        ("1,234.5", "1234.5", "cardinal"),
        ("1.1亿", "110000000", "cardinal"),
        ("3.2万", "32000", "cardinal"),
        ("３．２億", "320000000", "cardinal"),
        ("1亿2000万", "120000000", "cardinal"),
        ("1.5万亿", "1500000000000", "cardinal"),
        ("5百", "500", "cardinal"),
        ("六点五万", "65000", "cardinal"),
        ("10만", "100000", "cardinal"),
        ("3兆", "3000000000000", "cardinal"),
        ("三千五百", "3500", "cardinal"),
        ("110 million", "110000000", "cardinal"),
        ("1.2 billion", "1200000000", "cardinal"),
        ("1.2bn", "1200000000", "cardinal"),
        ("3 lakh", "300000", "cardinal"),
        ("1,1 Milliarden", "1100000000", "cardinal"),
        ("2,5 миллиона", "2500000", "cardinal"),
        ("4,5 %", "0.045", "share"),
        ("120余万", "1200000", "cardinal"),
        ("六成半", "0.65", "share"),
        ("11 Crore", "110000000", "cardinal"),
        ("twelve", "12", "cardinal"),
        ("forty-two", "42", "cardinal"),
        ("two hundred and twelve thousand", "212000", "cardinal"),
        ("one million", "1000000", "cardinal"),
        ("百分之三十", "0.3", "share"),
        ("百分之三点五", "0.035", "share"),
        ("百分之12.5", "0.125", "share"),
        ("万分之三", "0.0003", "share"),
        ("五分之二", "0.4", "share"),
        ("三成", "0.3", "share"),
        ("三成五", "0.35", "share"),
        ("30%", "0.3", "share"),
        ("４５％", "0.45", "share"),
        ("4.5 per cent", "0.045", "share"),
        ("第三", "3", "ordinal"),
        ("第十二", "12", "ordinal"),
        ("第3", "3", "ordinal"),
        ("其三", "3", "ordinal"),
        ("third", "3", "ordinal"),
        ("Twenty-first", "21", "ordinal"),
        ("twentieth", "20", "ordinal"),
        ("3rd", "3", "ordinal"),
        ("3つ目", "3", "ordinal"),
        ("三番目", "3", "ordinal"),
    ],
)
def test_a_number(written: str, value: str, kind: str) -> None:
    number = number_of(written)
    assert number is not None
    assert (number.value, number.kind, number.unit) == (Decimal(value), kind, "")
    (inside,) = find_numbers(f"（{written}）")
    assert inside.value == number.value
    assert (inside.start, inside.end) == (1, 1 + len(written))


def test_numbers_of_two_languages_are_compared() -> None:
    ours, theirs = number_of("1.1亿元"), number_of("110 million yuan")
    assert ours is not None
    assert theirs is not None
    assert ours.value == theirs.value
    assert (ours.unit, theirs.unit) == ("元", "yuan")
    assert number_of("三成") == number_of("三成")
    for other in ("", "没有", "3个和4个", "共3个", "3个以上"):
        assert number_of(other) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("面积2.6万平方米，投资3.2亿元，", ["2.6万 平方米", "3.2亿 元"]),
        ("4月10日至16日，6路、11路改道", ["4 月", "10 日", "16 日", "6 路", "11 路"]),
        ("一九九八年十二月", ["一九九八 年", "十二 月"]),
        ("一家公司，两名船员，100多人，三千余户", ["一 家", "两 名", "100 人", "三千 户"]),
        ("增长0.5个百分点，降三成", ["0.5 个百分点", "三成 "]),
        ("一是加强，二是完善；三是落实", ["一 ", "二 ", "三 "]),
        ("第3届，第十二次", ["第3 届", "第十二 次"]),
        ("5千瓦，300兆瓦", ["5千 瓦", "300 "]),
        ("二点五倍，三点十分", ["二点五 倍", "三 点", "十 分"]),
        ("版本1.2.3，2024年", ["2024 年"]),
        ("It carries 120 people for four yuan.", ["120 people", "four yuan"]),
        ("an 11-year wait of 1,234.5 km in 2024 and", ["11 year", "1,234.5 km", "2024 "]),
    ],
)
def test_numbers_in_a_text(text: str, expected: list[str]) -> None:
    assert [f"{text[n.start : n.end]} {n.unit}" for n in find_numbers(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "三四个人，十几个，数百人，几十年",  # only about how many
        "一起努力，一直，十分高兴，十足，统一，万一，千万别",
        "四川、九江、三星、两会、一带一路",
        "百万富翁，陆先生，参加，拾起",
        "一成不变，更其三缄其口",
        "AI3，A01，1.2.3，1234567890123456789",
        "one of them, someone, six seven",
    ],
)
def test_no_number(text: str) -> None:
    assert find_numbers(text) == []


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("3", 3),
        ("③", 3),
        ("三", 3),
        ("两", 2),
        ("Third", 3),
        ("three", 3),
        ("再次", 3),
        ("三四", None),
    ],
)
def test_a_small_number_by_itself(written: str, value: int | None) -> None:
    assert number_value(written) == value


def chinese(number: int) -> str:
    """A whole number below 10^12 as Chinese writes it."""
    digits, units = "零一二三四五六七八九", ("", "十", "百", "千")
    written, gap = "", False
    for place in range(11, -1, -1):
        digit = number // 10**place % 10
        if digit:
            written += ("零" if gap and written else "") + digits[digit] + units[place % 4]
            gap = False
        else:
            gap = True
        if place in (4, 8) and number // 10**place % 10**4:
            written += {4: "万", 8: "亿"}[place]
    return written or "零"


@given(st.integers(0, 10**12 - 1))
def test_what_chinese_writes_is_read(number: int) -> None:
    assert chinese_number(chinese(number)) == number


@given(st.integers(0, 10**15 - 1))
def test_digits_are_read_in_either_writing(number: int) -> None:
    by_digit = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(number))
    assert chinese_number(by_digit) == number
    found = number_of(f"{number:,}")
    assert found is not None
    assert found.value == number


@given(
    st.text(max_size=200)
    | st.text("〇一二三四五十百千万亿点第其成分之是几1234.,% 个元", max_size=40)
)
def test_numbers_lie_in_the_text_one_behind_the_other(text: str) -> None:
    numbers = find_numbers(text)
    ends = [0, *(number.end for number in numbers)]
    for number, end in zip(numbers, ends, strict=False):
        assert end <= number.start < number.end <= len(text)
        assert number.value >= 0
        assert number.unit in text[number.end :]
    number_of(text)
    chinese_number(text)
