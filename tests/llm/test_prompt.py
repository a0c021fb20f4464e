"""What a language model is told."""

from __future__ import annotations

from datetime import date

import pytest

from qa_bot import Article, LLMError
from qa_bot.llm.prompt import prompt
from qa_bot.records import Hit, Passage
from tests.llm.conftest import FAIRS


def test_passages_that_do_not_fit_are_left_out_whole() -> None:
    def hit(number: int) -> Hit:
        text = f"第{number}段。" * 40
        article = Article(f"标题{number}", text, id=str(number))
        return Hit(Passage(number, article.id, 0, len(text), text), article, 1.0)

    hits = [hit(n) for n in range(1, 6)]
    messages, given = prompt("问？", hits, "zh-Hans", 2000, len, date(2024, 6, 1))
    assert 0 < len(given) < len(hits)
    told = messages[1]["content"]
    assert all(h.passage.text in told for h in given)
    assert all(f"标题{h.passage.id}" not in told for h in hits[len(given) :])
    assert "2024-06-01" in messages[0]["content"]
    assert sum(len(m["content"]) for m in messages) <= 2000
    with pytest.raises(LLMError, match="QA_BOT_LLM_CONTEXT"):
        prompt("问？", hits, "zh-Hans", 1100, len, date(2024, 6, 1))


def test_the_prompt_has_passages_by_article_and_names_the_event() -> None:
    hits = []
    for number, (article, at) in enumerate(((0, 0), (1, 0), (0, 20)), 1):
        text = FAIRS[article].text
        passage = Passage(number, FAIRS[article].id, at, len(text), text[at:])
        hits.append(Hit(passage, FAIRS[article], 1.0))
    asked = "2024临江书市有多少家书商参展？"
    messages, given = prompt(asked, hits, "zh-Hans", 8000, len, date(2024, 6, 1))
    assert [hit.passage.id for hit in given] == [1, 3, 2]
    told = messages[1]["content"]
    assert told.count("headline: ") == 2
    assert told.index("<passage 2>") < told.index("headline: 2024临江书市开幕")
    assert "date: 2023-05-11" in told
    about = next(line for line in told.splitlines() if line.startswith("It is about "))
    assert "2024" in about
