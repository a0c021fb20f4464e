"""Numbers and units are told in the reader's words; the text stays as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.text.glosses import glosses


def told(text: str, language: str, reader: str) -> list[tuple[str, str]]:
    return [(text[g.start : g.end], g.text) for g in glosses(text, language, reader)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("他向母校捐赠1.1亿元。", [("1.1亿元", "110 million yuan")]),
        ("修缮总共花了6800万元", [("6800万元", "68 million yuan")]),
        ("总投资三百二十亿元", [("三百二十亿元", "32 billion yuan")]),
        ("美国买家付了250万美元", [("250万美元", "2.5 million dollars")]),
        ("新展陈面积4800平方米", [("4800平方米", "4,800 square metres")]),
        ("种了六百亩水稻", [("六百亩", "about 40 hectares")]),
        ("全长1.2公里，宽三十五米", [("1.2公里", "1.2 km"), ("三十五米", "35 metres")]),
        ("闭馆二十个月之后", [("二十个月", "20 months")]),
        ("增长三成", [("三成", "30%")]),
        ("享年91岁", [("91岁", "91 years old")]),
        ("十三万人次参加", [("十三万人次", "130,000")]),
        ("2比0获胜", [("2比0", "2–0")]),
        ("跑了52秒", [("52秒", "52 seconds")]),
        ("持续九小时", [("九小时", "9 hours")]),
        ("二十三、二十四日两晚", []),
        ("540名学生，八十名老师", [("八十名", "80")]),
        ("三位老师", []),  # a few are understood
        ("昨天上午9点，2024年6月1日，第三届", []),
        ("增长10.3%", []),
        ("一年一度", []),
        ("A股、12号线", []),
        ("新台币300万元", [("300万元", "3 million")]),
        ("1亿2345万6789元", []),  # is read as two numbers, and so not told
    ],
)
def test_chinese_is_told_in_english(text: str, said: list[tuple[str, str]]) -> None:
    assert told(text, "zh-Hans", "en") == said


def test_what_a_yuan_is_depends_on_the_place() -> None:
    assert told("募得一百二十萬元，寄回兩元", "zh-Hant", "en") == [("一百二十萬元", "1.2 million")]


@pytest.mark.parametrize(
    ("text", "language", "reader", "said"),
    [
        ("捐赠1.1亿元", "zh-Hans", "ja", [("1.1亿元", "1.1億元")]),
        ("面积4800平方米", "zh-Hans", "ja", [("4800平方米", "4800平方メートル")]),
        ("三十位老师", "zh-Hans", "ja", []),
        ("高さ30メートル", "ja", "zh-Hans", [("30メートル", "30米")]),
        ("The hall is 25 miles away.", "en", "zh-Hans", [("25 miles", "25英里")]),
        (
            "There were 25 people and 3 million fish.",
            "en",
            "zh-Hans",
            [("3 million", "300万")],
        ),
        ("It cost 110 million yuan.", "en", "zh-Hans", [("110 million yuan", "1.1亿元")]),
        ("It cost 110 million yuan.", "en", "zh-Hant", [("110 million yuan", "1.1億元")]),
        ("It cost 110 million yuan.", "en", "ja", [("110 million yuan", "1.1億元")]),
        ("It cost 110 million yuan.", "en", "fr", []),
        ("総工費は3億円だった。", "ja", "en", [("3億円", "300 million yen")]),
        ("捐赠1.1亿元", "zh-Hans", "de", [("1.1亿元", "110 million yuan")]),
        ("捐赠1.1亿元", "zh-Hans", "zh-Hant", []),
    ],
)
def test_readers_of_other_languages(
    text: str, language: str, reader: str, said: list[tuple[str, str]]
) -> None:
    assert told(text, language, reader) == said


@given(st.text(alphabet="0123456789.,%一二三十百千万亿元年月日米度两半第个 abc$¥-比", max_size=40))
def test_any_text_is_told_or_not(text: str) -> None:
    for language, reader in (("zh-Hans", "en"), ("en", "zh-Hans"), ("", "ja")):
        for gloss in glosses(text, language, reader):
            assert 0 <= gloss.start < gloss.end <= len(text)
            assert gloss.text
