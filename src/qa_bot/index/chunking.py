"""Articles to passages of whole sentences that know their exact place."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from langchain_text_splitters import RecursiveCharacterTextSplitter, TextSplitter

from qa_bot.text.sentences import sentence_breaks

__all__ = ["SentenceTextSplitter", "passage_spans"]

# Where a sentence that is longer than a passage may be cut, best first.
_CLAUSE_ENDS = [r"(?<=[；;])", r"(?<=[，,：:])(?!\d)", r"(?<=、)", r"(?<=\s)(?=\S)", ""]


class SentenceTextSplitter(TextSplitter):
    """Fills chunks of `chunk_size` characters with whole sentences, without overlap.

    Only a sentence that is longer than a chunk by itself is cut, at its clauses.
    """

    def __init__(self, chunk_size: int = 300, **kwargs: Any) -> None:
        # keep white space: the chunks must add up to the text again, or offsets would drift
        super().__init__(chunk_size=chunk_size, chunk_overlap=0, strip_whitespace=False, **kwargs)
        self._clauses = RecursiveCharacterTextSplitter(
            _CLAUSE_ENDS,
            is_separator_regex=True,
            keep_separator="end",
            chunk_size=chunk_size,
            chunk_overlap=0,
            strip_whitespace=False,
        )

    def split_text(self, text: str) -> list[str]:
        """Chunks of `text` in order; joined they are `text` again."""
        pieces: list[str] = []
        for left, right in pairwise((0, *sentence_breaks(text), len(text))):
            sentence = text[left:right]
            if len(sentence) > self._chunk_size:
                pieces.extend(self._clauses.split_text(sentence))
            else:
                pieces.append(sentence)
        return self._merge_splits(pieces, "")


def passage_spans(text: str, size: int = 300) -> list[tuple[int, int]]:
    """[start, end) of the passages of an article's `text`: about `size` characters, no overlap.

    White space around a passage is left out, so the spans cover every other character once.
    """
    spans = []
    at = 0
    for chunk in SentenceTextSplitter(size).split_text(text):
        inner = chunk.strip()
        if inner:
            start = at + len(chunk) - len(chunk.lstrip())
            spans.append((start, start + len(inner)))
        at += len(chunk)
    if at != len(text):
        raise AssertionError("the chunks do not add up to the text")
    return spans
