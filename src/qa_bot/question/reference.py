"""Questions of qa_bot's own: about the article that an answer before cites, or about a topic."""

from __future__ import annotations

import re

__all__ = ["about_topic", "cited_first", "headed", "of_its_author"]

_CITED = re.compile(r"^(?P<quote>.+?) ?\[1\]$", re.MULTILINE)


def cited_first(answer: str) -> str:
    """The line of an answer's text that ends in [1], without that; "" if there is none."""
    match = _CITED.search(answer)
    return match["quote"].strip() if match else ""


def about_topic(language: str, topic: str) -> str:
    """What the articles say about a topic, asked in its language."""
    if language.startswith("zh"):
        return f"关于{topic}，文章说了什么？"
    return (
        f"{topic}について何が書かれていますか？"
        if language == "ja"
        else f"What is said about {topic}?"
    )


def headed(question: str, headline: str) -> str:
    """The question, asked of the article with this headline."""
    headline = " ".join(headline.split())
    if question.isascii():
        return f"“{headline}”: {question}"
    return f"《{headline}》{question}"


def of_its_author(language: str, headline: str) -> str:
    """What else the author of the article with this headline wrote, asked in a language."""
    headline = " ".join(headline.split())
    if language.startswith("zh"):
        return f"《{headline}》的作者还写过哪些文章？"
    if language == "ja":
        return f"「{headline}」の記者はほかにどんな記事を書きましたか？"
    return f"What else did the author of “{headline}” write?"
