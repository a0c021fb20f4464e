"""Sentences that no passage supports are marked."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from qa_bot import LLM, Answer, Article, QABot
from tests.llm.conftest import FAIRS, GOOD
from tests.scripted import Script, served


def test_what_the_model_knows_by_itself_is_marked(ask: Callable[..., Answer]) -> None:
    answer = ask(Script(GOOD + "该桥由著名工程师李明远于1987年设计[1]。"))
    (span,) = answer.unsupported
    assert answer.text[slice(*span)] == "该桥由著名工程师李明远于1987年设计。"
    assert (answer.claims, len(answer.citations)) == (2, 1)


@pytest.mark.parametrize(
    "said",
    [
        "柳堤大桥封闭至4月26日[1]。",
        "柳堤大桥于2023年封闭检修[1]。",
        "沈若溪宣布柳堤大桥封闭检修[1]。",
    ],
)
def test_a_number_day_or_name_must_be_in_the_source(ask: Callable[..., Answer], said: str) -> None:
    answer = ask(Script(GOOD + said))
    assert [answer.text[a:b] for a, b in answer.unsupported] == [said.replace("[1]", "")]


def test_a_figure_of_another_size_is_marked(ask: Callable[..., Answer]) -> None:
    right = "The library's total investment was 320 million yuan [1]."
    wrong = "The new library cost 3.2 billion yuan [1]."
    question = "How much was invested in the Linjiang library?"
    answer = ask(Script(right), question)
    assert (answer.answerer, answer.unsupported) == ("llm", ())
    answer = ask(Script(f"{right} {wrong}"), question)
    assert [answer.text[a:b] for a, b in answer.unsupported] == [wrong.replace(" [1]", "")]


def test_another_years_event_is_marked(open_bot: Callable[[], QABot]) -> None:
    bot = open_bot()
    bot.add(FAIRS)
    script = Script("2024临江书市参展书商共120家[1][2]。书市展期五天[1]。书市展期七天[2]。")
    with served(script) as address:
        answer = bot.ask("2024临江书市有多少家书商参展？", llm=LLM("m", address))
    assert answer.answerer == "llm"
    marked = [answer.text[a:b] for a, b in answer.unsupported]
    assert "书市展期五天。" in marked
    assert "书市展期七天。" not in marked
    assert {citation.article.id for citation in answer.citations} == {"2024"}


def test_the_points_of_another_meeting_are_marked(open_bot: Callable[[], QABot]) -> None:
    bot = open_bot()
    bot.add(
        [
            Article(
                "临江人才大会召开",
                "临江人才大会昨天召开，市长提出三点要求：一是引进青年人才，二是建设人才公寓，三是简化落户手续。",
                published="2024-05-12",
                id="new",
            ),
            Article(
                "临江人才大会举行",
                "临江人才大会昨天举行，市长提出两点要求：一是改善营商环境，二是增加科研经费。",
                published="2023-05-11",
                id="old",
            ),
        ]
    )
    script = Script(
        "一是引进青年人才[1]。二是建设人才公寓[1]。三是简化落户手续[1]。二是增加科研经费[2]。"
    )
    with served(script) as address:
        answer = bot.ask("临江人才大会提出了哪三点要求？", llm=LLM("m", address))
    assert (answer.answerer, answer.kind) == ("llm", "list")
    assert [answer.text[a:b] for a, b in answer.unsupported] == ["二是增加科研经费。"]
