"""What an article says of itself."""

from __future__ import annotations

from qa_bot import Article


def test_an_article_without_a_title_is_called_by_the_beginning_of_its_text() -> None:
    assert Article("题目", "正文。").headline == "题目"
    assert Article("", "昨天下雨。\n今天不下。").headline == "昨天下雨。"
    long = Article("", "长" * 60).headline
    assert long == "长" * 40 + "…"
