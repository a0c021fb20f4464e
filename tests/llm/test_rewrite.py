"""Follow-up questions rewritten by a language model."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from qa_bot import LLM, Answer, QABot, Turn
from qa_bot.errors import StoppedError
from tests.llm.conftest import GOOD, QUESTION
from tests.scripted import Script, served, set_when_asked


def test_a_follow_up_is_rewritten_by_the_model(ask: Callable[..., Answer]) -> None:
    script = Script(["柳堤大桥什么时候封闭？", "柳堤大桥将于4月10日至4月16日全封闭检修[1]。"])
    answer = ask(script, "什么时候？", history=[Turn(QUESTION, "伸缩缝老化")])
    assert (answer.question, answer.asked) == ("什么时候？", "柳堤大桥什么时候封闭？")
    assert answer.answerer == "llm"
    # what the model makes up is not asked; the rules do it then
    wild = Script(["月亮离地球有多远呢，请问老师？", "柳堤大桥将于4月10日至4月16日全封闭检修[1]。"])
    answer = ask(wild, "什么时候？", history=[Turn(QUESTION, "伸缩缝老化")])
    assert answer.asked == "柳堤大桥什么时候封闭？"


def test_a_refusal_is_no_part_of_the_conversation_to_rewrite(ask: Callable[..., Answer]) -> None:
    script = Script(["柳堤大桥什么时候封闭？", GOOD])
    ask(script, "什么时候？", history=[Turn(QUESTION, "这些文章里没有这个问题的答案。")])
    told = script.asked[0]["messages"][1]["content"]
    assert QUESTION in told
    assert "没有这个问题的答案" not in told


def test_a_rewriting_can_be_stopped(library: QABot) -> None:
    script = Script(ends="mute")
    with served(script) as address:
        stop = threading.Event()
        set_when_asked(stop, script)
        llm = LLM("m", address, time_limit=60)
        with pytest.raises(StoppedError):
            list(library.stream("为什么？", history=[Turn(QUESTION)], llm=llm, stopped=stop.is_set))
        assert script.gone.wait(20)
