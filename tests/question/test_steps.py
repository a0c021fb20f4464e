from __future__ import annotations

import pytest

from qa_bot.question.steps import Steps, steps_of


@pytest.mark.parametrize(
    ("question", "steps"),
    [
        (
            "在磨坊门口送面粉的那位，他的水车是谁留下的？",
            Steps("在磨坊门口送面粉的人是谁？", "{}的水车是谁留下的？", both=False),
        ),
        (
            "修缮石桥的那家公司，注册资本多少",
            Steps("修缮石桥的公司是什么？", "{}的注册资本多少？", both=False),
        ),
        (
            "水磨坊是谁修好的？他花了多少钱？",
            Steps("水磨坊是谁修好的？", "{}花了多少钱？", both=True),
        ),
        (
            "The captain who rebuilt the boat: what did she say?",
            Steps("Who is the captain who rebuilt the boat?", "what did {} say?", both=False),
        ),
        (
            "Who rebuilt the ferry, and when did he sell it?",
            Steps("Who rebuilt the ferry?", "when did {} sell it?", both=True),
        ),
    ],
)
def test_a_question_in_two_steps(question: str, steps: Steps) -> None:
    assert steps_of(question) == steps


@pytest.mark.parametrize(
    "question",
    [
        "水磨坊的门票多少钱？",
        "水磨坊和面包房，哪个先关门？",  # two sides, not two steps
        "大桥什么时候开工，什么时候通车？",
        "昨天，水磨坊来了多少人？",
        "What happened in 2023, and how many people came?",
        "",
    ],
)
def test_others_are_asked_once(question: str) -> None:
    assert steps_of(question) is None
