"""Near misses: what is of another of the same kind answers nothing."""

from __future__ import annotations

import pytest

from qa_bot.answer.name_check import _of_another, other_name
from qa_bot.answer.window import Window
from qa_bot.question.question import parse
from qa_bot.records import Article, Hit, Passage


def window(text: str) -> Window:
    article = Article("轨道交通", text)
    return Window(Hit(Passage(1, article.id, 0, len(text), text), article, 1.0))


@pytest.mark.parametrize(
    ("question", "sentence", "miss"),
    [
        ("3号线有多长？", "5号线全长20公里，在柳湾站与3号线换乘。", True),
        ("5号线有多长？", "5号线全长20公里，在柳湾站与3号线换乘。", False),
        ("三号线有多长？", "3号线全长20公里。", False),
        ("清溪三桥是哪年建的？", "清溪一桥建于1958年。", True),
        ("清溪一桥是哪年建的？", "清溪一桥建于1958年，比二桥早四十年。", False),
        ("第四届书展来了多少人？", "第五届书展来了三万人。", True),
        ("书展来了多少人？", "第五届书展来了三万人。", False),
    ],
)
def test_another_of_a_series_is_a_near_miss(question: str, sentence: str, miss: bool) -> None:
    assert (other_name(parse(question), window(sentence), sentence) > 1) == miss


@pytest.mark.parametrize(
    ("asked", "sentence", "other"),
    [
        ("半程男子第一名是谁", "女子全程第一名是梁若曦。", True),
        ("男子第一名是谁", "男子第一名是郝临风，女子第一名是白羽。", False),
        ("第二名是哪支队", "第三名是理工学院队。", True),
        ("第二名是哪支队", "第一名是渔会队，第二名是船厂队。", False),
        ("上半年利润多少", "下半年利润为三亿元。", True),
        ("Who won the men's race?", "Bai Yu won the women's race.", True),
        ("Who won the race?", "Bai Yu won the women's race.", False),
    ],
)
def test_the_other_side_of_a_pair_is_no_answer(asked: str, sentence: str, other: bool) -> None:
    assert _of_another(asked, sentence) is other
