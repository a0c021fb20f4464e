"""A question and its answer, as conversations keep and export them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, Self

from qa_bot.records import Answer, Article, State

__all__ = ["Exchange", "Quote"]


@dataclass(frozen=True, slots=True)
class Quote:
    """A citation as it is kept."""

    number: int
    article: Article
    quote: str
    start: int
    end: int
    supported: bool = True


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer. Its articles have no text, and their headline as their title.

    `at` is when it was answered, ISO 8601 in UTC; `since`, `until` and `source` are the filter as
    it was written, and `only` the headline of the one article that was asked about. `articles`
    are those that the answer lists. The rest is as in `Answer`.
    """

    question: str
    text: str
    at: str
    asked: str = ""
    short: str = ""
    state: State = "answered"
    kind: str = "fact"
    confidence: float = 0.0
    answerer: Literal["extractive", "llm"] = "extractive"
    language: str = ""
    quotes: tuple[Quote, ...] = ()
    articles: tuple[Article, ...] = ()
    since: str = ""
    until: str = ""
    source: str = ""
    only: str = ""

    @classmethod
    def of(
        cls,
        answer: Answer,
        at: str,
        *,
        since: str = "",
        until: str = "",
        source: str = "",
        only: str = "",
    ) -> Self:
        """What is kept of an answer."""
        return cls(
            answer.question,
            answer.text,
            at,
            answer.asked,
            answer.short,
            answer.state,
            answer.kind,
            answer.confidence,
            answer.answerer,
            answer.language,
            tuple(
                Quote(c.number, _bare(c.article), c.quote, c.start, c.end, c.supported)
                for c in answer.citations
            ),
            tuple(_bare(item.article) for item in answer.articles),
            since,
            until,
            source,
            only,
        )


def _bare(article: Article) -> Article:
    return replace(article, title=article.headline, text="")
