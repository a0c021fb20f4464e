"""The extractive reader: where the passages found answer the question, and whether they do.

A trained network (`qa_bot.networks.reading_model`) reads each passage together with the question;
two small logistic models put its scores together with retrieval's. `Reader` is the interface any
other reader fills.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from qa_bot.answer.calibration import Calibration
from qa_bot.answer.evidence import (
    Evidence,
    answer_in,
    answer_of,
    evidence_of,
    more_evidence,
    states_office,
)
from qa_bot.answer.features import (
    RANK_FEATURES,
    confidence_features,
    rank_features,
    same_language,
    sentences_alone,
)
from qa_bot.answer.window import Window, windows
from qa_bot.networks.bundled import bundled_model_dir
from qa_bot.networks.embedding import Embedder, runs_openvino
from qa_bot.question.kinds import SEVERAL
from qa_bot.question.question import Question
from qa_bot.question.wording import same_answer
from qa_bot.records import Hit
from qa_bot.search.retriever import Search
from qa_bot.text.chinese import words
from qa_bot.text.languages import detect_language

if TYPE_CHECKING:
    from qa_bot.networks.passage_reader import PassageReader
    from qa_bot.networks.reading_model import TorchReader
    from qa_bot.networks.spans import Scores

__all__ = ["PASSAGES", "WEIGHTS", "Reader", "Reading", "TrainedReader"]

WEIGHTS = Path(str(files("qa_bot.networks"))) / "reader.safetensors"
PASSAGES = 8  # read for an answer, which is what takes the time
_LOOKED_AT_AGAIN = 3  # passages whose sentences are read by themselves
_KEPT = 32  # readings of a question's passages or sentences
_BELIEVED = 2.0  # logit of the relevance from which on a passage by itself answers
_STATED = 0.8  # confidence in an office that stands before the name


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

    def read(self, question: Question, search: Search, *, again: bool = True) -> Reading:
        """`again`: look twice at what may answer, where the time that takes is worth it."""
        ...

    def relevance(self, question: str, hits: Sequence[Hit]) -> list[float]:
        """How much each passage has to do with a question (logits)."""
        ...

    def warm_up(self) -> None: ...


class TrainedReader:
    """Reads the first passages of a search with the network that comes with the package.

    The network stands on the bundled model's embeddings, which it shares with `embedder` where
    that runs the same model. Weights that were never calibrated are read as those of the package.

    The order of passages takes all there is. Whether they answer at all is judged in another way
    where question and article are in different languages: what the network says is then worth
    less, and whether the article speaks of the question's matter at all, which the cosine tells, is
    worth more. Within a language the cosine adds nothing, and lies at another height in every
    collection. The network was trained on facts: what it says of reasons, statements and the like
    is right at lower logits.
    """

    def __init__(self, embedder: Embedder, weights: Path = WEIGHTS) -> None:
        self.embedder = embedder
        self.weights = weights
        calibration = Calibration.of(weights) or Calibration.of(WEIGHTS)
        assert calibration is not None, "the package's weights are calibrated"
        self.calibration = calibration
        # which understanding of a question is read best is found out before the one is answered
        self._scores = functools.lru_cache(maxsize=_KEPT)(self._scores_of)

    def warm_up(self) -> None:
        """Load the network, and what tells names and languages, now."""
        self._network()
        words("")
        detect_language("What is in here?")

    def read(self, question: Question, search: Search, *, again: bool = True) -> Reading:
        """The sentences that answer `question`, and the passages in a better order.

        Those that may answer are read `again` by themselves. For whether a question is complete
        that is no help: "and how much was it?" suits any sentence with a price.
        """
        found = windows(search.hits[:PASSAGES])
        if not found:
            return Reading((), 0.0, ())
        scores = self.scores(question, found)
        spans = [answer_in(question, w, s) for w, s in zip(found, scores, strict=True)]
        same = same_language(question, found)
        fitted = self.calibration
        rank = np.where(same[:, None], fitted.ranks[0], fitted.ranks[1])
        features = rank_features(question, found, scores, spans)
        whom = question.office_of
        stated = np.array([states_office(whom, w, s) for w, s in zip(found, spans, strict=True)])
        # what is stated comes first
        order = [int(i) for i in np.lexsort((-np.sum(features * rank, axis=1), ~stated))]
        answers = [answer_of(w, s) for w, s in zip(found, spans, strict=True)]
        relevance = features[:, RANK_FEATURES.index("relevance")]
        alone = sentences_alone(
            lambda texts: self._scores(question.read, tuple(texts)),
            found,
            spans,
            relevance,
            order[:_LOOKED_AT_AGAIN] if again else (),
        )
        signs = confidence_features(found, answers, features, rank, alone)
        weights = np.where(same[:, None], fitted.confidences[0], fitted.confidences[1])
        several = question.kind in SEVERAL
        shift = np.where(same, fitted.several if several else 0.0, fitted.across)
        probabilities = 1 / (1 + np.exp(-np.sum(signs * weights, axis=1) - shift))
        probabilities = np.maximum(probabilities, _STATED * stated)
        evidence: list[Evidence] = []
        for i in order:
            span, probability = spans[i], float(probabilities[i])
            if span is not None:
                evidence.append(evidence_of(found[i], span, probability))
                if several:
                    evidence += more_evidence(found[i], scores[i], span, probability)
        believed = {
            w.hit.passage.id for w, s in zip(found, scores, strict=True) if s.relevance > _BELIEVED
        }
        confidence = _confidence(evidence, believed)
        reranked = (*(found[i].hit for i in order), *search.hits[PASSAGES:])
        return Reading(tuple(evidence), confidence, reranked)

    def relevance(self, question: str, hits: Sequence[Hit]) -> list[float]:
        """What the network says of whether each passage answers (logits)."""
        texts = tuple(window.text for window in windows(hits))
        return [scores.relevance for scores in self._scores(question, texts)]

    def scores(self, question: Question, found: Sequence[Window]) -> list[Scores]:
        """What the network says of the text of each window."""
        return list(self._scores(question.read, tuple(window.text for window in found)))

    def _scores_of(self, question: str, texts: tuple[str, ...]) -> tuple[Scores, ...]:
        return tuple(self.read_texts(question, texts))

    def read_texts(self, question: str, texts: Sequence[str]) -> list[Scores]:
        """What the network says of each text; `question` is one as `Question.read` has it."""
        return self._network().read(question, texts)

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
    """The probability that the first sentence answers.

    Or, where two articles disagree, that the one or the other does: each is the other's rival, and
    yet they speak of what was asked.
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
