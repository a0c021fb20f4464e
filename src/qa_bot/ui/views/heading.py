"""What an article is known by wherever it is listed."""

from __future__ import annotations

from dataclasses import dataclass

from qa_bot.records import Article
from qa_bot.ui.texts import say

__all__ = ["Heading", "title_of"]


@dataclass(frozen=True, slots=True)
class Heading:
    """`title` is never empty; `date` is as exact as it is known, "" for none."""

    title: str
    byline: str
    source: str
    date: str
    lang: str

    @classmethod
    def of(cls, article: Article, lang: str) -> Heading:
        date = article.published.lstrip("-")
        return cls(title_of(article, lang), article.byline, article.source, date, article.lang)


def title_of(article: Article, lang: str) -> str:
    """The headline, or that there is none."""
    return article.title or say(lang, "untitled")
