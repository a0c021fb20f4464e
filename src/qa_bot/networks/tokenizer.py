"""The base model's tokenizer, as SentencePiece runs it.

Of transformers' form of the same vocabulary, loading takes twice the time and five times the
memory, and holds up every other thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sentencepiece import SentencePieceProcessor

__all__ = ["MODEL_FILE", "MOST_TOKENS", "PADDING", "Encoding", "TokenIds", "Tokenizer"]

MODEL_FILE = "sentencepiece.bpe.model"  # the name it has in XLM-R's folders
MOST_TOKENS = 512  # of one text, or of question and passage together
PADDING = 1

_BEGIN, _END = 0, 2

TokenIds = NDArray[np.int32]  # (tokens,)
Offsets = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Encoding:
    """Tokens of a text, or of a question and a passage, with those that mark beginning and end.

    `ids` is int32 of shape (tokens,). `passage` are the numbers of the passage's tokens; those
    stand for `passage[a:b]` with (a, b) in `offsets`, int32 of shape (len(passage), 2).
    """

    ids: TokenIds
    passage: range
    offsets: Offsets

    def __len__(self) -> int:
        return len(self.ids)

    def offset(self, token: int) -> tuple[int, int]:
        """Where a token of the passage begins and ends in it."""
        begin, end = self.offsets[token - self.passage.start]
        return int(begin), int(end)


class Tokenizer:
    """Cuts text into the tokens of the base model in `folder`; threads may share it."""

    def __init__(self, folder: Path) -> None:
        self._pieces = SentencePieceProcessor(model_file=str(folder / MODEL_FILE))

    def encode(self, texts: Sequence[str]) -> list[TokenIds]:
        """The token ids of each text, int32; what is beyond `MOST_TOKENS` is cut off."""
        most = MOST_TOKENS - 2
        return [np.array([_BEGIN, *ids[:most], _END], np.int32) for ids in self._ids(list(texts))]

    def encode_pairs(self, question: str, passages: Sequence[str]) -> list[Encoding]:
        """Each passage after the question; what is beyond `MOST_TOKENS` is cut from the passage."""
        head = [_BEGIN, *self._ids([question])[0][: MOST_TOKENS - 4], _END, _END]
        room = MOST_TOKENS - len(head) - 1
        encodings = []
        for passage in passages:
            mapped = self._pieces.encode(passage, return_type="offset_mapping")
            ids = mapped["ids"][:room]
            offsets = _of_characters(passage, mapped["offsets"][:room])
            tokens = range(len(head), len(head) + len(ids))
            encodings.append(Encoding(np.array([*head, *ids, _END], np.int32), tokens, offsets))
        return encodings

    def _ids(self, texts: list[str]) -> list[list[int]]:
        ids: list[list[int]] = self._pieces.encode(texts, num_threads=1)
        return ids


def _of_characters(text: str, offsets: list[tuple[int, int]]) -> Offsets:
    """Offsets without the spaces that SentencePiece counts to the word behind them.

    A token that is nothing but such a space is given the character behind it: where an answer
    begins there, this is the token the network takes for its beginning.
    """
    rows = []
    for begin, end in offsets:
        while begin < end and text[begin].isspace():
            begin += 1
        rows.append((begin, max(end, begin + 1)))
    return np.array(rows, np.int32).reshape(-1, 2)
