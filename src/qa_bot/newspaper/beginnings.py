"""Which headlines begin an article, and which are subheads inside one."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from qa_bot.newspaper.cohesion import same_article
from qa_bot.newspaper.columns import cells, is_cjk
from qa_bot.newspaper.page import Unit

__all__ = ["mark_beginnings", "run_in_headline"]

_SAME = 0.5  # probability from which what stands below a headline goes on with what is above
# Of two cells a Chinese character is wide: headlines have eight and more, subheads seven and less.
# Of a script with words (False) or without, the usual width between, and what a cell is worth.
_CELLS = {False: (25, 0.15), True: (15, 0.35)}
_MOST_LOGIT = 2.2
_LINE_LOGIT = 0.7
_TOGETHER_LOGIT = 2.5
_BRIEFS = 3  # paragraphs with a headline in them from which they are a column of briefs
_RUN_IN = re.compile(r"【([^】]{2,40})】\s*")
_UNITS = 100  # that are looked at above and below a headline
_LEAST = 20  # characters of a text below which nothing is told of it
_NEVER = 1e-6
_SAME_UNMARKED = 0.3  # and its mean, where nothing else tells that it is a newspaper's page


def mark_beginnings(units: Sequence[Unit], *, of_a_page: bool) -> None:
    """Set `begins` of the paragraphs that begin another article below a headline.

    Headlines alone do not tell: those of an article's sections look alike. But its sections are
    about the same.

    :param of_a_page: whether something, such as a masthead, tells that the text is a page's.
    """
    run_in = [i for i in range(1, len(units)) if run_in_headline(units[i].text)[0]]
    run_in = run_in if len(run_in) + 1 >= _BRIEFS else []
    first = next((i for i, unit in enumerate(units) if unit.kind == "text"), len(units))
    briefs = set(run_in)
    found = [i for i in range(first + 1, len(units)) if i in briefs or _is_below_headline(units, i)]
    open_ = [i for i in found if not _is_marked(units, i)]
    if not open_:
        return
    of_a_page = of_a_page or any(unit.opens or unit.credit for unit in units)
    stops = [*found[1:], len(units)]
    likely: dict[int, float] = {}
    start = 0
    for i, stop in zip(found, stops, strict=True):
        if i in open_:
            begin = max(start, i - _UNITS)
            parts = [_running(units[begin:i]), _running(units[i : min(stop, i + _UNITS)])]
            same = same_article(*parts) if min(map(len, parts)) >= _LEAST else 1.0 - _NEVER
            likely[i] = _shifted(same, -_headline_logit(units, i))
        if i not in open_ or likely[i] < _SAME:
            start = i
    if not of_a_page and sum(likely.values()) > _SAME_UNMARKED * len(likely):
        return
    for i, same in likely.items():
        units[i].begins = same < _SAME


def run_in_headline(text: str) -> tuple[str, int]:
    """The headline with which a brief begins, 【…】, and where its text goes on; or ("", 0)."""
    match = _RUN_IN.match(text)
    return (match[1].strip(), match.end()) if match and match.end() < len(text) else ("", 0)


def _headline_logit(units: Sequence[Unit], i: int) -> float:
    """How much more the lines above paragraph `i` look like a headline than like a subhead."""
    above = i - 1
    lines: list[str] = []
    if units[0].kind == "text" and units[-1].kind == "head":
        return _MOST_LOGIT  # headlines stand below their texts here, and no subheads do
    if run_in_headline(units[i].text)[0]:
        return _LINE_LOGIT * 2
    while units[above].kind == "head":
        lines += units[above].lines
        above -= 1
    longest = max(lines, key=cells)
    usual, slope = _CELLS[any(map(is_cjk, longest))]
    wide = (cells(longest) - usual) * slope
    logit = max(-_MOST_LOGIT, min(_MOST_LOGIT, wide))
    logit += _LINE_LOGIT * (len(lines) - 1)
    first = next(n for n, unit in enumerate(units) if unit.kind == "text")
    apart = first > 0 and units[first - 1].block != units[first].block
    if units[i - 1].block == units[i].block and apart:
        logit -= _TOGETHER_LOGIT  # the page's first headline stands off, and this does not
    return logit


def _shifted(probability: float, logit: float) -> float:
    if probability in (0, 1):  # the model is so sure that a float holds no doubt
        return probability
    odds = probability / (1 - probability) * math.exp(logit)
    return odds / (1 + odds)


def _is_below_headline(units: Sequence[Unit], i: int) -> bool:
    """Whether unit `i` is a paragraph with a headline right above it."""
    if units[i].kind != "text":
        return False
    above = i - 1
    while above >= 0 and units[above].kind == "byline":
        above -= 1
    return above >= 0 and units[above].kind == "head" and not units[above].lodged


def _is_marked(units: Sequence[Unit], i: int) -> bool:
    """Whether a byline or an opening tells already that an article begins with paragraph `i`."""
    if units[i].opens or units[i - 1].kind == "byline":
        return True
    if units[i - 1].kind == "text":
        return units[i - 1].closes
    above = i - 1
    while units[above].kind == "head":
        above -= 1
    return units[above].kind == "byline" or units[above].closes


def _running(units: Sequence[Unit]) -> str:
    return "\n".join(unit.text for unit in units if unit.kind == "text")
