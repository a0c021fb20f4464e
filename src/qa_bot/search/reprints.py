"""Reprints: passages that say word for word what a better one says already."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa_bot.records import Hit

__all__ = ["fold"]

_ENDS = 40  # characters at either end in which printings differ: datelines, credits
_END_SHARE = 0.25
_SHORTEST = 30  # characters that must be the same
_SPACE = re.compile(r"\s+")
_PAGE = re.compile(r"第?[A-Z]?[0-9]+版")
_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)*")


def fold(hits: Sequence[Hit], k: int) -> list[Hit]:
    """The first `k` hits that say something of their own; reprints follow where room is left.

    A reprint differs from a better hit of another article at its ends alone, and in no number
    there: an edited copy may contradict, and is shown.
    """
    own: list[Hit] = []
    copies: list[Hit] = []
    squeezed: list[str] = []
    for hit in hits:
        if len(own) == k:
            break
        text = _SPACE.sub("", hit.passage.text)
        if any(
            other.article.id != hit.article.id and _is_reprint(text, known)
            for other, known in zip(own, squeezed, strict=True)
        ):
            copies.append(hit)
            continue
        own.append(hit)
        squeezed.append(text)
    return own + copies[: k - len(own)]


def _is_reprint(one: str, other: str) -> bool:
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    end = min(_ENDS, int(_END_SHARE * len(short)))
    middle = short[end : len(short) - end]
    at = long.find(middle)
    if len(middle) < _SHORTEST or at < 0:
        return False
    if at > end + _ENDS or len(long) - at - len(middle) > end + _ENDS:
        return False  # the longer one tells more
    rest = long[:at] + " " + long[at + len(middle) :]
    mine, its = (
        set(_NUMBER.findall(_PAGE.sub("", text)))
        for text in (f"{short[:end]} {short[len(short) - end :]}", rest)
    )
    return not (mine - its and its - mine)
