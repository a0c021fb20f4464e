"""Where the passages found for a question stop being relevant to it."""

from __future__ import annotations

from collections.abc import Sequence

from qa_bot.newspaper.furniture import is_furniture
from qa_bot.records import Hit
from qa_bot.text.imprint import is_imprint

__all__ = ["cut"]

# Shares of what the best passage has: of its cosine above the background, of its coverage.
_DENSE = 0.75
_COVERAGE = 0.5


def cut(hits: Sequence[Hit]) -> tuple[list[Hit], list[Hit]]:
    """The relevant hits and the others, each in the order given; furniture is in neither.

    A hit is relevant that comes near the best one in meaning or in words. Where there are any hits
    at least the first is.
    """
    said = [hit for hit in hits if _says_something(hit.passage.text)]
    near, covering = (
        max((hit.parts.get(part, 0.0) for hit in said), default=0.0)
        for part in ("dense_above", "coverage")
    )
    relevant: list[Hit] = []
    others: list[Hit] = []
    for n, hit in enumerate(said):
        means = near > 0 and hit.parts.get("dense_above", 0.0) >= _DENSE * near
        holds = covering > 0 and hit.parts.get("coverage", 0.0) >= _COVERAGE * covering
        (relevant if means or holds or n == 0 else others).append(hit)
    return relevant, others


def _says_something(text: str) -> bool:
    """Whether a line of it is an article's, and not its page's."""
    lines = [line for line in text.splitlines() if line.strip()]
    return not all(is_imprint(line) or is_furniture(line, at_edge=True) for line in lines)
