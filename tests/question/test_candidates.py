from __future__ import annotations

from qa_bot import Turn
from qa_bot.question.followups import candidates


def test_the_question_itself_comes_first_and_alone_without_turns() -> None:
    assert candidates("龚砚秋是谁？", []) == ["龚砚秋是谁？"]
    assert candidates("门票多少钱？", [Turn("水磨坊在哪里？", "河边")])[0] == "门票多少钱？"


def test_a_pronoun_may_be_the_name_spoken_of() -> None:
    turn = Turn("磨坊主人是谁？", "龚砚秋")
    assert "龚砚秋说了什么？" in candidates("他说了什么？", [turn])
    turn = Turn("Who is the captain?", "Nora Pellworth")
    assert "What did Nora Pellworth say?" in candidates("What did she say?", [turn])


def test_no_two_are_alike() -> None:
    found = candidates("那2024年呢？", [Turn("2023年来了多少游客？", "一万")])
    assert len(set(found)) == len(found)
    assert "2024年来了多少游客？" in found
