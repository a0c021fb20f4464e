"""The extractive reader: where the passages found answer the question, and whether they do.

A trained network (`qa_bot.networks.reading_model`) reads each passage together with the question;
two small logistic models put its scores together with retrieval's. `Reader` is the interface any
other reader fills.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from qa_bot.answer_text import bare, with_whole_titles
from qa_bot.embedding import Embedder, runs_openvino
from qa_bot.languages import detect_language, written_language
from qa_bot.namesakes import other_name
from qa_bot.networks.bundled import bundled_model_dir
from qa_bot.offices import office_at
from qa_bot.questions import (
    align,
    answer_kind,
    as_question,
    day_asked_for,
    names,
    office_asked_of,
    same_answer,
)
from qa_bot.records import Hit
from qa_bot.retrieval import Search
from qa_bot.sentences import split_sentences

if TYPE_CHECKING:
    from qa_bot.networks.passage_reader import PassageReader
    from qa_bot.networks.reading_model import TorchReader
    from qa_bot.networks.spans import Scores, Span

__all__ = [
    "CONFIDENCE_FEATURES",
    "PASSAGES",
    "RANK_FEATURES",
    "WEIGHTS",
    "Evidence",
    "Reader",
    "Reading",
    "TrainedReader",
    "answer_in",
    "answer_of",
    "confidence_features",
    "evidence_of",
    "preface",
    "rank_features",
    "same_language",
]

WEIGHTS = Path(str(files("qa_bot"))) / "reader.safetensors"
PASSAGES = 8  # read for an answer, which is what takes the time
_BELIEVED = 2.0  # logit of the relevance from which on a passage by itself answers
_QUESTION = 300  # characters of the question that are read
_NEAR = 3.0  # logits below the best, for another sentence of a list or an explanation
_HEADING = 40  # half-width characters
_OPENING = 80  # half-width characters
_LONGEST = 400  # characters; a longer "sentence" is a list or a table, and proves nothing shortly


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that answers: `hit.article.text[start:end]`.

    `answer` is the bare answer in it; `score` is the probability that it is right.
    """

    hit: Hit
    start: int
    end: int
    score: float
    answer: str = ""

    @property
    def text(self) -> str:
        return self.hit.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader made of a search: sentences, and all passages, both best first.

    `confidence` is the probability that the first sentence answers the question, or, where another
    article contradicts it, that one of the two does.
    """

    evidence: tuple[Evidence, ...]
    confidence: float
    hits: tuple[Hit, ...]


class Reader(Protocol):
    """Anything that finds the answer to a question in what a search gave."""

    def read(self, question: str, search: Search) -> Reading: ...

    def warm_up(self) -> None: ...


# Logits of the network, and retrieval's fused score in hundredths. `other_name`: 1 if the question
# names a person, a place or a day that is nowhere in the article, for what A gave is no answer to
# what B gave; more where the article tells of a namesake. `bias` lets passages in the question's
# language and in others be compared.
RANK_FEATURES = ("relevance", "margin", "retrieval", "other_name", "bias")
# `lead`: the passage's rank above that of the best of another article that answers otherwise (at
# most 6 either way);
# `cosine`: of passage and question above the background, in tenths.
CONFIDENCE_FEATURES = ("bias", "relevance", "margin", "lead", "cosine", "other_name")

# Fitted by eval/calibrate_reader.py on questions the network was not trained on, but for those of
# `other_name`, set by hand: an encyclopaedia seldom lacks a name. So were two more of
# _RANK_ACROSS, for passages in another language, retrieval's and the bias; eval/READER.md tells
# why. The order of passages takes all there is. Whether they answer at all is judged in another way
# where question and article are in different languages: what the network says is then worth less,
# and whether the article speaks of the question's matter at all, which the cosine tells, is worth
# more. Within a language the cosine adds nothing, and lies at another height in every collection.
_RANK = np.array([0.10, 0.30, 2.70, -2.00, 0.0], np.float32)
_RANK_ACROSS = np.array([0.20, 0.20, 12.0, -2.00, -15.5], np.float32)
_SAME_LANGUAGE = np.array([-3.70, 0.58, 0.05, 0.56, 0.0, -3.00], np.float32)
_OTHER_LANGUAGE = np.array([-5.40, 0.39, 0.0, 0.36, 3.95, -2.00], np.float32)
# Logits of a passage that has nothing to do with a question: what a lone article is compared with.
_UNRELATED = np.array([-4.0, -8.0], np.float32)


class TrainedReader:
    """Reads the first passages of a search with the network that comes with the package.

    The network stands on the bundled model's embeddings, which it shares with `embedder` where
    that runs the same model.
    """

    def __init__(self, embedder: Embedder, weights: Path = WEIGHTS) -> None:
        self.embedder = embedder
        self.weights = weights

    def warm_up(self) -> None:
        """Load the network, and the words by which names are told, now."""
        self._network()
        names("")

    def read(self, question: str, search: Search) -> Reading:
        """The sentences that answer `question`, and the passages in a better order."""
        hits = search.hits[:PASSAGES]
        if not hits:
            return Reading((), 0.0, ())
        question = question[:_QUESTION]
        scores = self.scores(question, hits)
        spans = [answer_in(question, h, s) for h, s in zip(hits, scores, strict=True)]
        same = same_language(question, hits)
        rank = np.where(same[:, None], _RANK, _RANK_ACROSS)
        features = rank_features(question, hits, scores, spans)
        order = [int(i) for i in np.argsort(-np.sum(features * rank, axis=1), kind="stable")]
        answers = [answer_of(h, s) for h, s in zip(hits, spans, strict=True)]
        signs = confidence_features(hits, answers, features, rank)
        weights = np.where(same[:, None], _SAME_LANGUAGE, _OTHER_LANGUAGE)
        probabilities = 1 / (1 + np.exp(-np.sum(signs * weights, axis=1)))
        several = answer_kind(question) != "fact"
        evidence: list[Evidence] = []
        for i in order:
            span, probability = spans[i], float(probabilities[i])
            if span is not None:
                evidence.append(evidence_of(hits[i], span, probability))
                if several:
                    evidence += _more(hits[i], scores[i], span, probability)
        believed = {
            hit.passage.id for hit, s in zip(hits, scores, strict=True) if s.relevance > _BELIEVED
        }
        confidence = _confidence(evidence, believed)
        reranked = (*(hits[i] for i in order), *search.hits[PASSAGES:])
        return Reading(tuple(evidence), confidence, reranked)

    def scores(self, question: str, hits: Sequence[Hit]) -> list[Scores]:
        """What the network says of each passage, read with what `preface` puts before it."""
        return self.read_texts(question, [preface(hit) + hit.passage.text for hit in hits])

    def read_texts(self, question: str, texts: Sequence[str]) -> list[Scores]:
        """What the network says of each text."""
        return self._network().read(as_question(question), texts)

    def _network(self) -> PassageReader | TorchReader:
        embedder = self.embedder
        with _loading:
            return _load(
                embedder.cache_dir,
                not embedder.model,
                runs_openvino(embedder.engine),
                self.weights,
            )


def _confidence(evidence: Sequence[Evidence], believed: set[int]) -> float:
    """The probability that the first sentence answers; or, where two articles disagree, that the
    one or the other does: each is the other's rival, and yet they speak of what was asked.

    `believed` are the ids of passages that by themselves answer the question.
    """
    if not evidence:
        return 0.0
    first = evidence[0]
    for other in evidence[1:]:
        if other.hit.article.id != first.hit.article.id and not same_answer(
            other.answer, first.answer
        ):
            close = 2 * other.score >= first.score
            both = {first.hit.passage.id, other.hit.passage.id} <= believed
            return min(1.0, first.score + other.score) if close and both else first.score
    return first.score


_loading = threading.Lock()


@functools.lru_cache(maxsize=2)
def _load(
    cache_dir: str, share: bool, openvino: bool, weights: Path
) -> PassageReader | TorchReader:
    """The network, once for all the indexes that this process opens."""
    folder = bundled_model_dir(cache_dir)
    if openvino:
        from qa_bot.networks.encoder import load_base
        from qa_bot.networks.passage_reader import PassageReader

        return PassageReader(load_base(folder), weights)
    from qa_bot.networks.reading_model import TorchReader

    embedder = Embedder(cache_dir=cache_dir, engine="torch")
    return TorchReader(folder, weights, embedder.token_embeddings() if share else None)


def rank_features(
    question: str, hits: Sequence[Hit], scores: Sequence[Scores], spans: Sequence[Span | None]
) -> NDArray[np.float32]:
    """`RANK_FEATURES` of each passage, float32 of shape (n, len(RANK_FEATURES))."""
    rows = [
        (
            s.relevance,
            _margin(span),
            100 * hit.score,
            other_name(
                question,
                hit.article,
                hit.passage.text,
                _sentence(hit, span),
                same_language=bool(same),
            ),
            1.0,
        )
        for hit, s, span, same in zip(
            hits, scores, spans, same_language(question, hits), strict=True
        )
    ]
    return np.array(rows, np.float32)


def confidence_features(
    hits: Sequence[Hit],
    answers: Sequence[str],
    features: NDArray[np.float32],
    rank: NDArray[np.float32],
) -> NDArray[np.float32]:
    """`CONFIDENCE_FEATURES` of each passage, float32 of shape (n, len(CONFIDENCE_FEATURES)).

    `answers` are the passages' best, `features` those of `rank_features`, `rank` their weights, of
    the same shape.
    """
    ranks = np.sum(features * rank, axis=1)
    rows = []
    for i, hit in enumerate(hits):
        relevance, margin, _, other_name, _ = features[i]
        rivals = [
            ranks[j]
            for j, h in enumerate(hits)
            if h.article.id != hit.article.id and not same_answer(answers[j], answers[i])
        ]
        alone = rank[i, :2] @ (features[i, :2] - _UNRELATED)
        lead = float(ranks[i] - max(rivals)) if rivals else float(alone)
        cosine = 10 * hit.parts.get("dense_above", 0.0)
        rows.append((1.0, relevance, margin, max(-6.0, min(6.0, lead)), cosine, other_name))
    return np.array(rows, np.float32)


def same_language(question: str, hits: Sequence[Hit]) -> NDArray[np.bool_]:
    """Whether each article is in the question's language, or at least nothing tells otherwise."""
    asked = detect_language(question).split("-")[0]
    written = [written_language(hit.article) for hit in hits]
    return np.array([not asked or not w or asked == w for w in written])


def _margin(span: Span | None) -> float:
    return max(-20.0, min(20.0, span.margin)) if span is not None else -20.0


def preface(hit: Hit) -> str:
    """What is read before the passage's own text: the headline, and a paragraph's short opening.

    "The mayor set out three demands." is all that tells who demands what in the passages to come.
    A long first sentence has matters of its own, and draws questions to the wrong passage.
    """
    headline = f"{hit.article.title}\n" if hit.article.title else ""
    text, begin = hit.article.text, hit.passage.start
    paragraph = text.rfind("\n", 0, begin) + 1
    until = min(begin, paragraph + _LONGEST)
    for start, end in split_sentences(text, paragraph, until):
        opening = text[start:end]
        if _width(opening) > _OPENING:
            break
        return f"{headline}{opening}{' ' if opening.isascii() else ''}"
    return headline


def answer_in(question: str, hit: Hit, scores: Scores) -> Span | None:
    """The best answer in the passage, as offsets in the text that was read.

    A person's office stands in a sentence that names the person, and is no person.
    """
    before = len(preface(hit))
    if whom := office_asked_of(question):
        return _office_in(whom, hit, scores, before)
    span = scores.best(before)
    return None if span is None else _trimmed(question, hit, span)


def _office_in(whom: str, hit: Hit, scores: Scores, before: int) -> Span | None:
    text, shift = hit.article.text, hit.passage.start - before
    plain, found = align(text), []
    for start, end in _units(hit):
        if whom in plain[start:end] and (
            span := scores.best(max(before, start - shift), end - shift)
        ):
            at = office_at(whom, text, span.start + shift, span.end + shift)
            if at is not None:
                found.append(replace(span, start=at[0] - shift, end=at[1] - shift))
    return max(found, key=lambda span: span.margin, default=None)


def _trimmed(question: str, hit: Hit, span: Span) -> Span:
    """The answer with whole titles; if it is a clause and the question asks when, the day in it."""
    text, shift = hit.article.text, hit.passage.start - len(preface(hit))
    start, end = with_whole_titles(text, span.start + shift, span.end + shift)
    if day := day_asked_for(question, text[start:end]):
        start, end = start + day[0], start + day[1]
    return replace(span, start=start - shift, end=end - shift)


def _sentence(hit: Hit, span: Span | None) -> str:
    return evidence_of(hit, span, 0.0).text if span is not None else ""


def evidence_of(hit: Hit, span: Span, score: float) -> Evidence:
    """The sentence or sentences around the answer, as offsets in the article."""
    shift = hit.passage.start - len(preface(hit))
    start, end = span.start + shift, span.end + shift
    around = [(a, b) for a, b in _units(hit) if a < end and b > start]
    left = min([a for a, _ in around], default=start)
    right = max([b for _, b in around], default=end)
    if right - left > _LONGEST:
        left, right = max(left, start - _LONGEST // 4), min(right, end + _LONGEST // 4)
    return Evidence(hit, left, right, score, bare(hit.article.text[start:end]))


def answer_of(hit: Hit, span: Span | None) -> str:
    """The bare answer; "" if there is none."""
    if span is None:
        return ""
    shift = hit.passage.start - len(preface(hit))
    return bare(hit.article.text[span.start + shift : span.end + shift])


def _more(hit: Hit, scores: Scores, best: Span, score: float) -> Iterator[Evidence]:
    """Further sentences of the passage that answer nearly as well."""
    before = len(preface(hit))
    shift = hit.passage.start - before
    for start, end in _units(hit):
        span = scores.best(max(before, start - shift), end - shift)
        if span is None or (span.start < best.end and best.start < span.end):
            continue
        if (behind := best.margin - span.margin) <= _NEAR:
            yield evidence_of(hit, span, score * (1 - behind / (2 * _NEAR)))


def _units(hit: Hit) -> Iterator[tuple[int, int]]:
    """The passage's sentences; one that is as short as a heading goes with its successor.

    "Third, on parking. The city will ..." is how newspapers list; the first sentence says what the
    second is about.
    """
    text = hit.article.text
    begin = -1
    # the passage may end with a heading whose text begins the next one
    until = min(len(text), hit.passage.end + _LONGEST)
    for start, end in split_sentences(text, hit.passage.start, until):
        if start >= hit.passage.end and begin < 0:
            return
        begin = start if begin < 0 else begin
        if _width(text[begin:end]) >= _HEADING or text[end : end + 1] == "\n" or end == len(text):
            yield begin, end
            begin = -1


def _width(text: str) -> int:
    """Length in half-width characters: a Chinese one says as much as two or three others."""
    return sum(1 + (ord(c) > 0x2E7F) for c in text)
