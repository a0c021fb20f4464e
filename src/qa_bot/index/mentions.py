"""Exactly which articles hold a word or a name, and how often."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qa_bot.records import Article, Listed
from qa_bot.text.terms import normalise, terms

__all__ = ["Mentions", "Spelling", "count_mentions", "look_up"]

_LATIN = tuple(string.ascii_lowercase + string.digits)


@dataclass(frozen=True, slots=True)
class Mentions:
    """The articles that hold all of `terms`, in the order of their dates, and how often.

    `times` is how often the terms stand in them, headlines included; where several are asked for,
    the first alone is counted.
    """

    terms: tuple[str, ...]
    articles: tuple[Listed, ...]

    @property
    def times(self) -> int:
        return sum(item.mentions for item in self.articles)


class Spelling:
    """A word as it is looked for: in any script, width and case; Latin words as whole words."""

    def __init__(self, term: str) -> None:
        self.normal = normalise(term.strip())
        left = r"(?<![^\W_])" if self.normal.startswith(_LATIN) else ""
        right = r"(?![^\W_])" if self.normal.endswith(_LATIN) else ""
        # between Han characters and Latin letters there is no word boundary
        left, right = (edge.replace(r"[^\W_]", "[a-z0-9]") for edge in (left, right))
        words = r"\s+".join(map(re.escape, self.normal.split()))
        self._pattern = re.compile(left + words + right)

    def count(self, normal: str) -> int:
        """How often it stands in normalised text."""
        return len(self._pattern.findall(normal))

    def spans(self, normal: str) -> list[tuple[int, int]]:
        """[start, end) of where it stands in normalised text."""
        return [match.span() for match in self._pattern.finditer(normal)]


def look_up(term: str) -> list[str]:
    """The index's terms that every text with `term` holds."""
    found = list(dict.fromkeys(terms(term)))
    pairs = [t for t in found if len(t) > 1 or t.isascii()]
    return pairs or found


def count_mentions(wanted: Sequence[str], articles: Iterable[Article]) -> Mentions:
    """Which of `articles` hold each of `wanted`, headlines included."""
    spellings = [Spelling(term) for term in wanted]
    listed = []
    for article in articles:
        normal = normalise(f"{article.title}\n{article.text}")
        counts = [spelling.count(normal) for spelling in spellings]
        if counts and all(counts):
            listed.append(Listed(article, counts[0]))
    listed.sort(key=lambda item: (not item.article.published[:1].isdigit(), item.article.published))
    return Mentions(tuple(wanted), tuple(listed))
