from __future__ import annotations

import pytest

from qa_bot.question.followups import is_pronoun
from qa_bot.question.reference import cited_first, headed, of_its_author


def test_the_quote_that_is_cited_first() -> None:
    answer = "46万元\n\n修复费用为46万元。 [1]\n\n门票为12元。 [2]"
    assert cited_first(answer) == "修复费用为46万元。"
    assert cited_first("这些文章里没有这个问题的答案。") == ""


def test_a_question_is_asked_of_a_headline() -> None:
    assert headed("那篇稿子谁写的？", "水磨坊\n重新转动") == "《水磨坊 重新转动》那篇稿子谁写的？"
    assert headed("Who wrote it?", "Ferry to run") == "“Ferry to run”: Who wrote it?"


@pytest.mark.parametrize(
    ("text", "pronoun"), [("它", True), ("it", True), ("他", True), ("桥", False), ("item", False)]
)
def test_pronouns(text: str, pronoun: bool) -> None:
    assert is_pronoun(text) is pronoun


def test_what_else_its_author_wrote_is_asked_in_the_language() -> None:
    assert of_its_author("zh-Hant", "新橋通車") == "《新橋通車》的作者还写过哪些文章？"
    assert of_its_author("de", "A ferry") == "What else did the author of “A ferry” write?"
