"""The year or month that a question names: its article was printed then, and need not say so."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta

from qa_bot.index.filters import Filter
from qa_bot.index.metadata import day_span
from qa_bot.text.chinese import align
from qa_bot.text.moments import moments_in

__all__ = ["Period", "period_of"]

_LATER = timedelta(days=7)  # in which newspapers tell of what was
_SHORT_YEAR = re.compile(r"(?<!\d)(?P<year>\d\d)年$")
_SPAN = re.compile(r"[-–—~～至到/]\s?$|^(?:年)?\s?[-–—~～至到/]\s?\d")  # a season, or several years
# what goes with the date: `in July 2024`, `2024年度的`
_BEFORE = re.compile(r"(?:^|(?<=\s))(?:in|of|for|during|from|en|im|de|в)\s$|在$", re.IGNORECASE)
_BEHIND = re.compile(r"^(?:年度?|份|度)?(?:的|の|に|は)?(?:里|中|时候)?")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Period:
    """ISO days `since` and `until`, both inclusive, and the `rest` of the question."""

    since: str
    until: str
    rest: str

    def within(self, where: Filter) -> Filter:
        """`where`, no wider than the period."""
        since, until = day_span(where.since or "")[0], day_span(where.until or "")[1]
        return replace(
            where, since=max(self.since, since or ""), until=min(self.until, until or self.until)
        )


def period_of(question: str) -> Period | None:
    """The one year, or month of a year, that `question` names, if it names no other time."""
    plain = align(question)
    days = [moment for moment in moments_in(plain) if moment.kind == "day"]
    if len(days) != 1:
        return None
    day = days[0]
    value, start, end = day.value, day.start, day.end
    short = _SHORT_YEAR.search(plain[:start])
    if short and re.fullmatch(r"--\d\d", value):
        value, start = f"20{short['year']}{value[1:]}", short.start()
    if not re.fullmatch(r"\d{4}(?:-\d\d)?", value) or _spans(plain, start, end):
        return None
    if before := _BEFORE.search(plain[:start]):
        start = before.start()
    behind = _BEHIND.match(plain[end:])
    end += behind.end() if behind else 0
    rest = _SPACES.sub(" ", f"{question[:start]} {question[end:]}").strip()
    rest = re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f?.!,])| (?=[?.!,])", "", rest)
    year, month = int(value[:4]), int(value[5:] or 12)
    last = date(year, month, monthrange(year, month)[1])
    return Period(str(date(year, int(value[5:] or 1), 1)), str(last + _LATER), rest)


def _spans(plain: str, start: int, end: int) -> bool:
    return bool(_SPAN.search(plain[:start]) or _SPAN.search(plain[end:]))
