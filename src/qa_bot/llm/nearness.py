"""What the networks say of two texts in whatever languages: how near, and what answers what."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qa_bot.networks.spans import token_span

if TYPE_CHECKING:
    from qa_bot.answer.reader import TrainedReader
    from qa_bot.networks.embedding import Embedder

__all__ = ["Nearness"]

_KEPT = 512  # vectors of clauses: a passage is compared with each sentence of an answer


class Nearness:
    """The embedder and the reader, asked about clauses and figures."""

    def __init__(self, embedder: Embedder, reader: TrainedReader) -> None:
        self._embedder = embedder
        self._reader = reader
        self._vector = functools.lru_cache(maxsize=_KEPT)(self._vector_of)

    def cosines(self, text: str, others: Sequence[str]) -> NDArray[np.float32]:
        """The cosine of `text` with each of `others`, of shape (len(others),)."""
        return np.array([self._vector(other) for other in others]) @ self._vector(text)

    def answers(
        self, question: str, passage: str, spans: Sequence[tuple[int, int]]
    ) -> NDArray[np.float32]:
        """The logit, above "not here", that each [start, end) of `passage` answers `question`."""
        scores = self._reader.read_texts(question, [passage])[0]
        none = scores.starts[0] + scores.ends[0]
        found = []
        for start, end in spans:
            first, last = token_span(scores.encoding, start, end)
            tokens = slice(first, last + 1)
            found.append(scores.starts[tokens].max() + scores.ends[tokens].max() - none)
        return np.array(found, np.float32)

    def _vector_of(self, text: str) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = self._embedder.embed([text])[0]
        return vector
