from __future__ import annotations

import pytest

from qa_bot.answer.answer_type import counts_in_unit, echoes, fits, unit_asked_for


@pytest.mark.parametrize(
    ("asks", "answer", "fit"),
    [
        ("time", "4月12日", True),
        ("time", "last Saturday", True),
        ("time", "水磨坊", False),
        ("quantity", "46万元", True),
        ("quantity", "seventy-one", True),
        ("quantity", "河边", False),
        ("score", "3比1", True),
        ("duration", "8月9日", False),
        ("duration", "8月9日至11日", True),
        ("duration", "3日", True),
        ("money", "2024年", False),
        ("person", "龚砚秋", True),
        ("", "anything", True),
    ],
)
def test_an_answer_is_of_the_kind_asked_for(asks: str, answer: str, fit: bool) -> None:
    assert fits(asks, answer) is fit


def test_a_number_of_the_unit_asked_for() -> None:
    assert unit_asked_for("来了几名游客") == "名"
    assert unit_asked_for("水磨坊在哪里") == ""
    assert counts_in_unit("来了几名游客", "来了67位游客。")
    assert not counts_in_unit("来了几名游客", "游客等了46天。")


@pytest.mark.parametrize(
    ("question", "answer", "says_nothing"),
    [
        ("新桥的吉祥物叫什么", "新桥的吉祥物", True),
        ("新桥的吉祥物叫什么", "白鹭", False),
        ("今年是收费还是免费", "免费", False),
        ("What is the ferry called?", "the ferry", True),
        ("Is it the ferry or the bridge?", "the ferry", False),
        ("新桥的吉祥物叫什么", "", False),
    ],
)
def test_an_answer_that_is_in_the_question_says_nothing(
    question: str, answer: str, says_nothing: bool
) -> None:
    assert echoes(question, answer) is says_nothing
