"""A figure of a text: a quantity, a moment or a period, with the words around it."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa_bot.text.chinese import words
from qa_bot.text.dates import dates_in
from qa_bot.text.moments import Moment, moments_in
from qa_bot.text.periods import Period, periods_in
from qa_bot.text.quantities import Quantity, quantities_in
from qa_bot.text.terms import content_terms

__all__ = ["Figure", "day_of", "figures_in"]

_CLAUSE_END = re.compile(
    r"[，。；！？、\n]|[;!?](?=\s|$)|,(?!\d)|\.(?=\s|$)|(?<=\w)(?<!\ball) (?:and|while|but) "
)
_KANA, _HAN = re.compile("[\u3040-\u30ff]"), re.compile("[\u3400-\u9fff]")
_SENTENCE_END = re.compile(r"[。！？；\n]|[.!?;](?=\s|$)")


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity, moment or period of `text`, with the clause and the sentence around it.

    `at` is where the clause begins; `terms` are those of the clause without its figures; `behind`
    is what follows in the clause.
    """

    what: Quantity | Moment | Period
    text: str
    at: int
    clause: str
    sentence: str
    terms: tuple[str, ...]
    behind: str

    @property
    def written(self) -> str:
        """The figure as it stands in the text."""
        return self.text[self.what.start : self.what.end].strip()

    @property
    def before(self) -> str:
        """What stands before it in its clause."""
        return self.text[self.at : self.what.start]


def day_of(text: str, published: str) -> str:
    """The ISO day that aligned `text` counts from: the day it was `published`, or its first."""
    if published:
        return published
    return next((iso for _, _, iso in dates_in(text) if len(iso) == 10 and iso[0] != "-"), "")


@functools.lru_cache(maxsize=256)  # a passage is compared with each sentence
def figures_in(text: str, today: str) -> tuple[Figure, ...]:
    """The figures of aligned `text`, which is of the ISO day `today` ("" if unknown)."""
    periods = periods_in(text, today)
    moments = moments_in(text, today if len(today) == 10 else "")
    parts = [(p.start, p.end) for p in periods if not p.relative]
    moments = [m for m in moments if not any(a <= m.start < b for a, b in parts)]
    spans = [(m.start, m.end) for m in moments] + [(p.start, p.end) for p in periods]
    sentences = _cuts(text, _SENTENCE_END)
    quantities = _with_rates(quantities_in(text, spans), sentences)
    everything: list[Quantity | Moment | Period] = [*moments, *periods, *quantities]
    spans += [(what.start, what.end) for what in quantities]
    clauses = _cuts(text, _CLAUSE_END)
    bare = _without(text, spans)
    found = []
    for what in sorted(everything, key=lambda what: what.start):
        clause, sentence = _around(clauses, what.start), _around(sentences, what.start)
        told = bare[slice(*clause)]
        terms = _terms(told) if told.strip() else ()
        behind = text[what.end : clause[1]]
        told, around = text[slice(*clause)], text[slice(*sentence)]
        found.append(Figure(what, text, clause[0], told, around, terms, behind))
    return tuple(found)


def _with_rates(quantities: Sequence[Quantity], sentences: Sequence[int]) -> list[Quantity]:
    """The quantities; of a price for 每斤 the next in its sentence is for as much."""
    found: list[Quantity] = []
    for quantity in quantities:
        before = found[-1] if found else None
        if (
            before
            and before.per
            and not quantity.per
            and before.dimension == quantity.dimension
            and _around(sentences, before.start) == _around(sentences, quantity.start)
        ):
            quantity = quantity._replace(per=before.per, per_dimension=before.per_dimension)
        found.append(quantity)
    return found


def _terms(bare: str) -> tuple[str, ...]:
    """The words of a clause: Chinese ones by the dictionary, pairs across words tell nothing."""
    if _KANA.search(bare) or not _HAN.search(bare):
        return tuple(t for t in content_terms(bare) if len(t) > 1)
    return tuple(
        dict.fromkeys(w for w, tag in words(bare) if len(w) > 1 and w.strip() and tag != "x")
    )


def _cuts(text: str, pattern: re.Pattern[str]) -> list[int]:
    return [0, *(match.end() for match in pattern.finditer(text)), len(text)]


def _around(cuts: Sequence[int], at: int) -> tuple[int, int]:
    start = max(cut for cut in cuts if cut <= at)
    return start, min((cut for cut in cuts if cut > at), default=cuts[-1])


def _without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """`text` with blanks in the place of its figures."""
    characters = list(text)
    for start, end in spans:
        characters[start:end] = " " * (end - start)
    return "".join(characters)
