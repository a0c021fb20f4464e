"""Which articles a question about the collection means: of a time, of a paper."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from qa_bot.index.filters import Filter
from qa_bot.index.metadata import day_span
from qa_bot.text.chinese import align
from qa_bot.text.dates import dates_in
from qa_bot.text.terms import normalise

__all__ = ["Scope", "scope_of"]

_YEAR = re.compile(
    r"(?<!\d)(?:19|20)\d\d(?:(?![\d年.-])(?![\u3400-\u9fff])|(?=[到至和与、~～-]+(?:19|20)\d\d))"
)
_SINCE = re.compile(
    r"^\s*(?:年)?(?:以来|之后|以后|起|から|以降)|(?:since|after|from) $", re.IGNORECASE
)
_BEFORE = re.compile(r"^\s*(?:年)?(?:之前|以前|前)|before $", re.IGNORECASE)
_UNTIL = re.compile(r"^\s*(?:年)?まで|(?:until|till) $", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Scope:
    """A filter, how it was put (`label`), and the `rest` of the question."""

    where: Filter
    label: str = ""
    rest: str = ""

    def __bool__(self) -> bool:
        return bool(self.label)


def scope_of(question: str, sources: Sequence[str], where: Filter) -> Scope:
    """The scope that `question` gives, within `where`. `sources` are the papers there are."""
    rest, labels = question, []
    for source in sorted(sources, key=len, reverse=True):
        at = normalise(rest).find(normalise(source))
        if at >= 0 and len(normalise(rest)) == len(rest):
            rest = f"{rest[:at]} {rest[at + len(source) :]}"
            where = replace(where, source=source)
            labels.append(source)
            break
    plain = align(rest)
    days = [(a, b, iso) for a, b, iso in dates_in(plain) if iso[0].isdigit()]
    days += [
        (m.start(), m.end(), m[0])
        for m in _YEAR.finditer(plain)
        if not any(a <= m.start() < b for a, b, _ in days)
    ]
    days.sort()
    if days:
        first, last = (
            day_span(min(iso for *_, iso in days))[0],
            day_span(max(iso for *_, iso in days))[1],
        )
        start, end = days[0][0], days[-1][1]
        if len(days) == 1 and (
            _SINCE.search(plain[end : end + 6]) or _SINCE.search(plain[max(0, start - 6) : start])
        ):
            last = None
        elif len(days) == 1 and (
            _UNTIL.search(plain[end : end + 6]) or _UNTIL.search(plain[max(0, start - 7) : start])
        ):
            first = None
        where = replace(where, since=first or where.since, until=last or where.until)
        labels.append(rest[start:end])
        for a, b, _ in reversed(days):
            rest = f"{rest[:a]} {rest[b:]}"
    return Scope(where, " ".join(labels), rest)


def _day_before(day: str | None) -> str | None:
    return str(date.fromisoformat(day) - timedelta(1)) if day else None
