"""Sentence boundaries in Chinese, Japanese and Western text."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["sentence_breaks", "split_sentences"]

_CLOSERS = "”’」』）)】》〉\"'"

# The end of a sentence: closing marks stay with it, and so does white space behind. A Western full
# stop needs white space behind it, for 3.5 and qa.example end nothing. Japanese 」と goes on.
_END = re.compile(
    rf"[。！？!?…]+[{_CLOSERS}]*(?![{_CLOSERS}，、；：。])(?!(?<=」)[とっ])\s*"
    rf"|\.[{_CLOSERS}]*[ \t]+(?=[^\sa-z])"
    r"|(?<!\s)\s*\n\s*"  # anchored, or a run of blanks would be tried from each of them
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Messrs|Ms|Dr|Prof|St|No|vs|Jr|Sr|Gen|Col|Rev|Fig|pp|ca|Nr|bzw|M|Mme)|\b[A-Z])$"
)


def sentence_breaks(text: str, start: int = 0, end: int | None = None) -> Iterator[int]:
    """The offsets in `text[start:end]` at which a new sentence begins, ascending.

    A line break ends a sentence. White space between two sentences belongs to the first.
    """
    end = len(text) if end is None else end
    for match in _END.finditer(text, start, end):
        if text[match.start()] == "." and _ABBREVIATION.search(
            text, max(start, match.start() - 7), match.start()
        ):
            continue
        if start < match.end() < end:
            yield match.end()


def split_sentences(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """[start, end) of each sentence of `text[start:end]`, without the white space around it."""
    end = len(text) if end is None else end
    spans = []
    left = start
    for right in (*sentence_breaks(text, start, end), end):
        piece = text[left:right]
        inner = piece.strip()
        if inner:
            begin = left + len(piece) - len(piece.lstrip())
            spans.append((begin, begin + len(inner)))
        left = right
    return spans
