"""An answer before it is worded: what is said, and the quotes and articles it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from qa_bot.answer.evidence import Evidence
from qa_bot.answer.reader import Reading
from qa_bot.index.filters import Filter
from qa_bot.index.mentions import Mentions
from qa_bot.question.kinds import Guess
from qa_bot.question.question import Question
from qa_bot.records import Article, Hit, Listed, State
from qa_bot.search.retriever import Search

__all__ = ["Context", "Draft", "Found", "Handler", "Quote", "Statement", "quote_of"]


@dataclass(frozen=True, slots=True)
class Quote:
    """A piece of an article: `article.text[start:end]`."""

    article: Article
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]


def quote_of(evidence: Evidence) -> Quote:
    """The sentence of `evidence` as a quote."""
    return Quote(evidence.window.article, evidence.start, evidence.end)


@dataclass(frozen=True, slots=True)
class Statement:
    """A quote, and what stands before it: a day, a number, which side of a comparison it is of."""

    quote: Quote
    before: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a kind of answer found.

    `lead` is said before the statements: the bare answer, a count, a sentence of qa_bot's own.
    `short` is the bare answer; "" where there is none. `articles` are what was counted, `total`
    how many there are. `confidence` is the probability (0 to 1) that this answers the question.
    `settled`: no other kind of answer need be asked.
    """

    state: State
    lead: str = ""
    short: str = ""
    statements: tuple[Statement, ...] = ()
    articles: tuple[Listed, ...] = ()
    total: int | None = None
    confidence: float = 1.0
    absent: tuple[str, ...] = ()
    tail: str = ""
    settled: bool = False


@dataclass(frozen=True)
class Found:
    """What a search gave, and what the reader made of it."""

    search: Search
    reading: Reading
    guess: Guess


class Context(Protocol):
    """What a kind of answer may ask of the index and the reader."""

    @property
    def where(self) -> Filter:
        """Which articles are meant."""
        ...

    @property
    def threshold(self) -> float:
        """The least confidence (0 to 1) at which an answer is given."""
        ...

    def find(self, question: Question, where: Filter | None = None) -> Found:
        """Search and read another question, within `where` if given."""
        ...

    def search(self, text: str, k: int, where: Filter | None = None) -> Search:
        """The `k` best passages for `text`, within `where` if given, without reading them."""
        ...

    def relevance(self, question: str, hits: Sequence[Hit]) -> list[float]:
        """How much each passage has to do with a question (logits), as the reader sees it."""
        ...

    def mentions(self, terms: Sequence[str], where: Filter) -> Mentions:
        """The articles that hold each of `terms`, counted exactly."""
        ...

    def knows(self, term: str, where: Filter) -> bool:
        """Whether any article holds `term`, without counting them."""
        ...

    def articles(self, where: Filter, *, newest: bool = False, limit: int = -1) -> list[Article]:
        """Articles that pass `where`; in the order of their dates if there is one."""
        ...

    def count(self, where: Filter) -> int:
        """How many articles pass `where`."""
        ...

    def sources(self) -> list[str]:
        """The newspapers that articles name as their source."""
        ...


class Handler(Protocol):
    """One kind of answer; None where it finds nothing to say."""

    def __call__(self, question: Question, found: Found, context: Context) -> Draft | None: ...
