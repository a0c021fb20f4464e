"""The main points of an article, an event, a person, or of all that a search found.

Sentences are chosen by how much they share with the rest of what is summarised (Erkan and Radev
2004, "LexRank", with terms weighted by their rarity) and against what has been chosen (Carbonell
and Goldstein 1998, "maximal marginal relevance").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa_bot.answer.draft import Context, Draft, Found, Quote, Statement
from qa_bot.answer.kinds.collection import mentioned
from qa_bot.index.mentions import Spelling
from qa_bot.question.question import Question
from qa_bot.question.topic import topics
from qa_bot.records import Article, Listed
from qa_bot.search.retriever import coverage
from qa_bot.text.chinese import align
from qa_bot.text.languages import written_language
from qa_bot.text.numerals import COUNT_WORD, HAN_COUNT, number_value
from qa_bot.text.sentences import split_sentences
from qa_bot.text.terms import normalise, terms
from qa_bot.text.wording import in_words

__all__ = ["key_sentences", "subject_articles", "summary"]

_USUAL, _MOST = 5, 10  # sentences
_ARTICLES = 6  # at most
_FROM_EACH = 120  # sentences of an article that are looked at
_LONGEST = 300  # characters of a sentence
_SHORTEST = 12
_DIVERSE = 0.5  # what likeness to a chosen sentence costs
_LEAD = 0.25  # what being at the beginning is worth
_ABOUT = 0.02  # cosine above unrelated text
_HELD = 0.5  # share of the weight of what was searched for
# words tell an article by what they weigh, or by what share of all hold them: 无锡 does not in Wuxi
_TELLING, _FEW = 0.4, 3
_MOST_OF_IT = 0.6  # the same, from which on an article is known to be about it
_NEAR = 0.8  # of the best passage's nearness, or of the most that an article holds
_NEAREST = 3  # articles, where none has the words
_LENGTH = re.compile(
    rf"(?P<zh>{HAN_COUNT}|\d{{1,2}})(?:句|文で|点|个要点|つの(?:文|要点))"
    rf"|\b(?P<en>{COUNT_WORD}|\d{{1,2}}) (?:sentences?|points?|lines?|bullets?)",
    re.IGNORECASE,
)


def summary(question: Question, found: Found, context: Context) -> Draft | None:
    """3 to 7 sentences, or as many as are asked for, in the articles' words and order."""
    wanted = topics(question.asked, "summary")
    subject = subject_articles(question, found, context, wanted)
    articles = subject.articles
    if not articles:
        return None
    term = subject.terms[0] if subject.terms else ""
    chosen = key_sentences(articles, _length(question), term)
    if not chosen:
        return None
    language = question.answer_language
    if len({quote.article.id for quote in chosen}) == 1:
        lead = in_words(language, "summary", headline=chosen[0].article.headline)
    else:
        lead = in_words(language, "summary.topic", term=term or chosen[0].article.headline)
    statements = _named(chosen, in_words(language, "colon"))
    listed = tuple(Listed(article) for article in articles)
    return Draft("answered", lead, "", statements, listed, confidence=0.8)


def _named(chosen: Sequence[Quote], colon: str) -> tuple[Statement, ...]:
    """The quotes; where they are of several articles, the first of each with its headline."""
    several = len({quote.article.id for quote in chosen}) > 1
    found, last = [], ""
    for quote in chosen:
        new = several and quote.article.id != last
        found.append(Statement(quote, f"{quote.article.headline}{colon}" if new else ""))
        last = quote.article.id
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Subject:
    """The articles that are about something; the words by which they were found, if any.

    `known`: they hold it in these words, or most of it; else they are merely near.
    """

    articles: list[Article]
    terms: Sequence[str] = ()
    known: bool = False


def subject_articles(
    question: Question, found: Found, context: Context, wanted: Sequence[str]
) -> Subject:
    """The articles that are about what is `wanted`: of such a headline, else the nearest ones.

    An article that only mentions it is left out where others are about it.
    """
    names = [n for n in question.names if not n[0].isdigit()]
    for text in wanted:
        if names and not any(name in align(text) for name in names):
            continue  # 公开 of "the kiln's opening to the public" calls no article
        spelling = Spelling(text)
        titled = [
            h.article for h in found.reading.hits if spelling.count(normalise(h.article.title))
        ]
        if titled:
            return Subject(_distinct(titled), [text], known=True)
    search = context.search(" ".join(wanted) or question.asked, 20)
    hits = search.hits
    best = max((h.parts.get("dense_above", 0.0) for h in hits), default=0.0)
    if best < _ABOUT:
        return Subject([])
    if wanted or names:
        mentions = mentioned(question, wanted, context, context.where, least=0.0)
        often = sorted(mentions.articles, key=lambda item: -item.mentions)
        telling = _FEW * len(often) <= context.count(context.where)
        telling = telling or coverage(search.weights, " ".join(mentions.terms)) >= _TELLING
        if often and telling:
            most = often[0].mentions
            about = [i.article for i in often if 2 * i.mentions >= most]
            return Subject(_distinct(about), mentions.terms, known=True)
        if names and not often and question.primary == "zh":
            return Subject([])  # names in other languages are written otherwise in the articles
    near = _distinct(h.article for h in hits if h.parts.get("dense_above", 0.0) >= _NEAR * best)
    if not wanted or not near or written_language(near[0]) != question.primary:
        return Subject(near[:_NEAREST])
    # within a language, those that hold most of what was searched for
    shares = [coverage(search.weights, f"{a.title}\n{a.text}") for a in near]
    least = max(_HELD, _NEAR * max(shares))
    held = [a for a, share in zip(near, shares, strict=True) if share >= least]
    return Subject(held[:_NEAREST], known=max(shares) >= _MOST_OF_IT)


def _distinct(articles: Iterable[Article]) -> list[Article]:
    return list({article.id: article for article in articles}.values())[:_ARTICLES]


@dataclass(frozen=True, slots=True)
class _Sentence:
    quote: Quote
    terms: frozenset[str]
    position: int


def key_sentences(articles: Sequence[Article], count: int, term: str) -> list[Quote]:
    """The `count` sentences that say most of what the articles say, in their order.

    `term` is what they should be about, where it is known: where articles only mention it, their
    sentences without it count less.
    """
    sentences = [s for article in articles for s in _sentences(article)]
    if not sentences:
        return []
    vocabulary: dict[str, int] = {}
    for sentence in sentences:
        for t in sentence.terms:
            vocabulary.setdefault(t, len(vocabulary))
    matrix = np.zeros((len(sentences), len(vocabulary)), np.float32)
    for row, sentence in enumerate(sentences):
        matrix[row, [vocabulary[t] for t in sentence.terms]] = 1
    matrix *= np.log((len(sentences) + 1) / (matrix.sum(0) + 0.5)).clip(0.1)
    matrix /= np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-6)
    likeness = matrix @ matrix.T
    worth = _centrality(likeness)
    worth += _LEAD * np.array([1 / (1 + s.position) for s in sentences], np.float32)
    if term:
        spelling = Spelling(term)
        holds = np.array([spelling.count(normalise(s.quote.text)) > 0 for s in sentences])
        titled = np.array([spelling.count(normalise(s.quote.article.title)) > 0 for s in sentences])
        if holds.any():
            worth += np.where(holds, 0.3, np.where(titled, 0.0, -0.3)).astype(np.float32)
    chosen: list[int] = []
    while len(chosen) < min(count, len(sentences)):
        cost = likeness[:, chosen].max(1) if chosen else np.zeros(len(sentences), np.float32)
        spread = np.array([_from(sentences, chosen, s) for s in sentences], np.float32)
        gain = worth - _DIVERSE * cost - spread
        gain[chosen] = -np.inf
        chosen.append(int(gain.argmax()))
    order = {article.id: i for i, article in enumerate(articles)}
    quotes = [sentences[i].quote for i in chosen]
    return sorted(quotes, key=lambda q: (order[q.article.id], q.start))


def _from(sentences: Sequence[_Sentence], chosen: Sequence[int], one: _Sentence) -> float:
    """What a sentence costs for others of its article having been chosen already."""
    same = sum(sentences[i].quote.article.id == one.quote.article.id for i in chosen)
    return 0.08 * same


def _centrality(likeness: NDArray[np.float32]) -> NDArray[np.float32]:
    """How much each sentence shares with all, 0 to 1, float32 (n,): the stationary distribution."""
    n = len(likeness)
    walk = likeness / np.maximum(likeness.sum(1, keepdims=True), 1e-6)
    share = np.full(n, 1 / n, np.float32)
    for _ in range(30):
        share = 0.15 / n + 0.85 * (share @ walk)
    most = float(share.max())
    return (share / most if most else share).astype(np.float32)


def _sentences(article: Article) -> list[_Sentence]:
    found: list[_Sentence] = []
    for start, end in split_sentences(article.text):
        if not _SHORTEST <= end - start <= _LONGEST:
            continue
        held = frozenset(t for t in terms(article.text[start:end]) if len(t) > 1)
        found.append(_Sentence(Quote(article, start, end), held, len(found)))
        if len(found) >= _FROM_EACH:
            break
    if not found and article.text.strip():
        start, end = split_sentences(article.text)[0]
        found.append(_Sentence(Quote(article, start, end), frozenset(terms(article.title)), 0))
    return found


def _length(question: Question) -> int:
    match = _LENGTH.search(question.plain)
    if match is None:
        return _USUAL
    return max(1, min(number_value(match["zh"] or match["en"]) or _USUAL, _MOST))
