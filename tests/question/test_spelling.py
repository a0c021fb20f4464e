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
    assert bracketed("Gong Yanqiu (龚砚秋) 是谁", "Gong Yanqiu") == "龚砚秋"
    assert bracketed("Gong Yanqiu 是谁", "Gong Yanqiu") == ""


def test_sounds_that_speakers_do_not_tell_apart() -> None:
    assert sound("张") == sound("脏")
    assert sound("蓝") == sound("南")
    assert sound("山") != sound("河")
