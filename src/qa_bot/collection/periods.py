"""Stretches of time that articles are counted by: days, months, years or decades.

A period is written `2024-08-09`, `2024-08`, `2024` or `202` (the 2020s): a beginning of every ISO
day in it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal, NamedTuple

from qa_bot.index.records import DayCount

__all__ = [
    "COARSE",
    "UNDATED",
    "PeriodCount",
    "Unit",
    "days_of",
    "is_exact",
    "periods",
    "unit_of",
]

Unit = Literal["day", "month", "year", "decade"]

UNDATED = "undated"  # without a year
COARSE = "coarse"  # dated less exactly than the periods shown

_LENGTHS: dict[Unit, int] = {"day": 10, "month": 7, "year": 4, "decade": 3}
_MOST: dict[Unit, int] = {"day": 45, "month": 48, "year": 60}  # more bars than this are no chart


class PeriodCount(NamedTuple):
    """How many articles are dated in a period."""

    period: str
    articles: int


def unit_of(days: Sequence[DayCount]) -> Unit:
    """The shortest unit in which all of `days` make a chart that can be read."""
    for unit, most in _MOST.items():
        placed = sum(count for first, last, count in days if _period(first, last, unit))
        # a finer unit is no gain if most dates are not that exact
        if (
            placed
            and 2 * placed >= sum(count for *_, count in days)
            and _length(days, unit) <= most
        ):
            return unit
    return "decade" if days else "day"


def is_exact(first: str, last: str, unit: Unit) -> bool:
    """Whether the days from `first` to `last` are all in one period."""
    return bool(_period(first, last, unit))


def periods(days: Sequence[DayCount], unit: Unit) -> tuple[list[PeriodCount], int]:
    """The periods without gaps, and how many articles are dated less exactly."""
    counts: Counter[str] = Counter()
    coarse = 0
    for first, last, count in days:
        period = _period(first, last, unit)
        if period:
            counts[period] += count
        else:
            coarse += count
    if not counts:
        return [], coarse
    filled = _between(min(counts), max(counts), unit)
    return [PeriodCount(period, counts[period]) for period in filled], coarse


def days_of(period: str) -> tuple[str, str] | None:
    """The first and last ISO day of a period, as text that compares like dates."""
    if not re.fullmatch(r"\d{3,4}|\d{4}-\d\d|\d{4}-\d\d-\d\d", period, re.ASCII):
        return None
    lowest, highest = "0000-01-01", "9999-12-31"
    return period + lowest[len(period) :], period + highest[len(period) :]


def _period(first: str, last: str, unit: Unit) -> str:
    """The period that holds both days; "" if none does, or the calendar has no such day."""
    period = first[: _LENGTHS[unit]]
    if not last.startswith(period):
        return ""
    try:
        date.fromisoformat(first if unit == "day" else f"{first[:7]}-01")
    except ValueError:
        return ""
    return period


def _length(days: Sequence[DayCount], unit: Unit) -> int:
    """How many periods there are from the first of `days` to the last."""
    firsts = [first for first, *_ in days]
    first, last = min(firsts), max(firsts)
    if unit == "day":
        return (_months(last) - _months(first)) * 30 + int(last[8:]) - int(first[8:]) + 1
    return len(_between(first, last, unit))


def _between(first: str, last: str, unit: Unit) -> list[str]:
    """The periods from the one of `first` to the one of `last`."""
    if unit == "decade":
        return [f"{n:03}" for n in range(int(first[:3]), int(last[:3]) + 1)]
    if unit == "year":
        return [f"{n:04}" for n in range(int(first[:4]), int(last[:4]) + 1)]
    if unit == "month":
        low, high = _months(first), _months(last)
        return [f"{n // 12:04}-{n % 12 + 1:02}" for n in range(low, high + 1)]
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    return [str(begin + timedelta(n)) for n in range((end - begin).days + 1)]


def _months(day: str) -> int:
    return int(day[:4]) * 12 + int(day[5:7]) - 1
