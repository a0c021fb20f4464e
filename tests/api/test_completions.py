"""Conversations of the OpenAI protocol as questions, and answers as messages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa_bot import (
    Article,
)
from qa_bot.api import models
from qa_bot.api.completions import ChatMessage, message, turns
from qa_bot.records import Answer, Citation, Listed, Turn


@pytest.mark.parametrize(
    ("language", "glosses"),
    [("en", [("1.1亿元", "110 million yuan")]), ("zh-Hans", []), ("", [])],
)
def test_a_citation_tells_its_numbers_in_the_answer_s_language(
    language: str, glosses: list[tuple[str, str]]
) -> None:
    article = Article("新桥通车", "新桥总投资1.1亿元。", lang="zh-Hans")
    cited = Citation(1, article, article.text, 0, len(article.text))
    answer = Answer("?", "1.1亿元 [1]", "1.1亿元", (cited,), (), True, 0.9, language)
    (citation,) = models.Answer.of(answer).citations
    told = [(citation.quote[g.start : g.end], g.text) for g in citation.glosses]
    assert told == glosses


def test_a_message_names_the_articles_that_it_does_not_quote() -> None:
    listed = tuple(Listed(Article(f"第{n}篇", f"正文{n}", published="2024")) for n in range(53))
    cited = Citation(1, listed[0].article, "正文0", 0, 3)
    answer = Answer("?", "53篇\n\n正文0 [1]", "53", (cited,), (), True, 1.0, "zh-Hans")
    text, quote, below, more = message(replace(answer, articles=listed)).split("\n\n")
    assert (text, quote, below) == ("53篇", "正文0 [1]", "[1] 第0篇, 2024")
    lines = more.splitlines()
    assert (lines[0], lines[49]) == ("- 第1篇, 2024", "- 第50篇, 2024")
    assert lines[50:] == ["- … (2)"]


def test_messages_become_turns() -> None:
    def said(*messages: tuple[str, str]) -> tuple[str, list[Turn]]:
        return turns([ChatMessage(role=role, content=text) for role, text in messages])  # type: ignore[arg-type]

    answer = "4月10日至4月16日\n\n大桥将封闭。 [1]\n\n[1] 柳堤大桥, 临江日报"
    talk = [
        ("system", "Be brief."),
        ("assistant", "Hello!"),
        ("user", "2024年柳堤大桥什么时候封闭？"),
        ("assistant", answer),
        ("user", "那2023年呢？"),
        ("assistant", "这些文章里没有这个问题的答案。"),
    ]
    question, history = said(*talk, ("user", "为什么？"))
    assert question == "为什么？"
    assert history == [
        Turn("2024年柳堤大桥什么时候封闭？", "4月10日至4月16日"),
        Turn("那2023年呢？", "这些文章里没有这个问题的答案。"),
    ]
    assert said(("user", "a"), ("user", "b")) == ("b", [Turn("a")])
