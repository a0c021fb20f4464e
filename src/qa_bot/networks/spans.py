"""What the reader's network says of a passage, token by token, and the best answer in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa_bot.networks.tokenizer import Encoding

__all__ = ["MOST_TRIMMED", "Scores", "Span", "token_span"]

MOST_TRIMMED = 2  # characters of a token
_LONGEST_ANSWER = 60  # tokens


@dataclass(frozen=True, slots=True)
class Span:
    """An answer in a passage: `passage[start:end]`; `margin` is its logit above "not here"."""

    start: int
    end: int
    margin: float


@dataclass(frozen=True, slots=True)
class Scores:
    """What the network says of one passage: logits, `starts` and `ends` of shape (tokens,).

    `trims`, of shape (tokens, 2), are the characters to leave out of a first and a last token.
    """

    relevance: float
    starts: NDArray[np.float32]
    ends: NDArray[np.float32]
    trims: NDArray[np.int64]
    encoding: Encoding

    def best(self, begin: int = 0, end: int | None = None) -> Span | None:
        """The best answer inside `passage[begin:end]`; None if no token of it was read."""
        offsets, at = self.encoding.offsets, self.encoding.passage.start
        within = offsets[:, 0] >= begin
        if end is not None:
            within &= offsets[:, 1] <= end
        inside = np.flatnonzero(within)
        if not len(inside):
            return None
        first, past = int(inside[0]), int(inside[-1]) + 1
        starts, ends = self.starts[at + first : at + past], self.ends[at + first : at + past]
        pairs = starts[:, None] + ends[None, :]
        reach = np.arange(past - first)[None, :] - np.arange(past - first)[:, None]
        pairs = np.where((reach >= 0) & (reach < _LONGEST_ANSWER), pairs, -np.inf)
        start, last = np.unravel_index(int(pairs.argmax()), pairs.shape)
        margin = float(pairs[start, last] - self.starts[0] - self.ends[0])
        head, tail = first + int(start), first + int(last)
        left, right = int(offsets[head, 0]), int(offsets[tail, 1])
        trims = self.trims[at:]
        trimmed = left + int(trims[head, 0]), right - int(trims[tail, 1])
        if trimmed[0] < min(trimmed[1], offsets[head, 1]):
            left = trimmed[0]
        if max(left, int(offsets[tail, 0])) < trimmed[1]:
            right = trimmed[1]
        return Span(left, right, margin)


def token_span(encoding: Encoding, start: int, end: int) -> tuple[int, int]:
    """First and last token of `passage[start:end]`; (0, 0) if it was cut off."""
    offsets, at = encoding.offsets, encoding.passage.start
    tokens = np.flatnonzero((offsets[:, 0] < end) & (offsets[:, 1] > start))
    if not len(tokens) or offsets[tokens[-1], 1] < end:
        return 0, 0
    return at + int(tokens[0]), at + int(tokens[-1])
