"""The way from a question to its answer: search, read, and ask the kind of answer that is meant."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from qa_bot.answer.compose import compose, not_found
from qa_bot.answer.draft import Found
from qa_bot.answer.kinds import answer_for
from qa_bot.answer.reader import Reader, Reading
from qa_bot.index.filters import Filter
from qa_bot.index.mentions import Mentions, Spelling, count_mentions, look_up
from qa_bot.index.protocol import Index
from qa_bot.question.followups import is_pronoun
from qa_bot.question.kinds import Guess, guess
from qa_bot.question.period import period_of
from qa_bot.question.question import LONGEST_READ, Question, parse
from qa_bot.question.reference import cited_first, headed, of_its_author
from qa_bot.question.spelling import bracketed, respelt
from qa_bot.question.topic import quoted, topics
from qa_bot.question.wording import as_question
from qa_bot.records import Answer, Article, Hit, Order, Turn
from qa_bot.search.retriever import Retriever, Search
from qa_bot.text.chinese import align
from qa_bot.text.terms import normalise
from qa_bot.text.wording import in_words

__all__ = ["EXACT", "HITS", "Answerer"]

HITS = 10  # passages of a search
_LOOKED_AT = 50  # passages at a time
_COMPLETE = 0.12  # probability that a question needs the one before it, below which it does not
_DEPENDENT = 0.5  # and from which on it does
_KEPT = 1.0  # log odds by which another understanding must be better, or may be worse
_NO_VECTOR = np.zeros(0, np.float32)
_NOTHING = Search((), {}, None, {})
_ABOUT = frozenset(
    {"article_author", "article_date", "article_source", "article_title", "article_length"}
)
_OF_ONE = _ABOUT | {"author_articles"}  # what one article is asked for
_QUOTED = 40  # characters of a quote that tell its article
_OF_A_TEXT = ("summary", "aspects")  # what a headline in 《》 is asked about as well
_NAMED = 0.02  # probability from which on a question may be about the article that it names
_MARKS = re.compile(r"[《》“”\"「」]|^[:：]")
_HEADLINE = 0.6  # share of a headline that calls the article
# kinds that are about what is named, and wrong where no article names it
_OF_SOMEBODY = frozenset(
    {
        *("summary", "timeline", "comparison", "who_is", "what_is", "said", "nth", "list"),
        *_ABOUT,
    }
)
_RESPELT_FROM = 20  # passages in which a name may be written otherwise
# what the index says of its articles, no language model may word anew
EXACT = frozenset(
    {
        *("count_articles", "articles", "author_articles", "holdings", "topic", "talk"),
        *_ABOUT,
    }
)


@dataclass(frozen=True)
class Answerer:
    """Answers parsed questions over one index."""

    index: Index
    retriever: Retriever
    reader: Reader
    threshold: float

    def search(self, question: Question, where: Filter) -> Search:
        """The passages for a question, best first."""
        return self.retriever.search(question.asked, HITS, where)

    def understood(
        self, candidates: Sequence[str], where: Filter, history: Sequence[Turn] = ()
    ) -> str:
        """Which of the ways to understand a question is meant; the first is the question as it is.

        That is kept where it seems complete; else the one is taken of which what is read is most
        confident. Where the index is asked, nothing is read: then the second is, made by rules; but
        "who wrote that?" is asked of the article that the last answer of the `history` cites.
        """
        first, *others = candidates
        if not others:
            return first
        asked = parse(first)
        search = self.search(asked, where)
        guessed = guess(first, search.vector if search.vector is not None else _NO_VECTOR)
        if guessed.kind == "talk":
            return first
        if article := self._cited(asked, guessed, where, history):
            if guessed.kind == "author_articles":
                return of_its_author(asked.answer_language, article.title)
            return headed(first, article.title)
        if guessed.follow < _COMPLETE:  # but for "Another thing: ..." before it
            others = [text for text in others if text in first]
        elif guessed.kind in EXACT:
            return first if asked.names else others[0]
        best, odds = first, self._log_odds(asked, guessed, search)
        odds += _KEPT if guessed.follow < _DEPENDENT else -_KEPT
        for text in others:
            other = parse(text)
            found = self.search(other, where)
            other_guess = guess(text, found.vector if found.vector is not None else _NO_VECTOR)
            if other_guess.kind == "talk":
                continue
            if (new := self._log_odds(other, other_guess, found)) > odds:
                best, odds = text, new
        return best

    def _cited(
        self, question: Question, guessed: Guess, where: Filter, history: Sequence[Turn]
    ) -> Article | None:
        """The article that the last answer cites first, if a question is about one and names none.

        Without a headline none can be named.
        """
        quote = cited_first(history[-1].answer)[-LONGEST_READ:] if history else ""
        if not quote or guessed.kind not in _OF_ONE or question.names:
            return None
        if not all(map(is_pronoun, topics(question.asked, guessed.kind))):
            return None
        hits, end = self.search(parse(quote), where).hits, quote[-_QUOTED:]
        return next((h.article for h in hits if end in h.article.text and h.article.title), None)

    def _log_odds(self, question: Question, guessed: Guess, search: Search) -> float:
        asked = replace(question, kind=guessed.kind)
        read = self.reader.read(asked, search, again=False).confidence
        confidence = min(max(read, 1e-4), 1 - 1e-4)
        return float(np.log(confidence / (1 - confidence)))

    def respell(self, question: Question, where: Filter) -> str:
        """The question with its names as the articles write them; "" where nothing is to change.

        A name that stands in an article is left as it is.
        """
        context = _Context(self, where)
        asked = bracketed(question.asked, lambda name: context.knows(name, Filter()))
        passages: list[str] | None = None
        for name in question.names:
            if name[0].isdigit() or name[0] == "第" or name not in asked:
                continue
            if context.knows(name, Filter()):
                continue
            if passages is None:
                more = self.retriever.search(question.asked, _RESPELT_FROM, where).hits
                passages = [align(f"{h.article.title}\n{h.passage.text}") for h in more]
            if found := respelt(name, passages):
                asked = asked.replace(name, found, 1)
        return asked if asked != question.asked else ""

    def prefers(self, one: Question, found: Search, other: Question, known: Search) -> bool:
        """Whether what is read for `one` answers at least as well as what is for `other`.

        Where the index is asked, nothing is read, and a name that is there is better.
        """
        vector = found.vector if found.vector is not None else _NO_VECTOR
        if guess(one.asked, vector).kind in EXACT:
            return True
        confidences = [
            self.reader.read(question, search).confidence
            for question, search in ((one, found), (other, known))
        ]
        return confidences[0] >= confidences[1]

    def exact(self, question: Question, search: Search) -> bool:
        """Whether a question asks for what the index knows exactly: a count, an author.

        So it stays where the index knows none: then no model may make one up either.
        """
        kind, share = self.guessed(question, search).kinds[0]
        return kind in EXACT and share >= _DEPENDENT

    def guessed(self, question: Question, search: Search) -> Guess:
        """The kinds of answer a question may ask for.

        Where it calls an article by its headline, the rest of it tells.
        """
        asked, vector = question.asked, search.vector
        headlines = [name for name in quoted(asked) if _calls(name, search)]
        if headlines and vector is not None:
            rest = _MARKS.sub("", asked.replace(headlines[0], "")).strip()
            if len(rest) > 1:
                asked, vector = rest, self.retriever.embedder.embed([rest], "query")[0]
        return _of_an_article(
            guess(asked, vector if vector is not None else _NO_VECTOR), question, search
        )

    def answer(self, question: Question, search: Search, where: Filter) -> Answer:
        """What the passages of `search` and the index say to a question."""
        begun = time.perf_counter()
        context = _Context(self, where)
        found = context.read(question, search)
        read = time.perf_counter()
        kind, draft = answer_for(replace(question, kind=found.guess.kind), found, context)
        hits = found.reading.hits
        unknown = context.unknown(question) if draft is None or kind in _OF_SOMEBODY else []
        titles = [normalise(hit.article.title) for hit in hits]
        unknown = [name for name in unknown if not any(normalise(name) in t for t in titles)]
        if draft is None or (unknown and len(unknown) == len(_names(question))):
            answer = not_found(question, kind, hits, unknown, found.reading.confidence)
            if not self.index.count():
                empty = in_words(question.answer_language, "empty")
                answer = replace(answer, text=f"{answer.text}\n\n{empty}")
        else:
            answer = compose(question, kind, draft, hits)
        timings = {"read": read - begun, "answer": time.perf_counter() - read}
        return replace(answer, timings=timings)


def _calls(name: str, search: Search) -> bool:
    """Whether a quoted name is most of the headline of an article that was found."""
    plain = normalise(name)
    titles = (normalise(hit.article.title) for hit in search.hits)
    return any(plain in title and len(plain) >= _HEADLINE * len(title) for title in titles)


def _of_an_article(guessed: Guess, question: Question, search: Search) -> Guess:
    """The guess, with a question about an article first where it calls one by its headline.

    《…》 alone tells not whether a book is meant or an article; what is no headline here is a book.
    """
    names = quoted(question.asked)
    if not names or guessed.kind in _OF_A_TEXT:
        return guessed
    called = any(_calls(name, search) for name in names)
    wanted = _ABOUT if called else frozenset({"fact"})
    fitting = [row for row in guessed.kinds if row[0] in wanted and row[1] >= _NAMED]
    if not fitting or guessed.kind in wanted or not (called or guessed.kind in _ABOUT):
        return guessed
    ruled_out = {guessed.kind} if called else _ABOUT
    others = tuple(row for row in guessed.kinds if row[0] not in {fitting[0][0], *ruled_out})
    return replace(guessed, kinds=((fitting[0][0], guessed.kinds[0][1]), *others))


@dataclass(frozen=True)
class _Context:
    """What a kind of answer may ask; see `qa_bot.answer.draft.Context`."""

    answerer: Answerer
    where: Filter

    @property
    def threshold(self) -> float:
        return self.answerer.threshold

    def find(self, question: Question, where: Filter | None = None) -> Found:
        return self.read(question, self.answerer.search(question, where or self.where))

    def read(self, question: Question, search: Search) -> Found:
        guessed = self.answerer.guessed(question, search)
        question = replace(question, kind=guessed.kind)
        reading = self.answerer.reader.read(question, search)
        printed, read = _NOTHING, None
        if guessed.kind not in EXACT:  # these keep to a period by themselves
            printed, read = self._printed_then(question)
        if read is not None and read.confidence > reading.confidence:
            search, reading = printed, read
        return Found(search, reading, guessed)

    def _printed_then(self, question: Question) -> tuple[Search, Reading | None]:
        """What articles of the year or month say that the question names, without naming it."""
        period = period_of(question.asked)
        where = period.within(self.where) if period else self.where
        if period is None or not self.count(where):
            return _NOTHING, None
        search = self.search(period.rest, HITS, where)
        asked = replace(question, read=as_question(period.rest))
        return search, self.answerer.reader.read(asked, search)

    def search(self, text: str, k: int, where: Filter | None = None) -> Search:
        return self.answerer.retriever.search(text, k, where or self.where)

    def relevance(self, question: str, hits: Sequence[Hit]) -> list[float]:
        return self.answerer.reader.relevance(question, hits)

    def mentions(self, terms: Sequence[str], where: Filter) -> Mentions:
        index = self.answerer.index
        terms = [term for term in terms if look_up(term)]
        if not terms:
            return Mentions((), ())
        keys: set[int] | None = None
        for term in terms:
            holding = index.keys_of_passages(index.holding(look_up(term), where))
            keys = holding if keys is None else keys & holding
        return count_mentions(terms, (article for _, article in index.by_keys(sorted(keys or ()))))

    def knows(self, term: str, where: Filter) -> bool:
        index = self.answerer.index
        if not look_up(term):
            return False
        spelling = Spelling(term)
        ids = index.holding(look_up(term), where)
        for at in range(0, len(ids), _LOOKED_AT):
            for passage, article in index.passages(ids[at : at + _LOOKED_AT].tolist()).values():
                if spelling.count(normalise(f"{article.title}\n{passage.text}")):
                    return True
        return False

    def articles(self, where: Filter, *, newest: bool = False, limit: int = -1) -> list[Article]:
        index = self.answerer.index
        order: Order = "-date" if newest else "date"
        keys = index.keys(where, order, limit=None if limit < 0 else limit)
        return [article for _, article in index.by_keys(keys)]

    def count(self, where: Filter) -> int:
        return self.answerer.index.count(where)

    def sources(self) -> list[str]:
        return self.answerer.index.sources()

    def unknown(self, question: Question) -> list[str]:
        """The names in a question that no article mentions, nor is signed by."""
        return [
            name
            for name in _names(question)
            if not self.knows(name, Filter()) and not self.count(Filter(contains=name))
        ]


def _names(question: Question) -> list[str]:
    """Whom and what a question names; in other languages than Chinese its names are translated."""
    names = question.names if question.primary == "zh" else ()
    return [name for name in names if not name[0].isdigit() and name[0] != "第"]
