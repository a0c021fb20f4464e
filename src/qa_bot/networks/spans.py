"""What the reader's network says of a passage, token by token, and the best answer in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

__all__ = ["MOST_TOKENS", "MOST_TRIMMED", "Scores", "Span", "load_tokenizer", "token_span"]

MOST_TOKENS = 512  # of question and passage together
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
        inside = [
            i
            for i, (sequence, (a, b)) in enumerate(
                zip(self.encoding.sequence_ids, self.encoding.offsets, strict=True)
            )
            if sequence == 1 and a >= begin and (end is None or b <= end) and b > a
        ]
        if not inside:
            return None
        first, past = inside[0], inside[-1] + 1
        pairs = self.starts[first:past, None] + self.ends[None, first:past]
        reach = np.arange(past - first)[None, :] - np.arange(past - first)[:, None]
        pairs = np.where((reach >= 0) & (reach < _LONGEST_ANSWER), pairs, -np.inf)
        start, last = np.unravel_index(int(pairs.argmax()), pairs.shape)
        margin = float(pairs[start, last] - self.starts[0] - self.ends[0])
        head, tail = first + int(start), first + int(last)
        left, right = self.encoding.offsets[head][0], self.encoding.offsets[tail][1]
        trimmed = left + int(self.trims[head, 0]), right - int(self.trims[tail, 1])
        if trimmed[0] < min(trimmed[1], self.encoding.offsets[head][1]):
            left = trimmed[0]
        if max(left, self.encoding.offsets[tail][0]) < trimmed[1]:
            right = trimmed[1]
        return Span(left, right, margin)


def load_tokenizer(folder: Path) -> Tokenizer:
    """The tokenizer of the base model in `folder`, set to cut long passages, not questions."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(MOST_TOKENS, strategy="only_second")
    return tokenizer


def token_span(encoding: Encoding, start: int, end: int) -> tuple[int, int]:
    """First and last token of `passage[start:end]`; (0, 0) if it was cut off."""
    tokens = [
        i
        for i, (sequence, (a, b)) in enumerate(
            zip(encoding.sequence_ids, encoding.offsets, strict=True)
        )
        if sequence == 1 and a < end and b > start
    ]
    if not tokens or encoding.offsets[tokens[-1]][1] < end:
        return 0, 0
    return tokens[0], tokens[-1]
