"""What tells which passage answers, and whether it does: features for two small models."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qa_bot.answer.evidence import evidence_of
from qa_bot.answer.name_check import other_name
from qa_bot.answer.window import Window
from qa_bot.question.question import Question
from qa_bot.question.wording import same_answer

if TYPE_CHECKING:
    from qa_bot.networks.spans import Scores, Span

__all__ = [
    "CONFIDENCE_FEATURES",
    "RANK_FEATURES",
    "confidence_features",
    "rank_features",
    "same_language",
    "sentences_alone",
]

# Logits of the network, and retrieval's fused score in hundredths. `other_name`: 1 if the question
# names a person, a place or a day that is nowhere in the article, for what A gave is no answer to
# what B gave; more where the article tells of a namesake. `bias` lets passages in the question's
# language and in others be compared.
RANK_FEATURES = ("relevance", "margin", "retrieval", "other_name", "bias")
# `lead`: the passage's rank above that of the best of another article that answers otherwise (at
# most 6 either way);
# `cosine`: of passage and question above the background, in tenths;
# `alone`: relevance of the sentence that answers, read by itself under its headline.
CONFIDENCE_FEATURES = ("bias", "relevance", "margin", "lead", "cosine", "other_name", "alone")
# Logits of a passage that has nothing to do with a question: what a lone article is compared with.
_UNRELATED = np.array([-4.0, -8.0], np.float32)
_ALONE = -1.0  # logit by which a sentence is less relevant than its passage, on the average


def rank_features(
    question: Question,
    windows: Sequence[Window],
    scores: Sequence[Scores],
    spans: Sequence[Span | None],
) -> NDArray[np.float32]:
    """`RANK_FEATURES` of each passage, float32 of shape (n, len(RANK_FEATURES))."""
    rows = [
        (
            s.relevance,
            _margin(span),
            100 * window.hit.score,
            other_name(question, window, _sentence(window, span), same_language=bool(same)),
            1.0,
        )
        for window, s, span, same in zip(
            windows, scores, spans, same_language(question, windows), strict=True
        )
    ]
    return np.array(rows, np.float32)


def confidence_features(
    windows: Sequence[Window],
    answers: Sequence[str],
    features: NDArray[np.float32],
    rank: NDArray[np.float32],
    alone: NDArray[np.float32],
) -> NDArray[np.float32]:
    """`CONFIDENCE_FEATURES` of each passage, float32 of shape (n, len(CONFIDENCE_FEATURES)).

    `answers` are the passages' best, `features` those of `rank_features`, `rank` their weights, of
    the same shape; `alone`, of shape (n,), is what `sentences_alone` gives.
    """
    ranks = np.sum(features * rank, axis=1)
    rows = []
    for i, window in enumerate(windows):
        relevance, margin, _, other_name, _ = features[i]
        rivals = [
            ranks[j]
            for j, other in enumerate(windows)
            if other.article.id != window.article.id and not same_answer(answers[j], answers[i])
        ]
        unrivalled = rank[i, :2] @ (features[i, :2] - _UNRELATED)
        lead = float(ranks[i] - max(rivals)) if rivals else float(unrivalled)
        cosine = 10 * window.hit.parts.get("dense_above", 0.0)
        lead = max(-6.0, min(6.0, lead))
        rows.append((1.0, relevance, margin, lead, cosine, other_name, alone[i]))
    return np.array(rows, np.float32)


def sentences_alone(
    read: Callable[[Sequence[str]], Sequence[Scores]],
    windows: Sequence[Window],
    spans: Sequence[Span | None],
    relevance: NDArray[np.float32],
    which: Sequence[int],
) -> NDArray[np.float32]:
    """The relevance of each passage's answering sentence under its headline, float32 of shape (n,).

    A passage says much that has to do with a question; the sentence shows whether it answers. Only
    those `which` are read, for the rest it is taken from the passage's own `relevance`, of shape
    (n,).
    """
    alone = relevance + _ALONE
    looked_at = [i for i in which if spans[i] is not None]
    texts = []
    for i in looked_at:
        span = spans[i]
        assert span is not None
        texts.append(f"{windows[i].article.title}\n{evidence_of(windows[i], span, 0.0).text}")
    if texts:
        alone[looked_at] = [scores.relevance for scores in read(texts)]
    return alone


def same_language(question: Question, windows: Sequence[Window]) -> NDArray[np.bool_]:
    """Whether each article is in the question's language, or at least nothing tells otherwise."""
    asked = question.primary
    written = [window.of.language for window in windows]
    return np.array([not asked or not w or asked == w for w in written])


def _margin(span: Span | None) -> float:
    return max(-20.0, min(20.0, span.margin)) if span is not None else -20.0


def _sentence(window: Window, span: Span | None) -> str:
    """The sentence around the answer, aligned."""
    return evidence_of(window, span, 0.0).plain if span is not None else ""
