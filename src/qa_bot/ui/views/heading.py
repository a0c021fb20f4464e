"""What an article is known by wherever it is listed."""

from __future__ import annotations

from dataclasses import dataclass

from qa_bot.records import Article

__all__ = ["Heading"]


@dataclass(frozen=True, slots=True)
class Heading:
    """`title` is the beginning of the text where there is none, and `untitled` true.

    `date` is as exact as it is known, "" for none.
    """

    title: str
    untitled: bool
    byline: str
    source: str
    date: str
    lang: str

    @classmethod
    def of(cls, article: Article) -> Heading:
        date = article.published.lstrip("-")
        return cls(
            article.headline,
            not article.title,
            article.byline,
            article.source,
            date,
            article.lang,
        )
