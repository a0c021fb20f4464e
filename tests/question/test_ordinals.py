from __future__ import annotations

import pytest

from qa_bot.question.ordinals import asked_number, asked_position


@pytest.mark.parametrize(
    ("question", "number"),
    [("提出了哪三项任务", 3), ("哪两个人", 2), ("name the three tasks", 3), ("谁是镇长", 0)],
)
def test_how_many_are_asked_for(question: str, number: int) -> None:
    assert asked_number(question) == number


@pytest.mark.parametrize(
    ("question", "position"),
    [
        ("第二项是什么", 2),
        ("最后一项是什么", -1),
        ("what is the third task", 3),
        ("what is the 4th task", 4),
        ("二つ目は何か", 2),
        ("谁是镇长", 0),
    ],
)
def test_which_one_is_asked_for(question: str, position: int) -> None:
    assert asked_position(question) == position
