"""A language model that plays a script, asked over the tests' articles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from qa_bot import LLM, Answer, Article, QABot
from tests.scripted import Script, served

QUESTION = "柳堤大桥为什么封闭？"
GOOD = "柳堤大桥封闭是因为伸缩缝老化[1]。"
KEY = "sk-secret-4711"


@pytest.fixture
def ask(library: QABot) -> Callable[..., Answer]:
    """Asks with a model that plays a script."""

    def ask_it(script: Script, question: str = QUESTION, **more: Any) -> Answer:
        seconds = more.pop("time_limit", 30)
        with served(script) as address:
            llm = LLM("m", address, KEY, time_limit=seconds)
            return library.ask(question, llm=llm, **more)

    return ask_it


FAIRS = (
    Article(
        "2023临江书市开幕",
        "2023临江书市昨天开幕，参展书商共86家，展期五天，门票8元。",
        published="2023-05-11",
        id="2023",
    ),
    Article(
        "2024临江书市开幕",
        "2024临江书市昨天开幕，参展书商共120家，展期七天，门票免费。",
        published="2024-05-12",
        id="2024",
    ),
)
