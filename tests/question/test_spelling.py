from __future__ import annotations

import pytest

from qa_bot.question.spelling import bracketed, respelt, sound

PASSAGES = ["水磨坊主人龚砚秋说，面粉都卖完了。", "作家塞缪尔·哈里森来到古镇。"]


@pytest.mark.parametrize(
    ("name", "found"),
    [("龚燕秋", "龚砚秋"), ("Gong Yanqiu", "龚砚秋"), ("卓云岫", "")],
)
def test_a_name_by_its_sound(name: str, found: str) -> None:
    assert respelt(name, PASSAGES) == found


def test_a_name_in_brackets() -> None:
    question = "Who is Gong Yanqiu (龚砚秋)?"
    assert bracketed(question, lambda name: name == "龚砚秋") == "Who is 龚砚秋?"
    assert bracketed(question, lambda _: False) == question
    assert bracketed("Who is Gong Yanqiu?", lambda _: True) == "Who is Gong Yanqiu?"


def test_sounds_that_speakers_do_not_tell_apart() -> None:
    assert sound("张") == sound("脏")
    assert sound("蓝") == sound("南")
    assert sound("山") != sound("河")
