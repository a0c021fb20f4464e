"""The extractive reader: which sentences of the passages found answer the question.

It is a linear model over what retrieval, the embedding of each sentence and the kind of the
question tell; `Reader` is the interface any other reader fills.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qa_bot.embedding import Embedder
from qa_bot.languages import detect_language, written_language
from qa_bot.questions import AnswerKind, align, answer_kind, candidates, names
from qa_bot.records import Article, Hit
from qa_bot.retrieval import Search, coverage
from qa_bot.sentences import split_sentences
from qa_bot.shortening import short_answer

__all__ = [
    "CONFIDENCE_FEATURES",
    "FEATURES",
    "Evidence",
    "Reader",
    "Reading",
    "SentenceReader",
    "confidence_features",
    "sentence_features",
    "sentences_of",
]

_PASSAGES = 6  # read for an answer
# Sentences embedded for one question, which is what takes the time. Between two languages words
# cannot choose them, so more are tried.
_SENTENCES_SAME, _SENTENCES_OTHER = 12, 20
# What is left of the confidence when the question names somebody or something that is nowhere in
# the article: what A gave is no answer to what B gave, however alike the sentences are.
_OTHER_NAME = 0.15
_HEADING = 40  # half-width characters
_LONGEST = 400  # characters; a longer "sentence" is a list or a table, and proves nothing shortly


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that may answer: `hit.article.text[start:end]`, with its score (a probability)."""

    hit: Hit
    start: int
    end: int
    score: float

    @property
    def text(self) -> str:
        return self.hit.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader made of a search: sentences, best first, the bare answer, its probability."""

    evidence: tuple[Evidence, ...]
    short: str
    confidence: float


class Reader(Protocol):
    """Anything that finds the answer to a question in what a search gave."""

    def read(self, question: str, search: Search) -> Reading: ...


FEATURES = (
    "bias",
    "sentence_cosine",  # of sentence and question above the background, in tenths
    "sentence_coverage",  # share of the question's term weight in the sentence (0 to 1)
    "context_coverage",  # the same in the sentence, its neighbours and the headline
    "lacks_kind",  # 1 if it holds nothing of the kind asked for
)
# What tells whether the first sentence of a ranking answers: how good it is, which differs from
# collection to collection and between languages, and how it stands out from the others.
CONFIDENCE_FEATURES = (
    "bias",
    "sentence_cosine",
    "context_coverage",
    "lacks_kind",
    "lead",
    "prominence",
)


class SentenceReader:
    """Ranks the sentences of the best passages by a linear model of `FEATURES`."""

    def __init__(self, embedder: Embedder) -> None:
        self.embedder = embedder

    def read(self, question: str, search: Search) -> Reading:
        """The sentences that answer `question`, with the bare answer and a confidence."""
        kind = answer_kind(question)
        spans = sentences_of(question, search)
        if not spans:
            return Reading((), "", 0.0)
        features = sentence_features(kind, search, spans, self.embedder)
        same = _same_language(question, (hit.article for hit, _, _ in spans))
        models = [SAME_LANGUAGE if same[hit.article.id] else OTHER_LANGUAGE for hit, _, _ in spans]
        logits = np.sum(features * [m.rank for m in models], axis=1)
        scores = _sigmoid(logits)
        order = np.argsort(-logits, kind="stable")
        evidence = tuple(
            Evidence(spans[i][0], spans[i][1], spans[i][2], float(scores[i])) for i in order
        )
        # logits of two models do not compare: the first stands out from those of its own
        alike = np.array([m is models[order[0]] for m in models])
        _, signs = confidence_features(features[alike], logits[alike])
        best = order[0]
        confidence = float(_sigmoid(signs @ models[best].confidence))
        article = evidence[0].hit.article
        if same[article.id] and _names_another(question, article):
            confidence *= _OTHER_NAME
        short = short_answer(kind, evidence[0].text, search.weights)
        return Reading(evidence, short, confidence)


@dataclass(frozen=True, slots=True)
class _Model:
    rank: NDArray[np.float32]
    confidence: NDArray[np.float32]


def _weights(*values: float) -> NDArray[np.float32]:
    return np.array(values, np.float32)


# Logistic regressions by the functions of eval/fit_reader.py on 200 questions of CMRC 2018's
# training and DRCD's development part, over 1,250 of their contexts. Which features to take, and
# the threshold, were chosen with an eye on the project's own questions, too.
# Of a question in another language than the article its words tell nothing. Balanced accuracy
# there is flat (.88 to .91) between confidences of 0.1 and 0.5; the default of
# `Settings.answer_threshold` is at the lower end, for real questions share fewer words.
SAME_LANGUAGE = _Model(
    rank=_weights(-10.16, 4.88, 3.31, 1.92, -2.03),
    confidence=_weights(-8.24, 3.53, 3.00, -1.79, 0.27, 0.52),
)
OTHER_LANGUAGE = _Model(
    rank=_weights(-10.53, 7.88, 0, 0, -2.00),
    confidence=_weights(-9.03, 5.34, 0, -1.15, 0.42, 0.74),
)


def sentences_of(question: str, search: Search) -> list[tuple[Hit, int, int]]:
    """The sentences of the best passages worth embedding, each text once, as (hit, start, end)."""
    seen: set[str] = set()
    spans = []
    for hit in search.hits[:_PASSAGES]:
        for start, end in _units(hit):
            text = hit.article.text[start:end]
            if text not in seen and len(text) <= _LONGEST:
                seen.add(text)
                spans.append((hit, start, end, coverage(search.weights, text)))
    same = _same_language(question, (hit.article for hit in search.hits[:_PASSAGES]))
    most = _SENTENCES_SAME if all(same.values()) else _SENTENCES_OTHER
    # those that share no word with the question go first, the last passages' before the others
    worth = sorted(range(len(spans)), key=lambda i: (-round(spans[i][3], 1), i))[:most]
    return [spans[i][:3] for i in sorted(worth)]


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


def sentence_features(
    kind: AnswerKind,
    search: Search,
    spans: Sequence[tuple[Hit, int, int]],
    embedder: Embedder,
) -> NDArray[np.float32]:
    """`FEATURES` of each sentence, float32 of shape (len(spans), len(FEATURES))."""
    cosines = _sentence_cosines(search, spans, embedder)
    asked = kind not in ("other", "reason", "list")
    rows = []
    for i, (hit, start, end) in enumerate(spans):
        text = hit.article.text[start:end]
        around = [hit.article.text[s:e] for h, s, e in spans[max(0, i - 1) : i + 2] if h is hit]
        rows.append(
            (
                1.0,
                10 * cosines[i],
                coverage(search.weights, text),
                coverage(search.weights, "\n".join([hit.article.title, *around])),
                float(asked and not candidates(kind, text)),
            )
        )
    return np.array(rows, np.float32)


def confidence_features(
    features: NDArray[np.float32], logits: NDArray[np.float32]
) -> tuple[int, NDArray[np.float32]]:
    """Which sentence is first, and the `CONFIDENCE_FEATURES` of that, float32 (6,).

    `features` has shape (n, len(FEATURES)), n > 0; `logits` (n,) are the ranking's. `lead` is the
    first logit less the second, `prominence` the first less the median; both at most 6.
    """
    best = int(np.argmax(logits))
    others = np.delete(logits, best)
    lead = logits[best] - others.max() if len(others) else 0.0
    prominence = logits[best] - np.median(others) if len(others) else 0.0
    shared = [features[best, FEATURES.index(name)] for name in CONFIDENCE_FEATURES[:-2]]
    return best, np.array([*shared, min(lead, 6.0), min(prominence, 6.0)], np.float32)


def _sentence_cosines(
    search: Search, spans: Sequence[tuple[Hit, int, int]], embedder: Embedder
) -> NDArray[np.float32]:
    """Cosine of each sentence with the question above the background's, shape (n,)."""
    if search.vector is None:
        return np.zeros(len(spans), np.float32)
    texts = [f"{hit.article.title}\n{hit.article.text[s:e]}".strip() for hit, s, e in spans]
    worth = [search.above_background(0.0, written_language(hit.article)) for hit, _, _ in spans]
    cosines: NDArray[np.float32] = embedder.embed(texts) @ search.vector
    return cosines + np.array(worth, np.float32)


def _same_language(question: str, articles: Iterable[Article]) -> dict[str, bool]:
    """By article id, whether the article is in the question's language."""
    asked = _language(question)
    same = {}
    for article in articles:
        if article.id not in same:
            written = written_language(article)
            same[article.id] = not asked or not written or asked == written
    return same


def _names_another(question: str, article: Article) -> bool:
    """Whether most of a name in the question is missing in the article, its date included."""
    asked = names(question)
    if not asked:
        return False
    text = align("\n".join((article.title, article.published, article.source, article.text)))
    for name in asked:
        pairs = [name[i : i + 2] for i in range(len(name) - 1)]
        if name.isdigit() or name.startswith("第"):
            if name not in text:
                return True
        elif 2 * sum(pair in text for pair in pairs) < len(pairs):
            return True
    return False


def _language(text: str) -> str:
    return detect_language(text).split("-")[0]


def _sigmoid(x: NDArray[np.float32] | np.float32) -> NDArray[np.float32]:
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -30, 30))), np.float32)
