"""The way from a question to its answer: search, read, and ask the kind of answer that is meant."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from qa_bot.answer.compose import compose, not_found
from qa_bot.answer.draft import Found
from qa_bot.answer.kinds import answer_for
from qa_bot.answer.reader import Reader
from qa_bot.index.embedded.fulltext import FullText
from qa_bot.index.embedded.store import Store
from qa_bot.index.filters import Filter
from qa_bot.index.mentions import Mentions, count_mentions, look_up
from qa_bot.question.kinds import guess
from qa_bot.question.question import Question
from qa_bot.records import Answer, Article, Order
from qa_bot.search.retriever import Retriever, Search

__all__ = ["EXACT", "HITS", "Answerer"]

HITS = 10  # passages of a search
# what the index says of its articles, no language model may word anew
EXACT = frozenset(
    {
        *("count_articles", "articles", "author_articles", "holdings", "topic", "talk"),
        *("article_author", "article_date", "article_source", "article_title", "article_length"),
    }
)


@dataclass(frozen=True)
class Answerer:
    """Answers parsed questions over one index."""

    store: Store
    fulltext: FullText
    retriever: Retriever
    reader: Reader
    threshold: float

    def search(self, question: Question, where: Filter) -> Search:
        """The passages for a question, best first."""
        return self.retriever.search(question.asked, HITS, where)

    def answer(self, question: Question, search: Search, where: Filter) -> Answer:
        """What the passages of `search` and the index say to a question."""
        begun = time.perf_counter()
        context = _Context(self, where)
        found = context.read(question, search)
        read = time.perf_counter()
        kind, draft = answer_for(replace(question, kind=found.guess.kind), found, context)
        hits = found.reading.hits
        if draft is None:
            unknown = context.unknown(question)
            answer = not_found(question, kind, hits, unknown, found.reading.confidence)
        else:
            answer = compose(question, kind, draft, hits)
        timings = {"read": read - begun, "answer": time.perf_counter() - read}
        return replace(answer, timings=timings)


@dataclass(frozen=True)
class _Context:
    """What a kind of answer may ask; see `qa_bot.answer.draft.Context`."""

    answerer: Answerer
    where: Filter

    @property
    def threshold(self) -> float:
        return self.answerer.threshold

    def find(self, question: Question) -> Found:
        return self.read(question, self.answerer.search(question, self.where))

    def read(self, question: Question, search: Search) -> Found:
        vector = search.vector if search.vector is not None else np.zeros(0, np.float32)
        guessed = guess(question.asked, vector)
        reading = self.answerer.reader.read(replace(question, kind=guessed.kind), search)
        return Found(search, reading, guessed)

    def search(self, text: str, k: int) -> Search:
        return self.answerer.retriever.search(text, k, self.where)

    def mentions(self, terms: Sequence[str], where: Filter) -> Mentions:
        store, fulltext = self.answerer.store, self.answerer.fulltext
        terms = [term for term in terms if look_up(term)]
        if not terms:
            return Mentions((), ())
        allowed = store.passage_ids(where) if where else None
        keys: set[int] | None = None
        for term in terms:
            holding = store.keys_of_passages(fulltext.holding(look_up(term), allowed))
            keys = holding if keys is None else keys & holding
        return count_mentions(terms, (article for _, article in store.by_keys(sorted(keys or ()))))

    def articles(self, where: Filter, *, newest: bool = False, limit: int = -1) -> list[Article]:
        store = self.answerer.store
        order: Order = "-date" if newest else "date"
        keys = store.keys(where, order, limit=None if limit < 0 else limit)
        return [article for _, article in store.by_keys(keys)]

    def count(self, where: Filter) -> int:
        return self.answerer.store.count(where)

    def sources(self) -> list[str]:
        return self.answerer.store.sources()

    def unknown(self, question: Question) -> list[str]:
        """The names in a question that no article mentions."""
        names = [name for name in question.names if not name[0].isdigit() and name[0] != "第"]
        return [name for name in names if not self.mentions([name], Filter()).articles]
