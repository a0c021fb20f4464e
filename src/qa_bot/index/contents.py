"""Which articles hold some words anywhere, texts included, and where in a text they stand."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from qa_bot.index.filters import Filter
from qa_bot.index.mentions import Spelling, look_up
from qa_bot.index.protocol import Index
from qa_bot.records import Article, Excerpt
from qa_bot.text.terms import normalise
from qa_bot.text.utf8 import storable

__all__ = ["Contents", "excerpt_of"]

_BATCH = 500  # articles in memory at once
_KEPT = 8  # searches that are remembered: a list asks once to count and once for each page
_LONGEST = 200  # characters looked for
_BEFORE, _AFTER = 24, 96  # characters of an excerpt on either side of the first match


class Contents:
    """Looks words up in all that an index's articles say; safe to share by threads."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[str, tuple[int, ...]]] = {}  # with the state it was found in

    def holders(self, wanted: str) -> tuple[int, ...]:
        """Ascending keys of the articles that hold every word of `wanted`.

        Each in text, headline, byline or source, in any script, width and case.
        """
        wanted = storable(wanted)
        state = self._index.state()
        with self._lock:
            kept = self._kept.get(wanted)
        if kept is not None and kept[0] == state:
            return kept[1]
        self._index.refresh()
        found: set[int] | None = None
        for word in dict.fromkeys(wanted[:_LONGEST].split()):
            holding = self._holding(word)
            found = holding if found is None else found & holding
            if not found:
                break
        keys = tuple(sorted(found or ()))
        with self._lock:
            self._kept.pop(wanted, None)
            while len(self._kept) >= _KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[wanted] = (state, keys)
        return keys

    def _holding(self, word: str) -> set[int]:
        headed = set(self._index.keys(Filter(contains=word)))
        terms = look_up(word)
        if not terms:
            return headed
        found = self._index.keys_of_passages(self._index.holding(terms).tolist()) - headed
        if len(terms) > 1:  # pairs of characters may stand apart
            spelling = Spelling(word)
            found = {key for key, article in self._articles(found) if _holds(article, spelling)}
        return found | headed

    def _articles(self, keys: set[int]) -> Iterator[tuple[int, Article]]:
        wanted = sorted(keys)
        for at in range(0, len(wanted), _BATCH):
            yield from self._index.by_keys(wanted[at : at + _BATCH])


def _holds(article: Article, spelling: Spelling) -> bool:
    return spelling.count(normalise(f"{article.title}\n{article.text}")) > 0


def excerpt_of(article: Article, wanted: str) -> Excerpt | None:
    """Where the words of `wanted` stand first in an article's text; None where none does."""
    normal, places = _normal(article.text)
    marks = sorted(
        (places[begin], places[end - 1] + 1)
        for word in dict.fromkeys(wanted[:_LONGEST].split())
        for begin, end in Spelling(word).spans(normal)
        if end > begin
    )
    if not marks:
        return None
    start = max(marks[0][0] - _BEFORE, 0)
    end = min(max(marks[0][1], start + _BEFORE + _AFTER), len(article.text))
    inside: list[tuple[int, int]] = []
    for first, last in marks:
        if last <= end and (not inside or first >= inside[-1][1] - start):
            inside.append((first - start, last - start))
    return Excerpt(article.text[start:end], start, tuple(inside), len(marks))


def _normal(text: str) -> tuple[str, list[int]]:
    """Normalised text, and of each of its characters where in `text` it is from."""
    known: dict[str, str] = {}
    parts: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        normal = known.get(character)
        if normal is None:
            normal = known[character] = normalise(character)
        parts.append(normal)
        places.extend([place] * len(normal))
    return "".join(parts), places
