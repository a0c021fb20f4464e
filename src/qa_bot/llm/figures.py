"""Whether the figures of a sentence are those of its source: quantities and moments, by meaning.

A figure of the sentence needs one in the source of the same value in the same unit, which goes the
same way (up or down, from or to, more or less than, each day or each week) and counts the same. In
one language it must also stand in the clause that is most like its own: of two numbers of a
passage the other one is wrong.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from qa_bot.llm.naming import persons, speaks_of
from qa_bot.llm.polarity import AXES, side
from qa_bot.text.chinese import words
from qa_bot.text.moments import Moment, moments_in, same_moment, weekday_of
from qa_bot.text.quantities import STRONG, Quantity, quantities_in
from qa_bot.text.terms import content_terms, held

__all__ = ["other_figures", "telling_figures"]

_CLAUSE_END = re.compile(
    r"[，。；！？、\n]|[;!?](?=\s|$)|,(?!\d)|\.(?=\s|$)|(?<=\w) (?:and|while|but) "
)
_ROUNDED = Decimal("0.05")
_EXACT = Decimal("0.006")  # of a converted unit
_NEARER = 0.3  # share of a clause's words by which another clause must be more like it
_LIKE = 0.5  # and the least that it shares with it
_PERIODS = (
    r"每[天日]|日均|\b(?:daily|(?:a|per|every|each) day)\b|毎日|1日",
    r"每周|周均|\b(?:weekly|(?:a|per|every|each) week)\b|毎週",
    r"每月|月均|\b(?:monthly|(?:a|per|every|each) month)\b|毎月",
    r"每年|年均|\b(?:yearly|annual(?:ly)?|(?:a|per|every|each) year)\b|毎年",
)
_PERIOD = [re.compile(pattern, re.IGNORECASE) for pattern in _PERIODS]
_FROM = re.compile(
    r"(?:由|从|自)[^，。至到]{0,8}$|\bfrom (?:about |around |nearly )?$|から$", re.IGNORECASE
)
_TO = re.compile(
    r"(?:至|到|达到?|为)(?:约|近)?$|\bto (?:about |around |nearly |just )?$", re.IGNORECASE
)
_MONEY = {"yuan", "yen"}  # of both the sign is ¥
_SMALL = 10  # a count that may be of things which the source tells one by one
_HAN_NOUN = re.compile(r"[\u3400-\u9fff]{1,6}")


@dataclass(frozen=True, slots=True)
class _Figure:
    """A quantity or a moment with the clause and the sentence around it."""

    what: Quantity | Moment
    text: str
    clause: str
    sentence: str
    terms: tuple[str, ...]
    behind: str

    @property
    def written(self) -> str:
        return self.text[self.what.start : self.what.end].strip()


def other_figures(claim: str, source: str, published: str, *, same_language: bool) -> list[str]:
    """The figures of aligned `claim`, as written there, that aligned `source` does not give so.

    `published` is the ISO day of the source, "" if unknown.
    """
    ours, theirs = _figures(claim, ""), [*_figures(source, published)]
    if published:
        day = Moment("day", published, 0, 0)
        theirs.append(_Figure(day, "", "", "", (), ""))
    missing = []
    for figure in ours:
        if _trivial(figure, theirs):
            continue
        same = [f for f in theirs if _equal(figure, f) and not _against(figure, f)]
        same = [f for f in same if not (same_language and _counts_other(figure, f, theirs))]
        if not same and _derived(figure, theirs):
            continue
        if not same or _elsewhere(figure, same, theirs, same_language=same_language):
            missing.append(figure.written)
    return missing


def telling_figures(claim: str) -> int:
    """How many figures of aligned `claim` hardly stand in a source by chance: 320 million yuan."""
    found = [figure.what for figure in _figures(claim, "")]
    return sum(
        what.kind == "day"
        if isinstance(what, Moment)
        else what.dimension in STRONG or what.dimension == "score" or what.value > 9
        for what in found
    )


@functools.lru_cache(maxsize=256)  # a passage is compared with each sentence
def _figures(text: str, published: str) -> tuple[_Figure, ...]:
    moments = moments_in(text, published)
    quantities = quantities_in(text, [(m.start, m.end) for m in moments])
    ends = [0, *(m.end() for m in _CLAUSE_END.finditer(text)), len(text)]
    stops = [0, *(m.end() for m in re.finditer(r"[。！？；\n]|[.!?;](?=\s|$)", text)), len(text)]
    found = []
    everything: list[Moment | Quantity] = [*moments, *quantities]
    spans = [(what.start, what.end) for what in everything]
    for what in everything:
        clause, sentence = (_around(text, cuts, what.start) for cuts in (ends, stops))
        bare = _without(text, clause, spans)
        terms = tuple(t for t in content_terms(bare) if len(t) > 1) if bare.strip() else ()
        behind = text[what.end : clause[1]]
        found.append(
            _Figure(what, text, text[slice(*clause)], text[slice(*sentence)], terms, behind)
        )
    return tuple(found)


def _around(text: str, cuts: Sequence[int], at: int) -> tuple[int, int]:
    start = max(cut for cut in cuts if cut <= at)
    return start, min((cut for cut in cuts if cut > at), default=len(text))


def _without(text: str, span: tuple[int, int], spans: Sequence[tuple[int, int]]) -> str:
    """The span of `text` with blanks in the place of its figures."""
    characters = list(text[slice(*span)])
    for start, end in spans:
        for at in range(max(start, span[0]), min(end, span[1])):
            characters[at - span[0]] = " "
    return "".join(characters)


def _trivial(figure: _Figure, theirs: Sequence[_Figure]) -> bool:
    """Whether it is no more than an article, or a word: one of them, the first half hour."""
    what = figure.what
    if isinstance(what, Moment) or what.value != 1:
        return False
    if what.dimension == "ordinal" and what.noun not in ("名", "place", "prize"):
        others = (f.what for f in theirs)
        return not any(isinstance(o, Quantity) and o.dimension == "ordinal" for o in others)
    return what.dimension == ""


# -- the same value ----------------------------------------------------------------------------


def _equal(one: _Figure, other: _Figure) -> bool:
    a, b = one.what, other.what
    if isinstance(a, Moment) or isinstance(b, Moment):
        if isinstance(a, Moment) and isinstance(b, Moment):
            if a.kind == "weekday" and b.kind == "day":
                return weekday_of(b.value) == a.value
            return same_moment(a, b)
        return _number_of_moment(a, b)
    if a.dimension == "score" or b.dimension == "score":
        return a.dimension == b.dimension and (a.value, a.other) == (b.value, b.other)
    if {a.dimension, b.dimension} == {"times", "share"}:
        times, share = (a, b) if a.dimension == "times" else (b, a)
        return times.value in (share.value + 1, share.value)
    return _same_unit(a, b) and _same_value(a, b)


def _number_of_moment(a: Moment | Quantity, b: Moment | Quantity) -> bool:
    """A bare number and a moment that may be the same: a year, an hour."""
    moment, quantity = (a, b) if isinstance(a, Moment) else (b, a)
    assert isinstance(moment, Moment)
    assert isinstance(quantity, Quantity)
    return moment.kind == "day" and not quantity.dimension and moment.value == str(quantity.value)


def _same_unit(a: Quantity, b: Quantity) -> bool:
    one, other = a.dimension, b.dimension
    if one == other:
        return True
    if "money" in (one, other):
        return {one, other} - {"money"} <= _MONEY
    if "ordinal" in (one, other):
        return False
    if {one, other} == {"age", "years"}:
        return False
    if {one, other} <= {"", "age"}:
        return not (a.noun and b.noun)
    # a number without a unit may have left it out; what is counted is not measured
    bare = a if not one else b if not other else None
    return bare is not None and not bare.noun


def _same_value(a: Quantity, b: Quantity) -> bool:
    if a.value == b.value:
        return True
    if a.value * b.value <= 0:
        return False
    off = abs(a.value - b.value) / abs(b.value)
    if off <= _EXACT and a.dimension in ("length", "area", "weight"):
        return a.noun.strip() != b.noun.strip()
    return a.about and off <= _ROUNDED


# -- going the same way ------------------------------------------------------------------------


def _against(one: _Figure, other: _Figure) -> bool:
    """Whether what the source says of its figure rules out what the sentence says of the same."""
    for axis in range(len(AXES)):
        if axis == 2 and not isinstance(one.what, Moment):
            continue
        ours = side(axis, one.clause) or side(axis, one.sentence)
        theirs = side(axis, other.clause) or side(axis, other.sentence)
        if axis == 2:
            theirs = side(axis, other.clause) or _place_in_span(other)
            ours = side(axis, one.clause) if not _place_in_span(one) else 0
        if ours and theirs and ours != theirs:
            return True
    if _role(one) * _role(other) < 0:
        return True
    a, b = one.what, other.what
    if isinstance(a, Quantity) and isinstance(b, Quantity) and a.bound * b.bound < 0:
        return True
    ours_each, theirs_each = (
        {i for i, period in enumerate(_PERIOD) if period.search(f.clause)} for f in (one, other)
    )
    return bool(ours_each and theirs_each and not ours_each & theirs_each)


def _role(figure: _Figure) -> int:
    """-1 for what something was before, 1 for what it became, 0 where neither is told."""
    before = figure.text[max(0, figure.what.start - 14) : figure.what.start]
    return -1 if _FROM.search(before) else 1 if _TO.search(before) else 0


def _place_in_span(figure: _Figure) -> int:
    """1 for the first day of a span, -1 for its last, 0 for a day by itself."""
    if not isinstance(figure.what, Moment):
        return 0
    before = figure.text[max(0, figure.what.start - 4) : figure.what.start]
    if re.search(r"[至到~～–-]\s?$|\bto (?:the )?$|から$", before) and any(
        map(str.isdecimal, before)
    ):
        return -1
    return (
        1 if re.match(r"\s?(?:至|到|~|～|–|-|から|to )\s?\d", figure.text[figure.what.end :]) else 0
    )


# -- counting the same -------------------------------------------------------------------------


def _counts_other(one: _Figure, other: _Figure, theirs: Sequence[_Figure]) -> bool:
    """Whether, within a language, the two count different things."""
    a, b = one.what, other.what
    if isinstance(a, Moment) or isinstance(b, Moment) or a.dimension in STRONG:
        return False
    if a.dimension in ("ordinal", "score"):
        return False
    if one.text.isascii():
        noun, told = (_stem(f.what.noun) for f in (one, other))  # type: ignore[union-attr]  # quantities
        others = {_stem(_noun_behind(f)) for f in theirs if f is not other}
        return bool(noun and told) and noun != told and noun in others
    noun, told = _noun_behind(one), _noun_behind(other)
    if not noun:
        return False
    around = other.clause if told or other.terms else other.sentence
    return not set(noun) & set(around)


def _noun_behind(figure: _Figure) -> str:
    """The noun that a number counts: 小区 of 46个小区; "" where none stands behind it."""
    if figure.text.isascii():
        match = re.match(r"[ -]?(?:[a-z]+ ){0,1}?([a-z]+)", figure.behind)
        return match[1] if match else ""
    behind = figure.behind
    noun = figure.what.noun if isinstance(figure.what, Quantity) else ""
    behind = behind.lstrip("多余来 ").removeprefix(noun)
    match = _HAN_NOUN.match(behind)
    if match is None:
        return ""
    tagged = words(match[0])
    if tagged[0].tag == "v" and len(tagged) > 1:
        tagged = tagged[1:]  # 阅览座位
    return "".join(w.text for w in tagged[:1] if w.tag.startswith("n") and len(w.text) > 1)


def _stem(word: str) -> str:
    return re.sub(r"(?:ies|es|s)$", "", word.strip().lower())


# -- the right one of several ------------------------------------------------------------------


def _elsewhere(
    one: _Figure,
    same: Sequence[_Figure],
    theirs: Sequence[_Figure],
    *,
    same_language: bool,
) -> bool:
    """Whether another figure of the kind stands in a clause that is far more like its own."""
    rivals = [f for f in theirs if f not in same and f.clause and _comparable(one, f)]
    if not rivals or not one.terms:
        return False
    if same_language:
        best, rival = (max(_shared(one.terms, f) for f in found) for found in (same, rivals))
        return rival >= _LIKE and rival >= best + _NEARER
    if any(_same_person(one, f) for f in rivals) and any(persons(f.clause) for f in same):
        return not any(_same_person(one, f) for f in same)
    return False


def _same_person(one: _Figure, other: _Figure) -> bool:
    """Whether two clauses in different scripts name the same person."""
    pairs = ((one.clause, other.clause), (other.clause, one.clause))
    return any(latin.isascii() and speaks_of(latin, han) for latin, han in pairs)


def _comparable(one: _Figure, other: _Figure) -> bool:
    a, b = one.what, other.what
    if isinstance(a, Moment) or isinstance(b, Moment):
        return type(a) is type(b) and a.kind == b.kind  # type: ignore[union-attr]  # both moments
    return _same_unit(a, b)


def _shared(wanted: Sequence[str], figure: _Figure) -> float:
    return len(held(wanted, figure.clause)) / len(wanted)


# -- worked out --------------------------------------------------------------------------------


def _derived(one: _Figure, theirs: Sequence[_Figure]) -> bool:
    """Whether a figure follows from those of the source: a span's days, a change in percent."""
    what = one.what
    if isinstance(what, Moment):
        return False
    if what.dimension == "days":
        told = (
            f.what.value.replace("--", "2000-") for f in theirs if f.what in _whole_days(theirs)
        )
        days = [date.fromisoformat(day) for day in told]
        return any((b - a).days in (what.value, what.value - 1) for a in days for b in days)
    if what.dimension == "share":
        return any(
            abs(abs(b.value - a.value) / a.value - what.value) < _EXACT for a, b in _changes(theirs)
        )
    return False


def _whole_days(figures: Sequence[_Figure]) -> list[Moment]:
    """The moments that are a day of a month."""
    found = [f.what for f in figures if isinstance(f.what, Moment) and f.what.kind == "day"]
    return [moment for moment in found if re.search(r"-\d\d-\d\d$", moment.value)]


def _changes(figures: Sequence[_Figure]) -> list[tuple[Quantity, Quantity]]:
    """What was before and what it became, of one dimension."""
    amounts = [(f, f.what) for f in figures if isinstance(f.what, Quantity) and f.what.value > 0]
    return [
        (a, b)
        for one, a in amounts
        for other, b in amounts
        if _role(one) < 0 < _role(other) and a.dimension == b.dimension
    ]
