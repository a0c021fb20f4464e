"""The words of a short answer: without what clings to them, and with the whole of a title."""

from __future__ import annotations

import re

__all__ = ["bare", "with_whole_titles"]

_EDGES = " \t\n\u3000，。、；：！？,.;:!?"
_PAIRS = (("“", "”"), ("「", "」"), ("『", "』"), ("‘", "’"), ('"', '"'))
_LONE = (*_PAIRS, ("《", "》"), ("（", "）"), ("(", ")"))  # left of a pair, they belong elsewhere
_TITLE = re.compile(r"《[^《》\n]{1,40}》")
_AROUND = 42  # characters: a title and its marks


def bare(text: str) -> str:
    """The answer without what punctuation clings to it."""
    text = text.strip(_EDGES)
    for opening, closing in _LONE:
        if text.count(opening) + text.count(closing) == 1:
            text = text.strip(opening + closing + _EDGES)
    for opening, closing in _PAIRS:
        if text.startswith(opening) and text.endswith(closing) and len(text) > 2:
            inner = text[1:-1]
            if opening not in inner and closing not in inner:
                return inner
    return text


def with_whole_titles(text: str, start: int, end: int) -> tuple[int, int]:
    """The answer `text[start:end]`, extended to the whole of titles that it has one mark of.

    A mark alone at its edge is left for `bare` to take off. An answer within a title, without its
    marks, is left: it may be asked for.
    """
    left = max(0, start - _AROUND)
    for title in _TITLE.finditer(text, left, min(len(text), end + _AROUND)):
        first, past = title.span()
        if first < start < past - 1 and past <= end:
            start = first
        if start <= first < end - 1 and end < past:
            end = past
    return start, end
