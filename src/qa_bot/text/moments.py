"""When a text says that something is: days, months, years, weekdays, times of day, decades.

`dates` reads dates that name themselves; here are the shorter forms that prose has beside them:
`14日至20日`, `in March`, `since 1998`, `周六晚7时30分`, `the 1990s`, `农历八月十五`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Literal, NamedTuple

from qa_bot.text.dates import MONTHS, dates_in
from qa_bot.text.numerals import number_value
from qa_bot.text.relative_days import relative_day

__all__ = ["MONTH_NAMES", "Moment", "moments_in", "same_moment", "weekday_of"]

MomentKind = Literal["day", "lunar", "weekday", "time", "decade"]


class Moment(NamedTuple):
    """A point in time at [start, end) of a text.

    `value` is an ISO date as `dates` gives it, also `--03` for a month and `---05` for a day; of a
    lunar day `08-15`; of a weekday 1 (Monday) to 7; of a time minutes behind midnight, with a `?`
    where it may be twelve hours later; of a decade its last two digits.
    """

    kind: MomentKind
    value: str
    start: int
    end: int


_N = "[〇零一二三四五六七八九十廿卅]{1,4}|[0-9]{1,2}"
MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
"""In English, in their order."""
_NAMED = "|".join(name for name in MONTH_NAMES if name != "May")
_SPAN = r"\s?(?:至|到|～|~|-|–|—|から)\s?"
_DAY_BEHIND = re.compile(rf"{_SPAN}(?P<d>{_N})[日号]")
_ENGLISH_BEHIND = re.compile(
    r"\s?(?:to|-|–|through|until|and)\s?(?P<d>[0-9]{1,2})(?:st|nd|rd|th)?\b"
    r"(?!,?\d|:| ?[A-Za-z%]*\d)"
)
_ENGLISH_BEFORE = re.compile(
    r"\b(?P<d>[0-9]{1,2})(?:st|nd|rd|th)?\s?(?:to|-|–|through|until|and)\s?(?:the )?$"
)
_DAY_ALONE = re.compile(
    r"(?<![\d.])(?<!(?<!每)月)(?P<d>[0-9]{1,2})日(?![元间間内本])"
    r"|\b[Oo]n the (?P<en>[0-9]{1,2})(?:st|nd|rd|th)\b"
)
_MONTH = re.compile(
    rf"(?<![0-9.个個])(?P<m>{_N})月(?![0-9]|亮|球|饼|薪|租|票|嫂|均)"
    rf"|\b(?P<en>{_NAMED})\b(?! [A-Z])"
    r"|(?:\b(?:in|of|last|next|since|until|by|early|late|mid-?|from|to|this) )(?P<may>May)\b"
)
# `dates` leaves the other end of a span to its first
_MONTH_DAY_BEHIND = re.compile(rf"(?<=[至~–-])(?P<m>{_N})月(?P<d>{_N})[日号]")
_MOON = r"(?:农历|阴历|旧历|夏历|旧暦|음력)"
_LUNAR = re.compile(
    rf"(?:{_MOON}.{{0,6}}?(?P<m>正|冬|腊|{_N})|(?<![\u3400-\u9fff])(?P<bm>正"
    rf"|腊))月(?:初)?(?P<d>{_N})(?!日?[至到])"
    r"|(?P<ed>[0-9]{1,2})(?:st|nd|rd|th)(?: day)? of the (?P<em>\w+) lunar month"
)
_LUNAR_MONTHS = {"正": 1, "冬": 11, "腊": 12}
_YEAR = re.compile(
    r"(?<![\d.,$£€¥])(?<!\w)(?P<y>1[5-9]\d\d|20\d\d)(?![\d.,]*\d|%|s\b|年代)"
    r"(?=年|\W*$|[,.;:)] ?|(?![人名元个個位家吨米里册件])[\u3400-\u9fff]"
    r"| (?!(?:people|yuan|dollars|pounds|euros|yen|metres|km|tonnes)\b))"
)
_DECADE = re.compile(
    r"(?:(?:上世纪|20世纪|本世纪)?(?P<han>[二三四五六七八九]十|[2-9]0)|(?P<full>(?:19|20)\d0))年代"
    r"|\b(?P<en>(?:19|20)\d0)s\b"
)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = re.compile(
    r"(?:周|星期|礼拜)(?P<han>[一二三四五六日天])(?![年岁])|(?P<ja>[月火水木金土日])曜日?"
    rf"|\b(?P<en>{'|'.join(_WEEKDAYS)})s?\b",
    re.IGNORECASE,
)
_EARLY, _LATE = "凌晨|清晨|早上|早晨|上午|早|午前", "下午|傍晚|晚上|晚间|今晚|当晚|晚|夜间|午後|夜"
_TIME = re.compile(
    rf"(?<![\d:])(?:(?P<late>{_LATE})|(?P<early>{_EARLY}))?\s?(?P<h>{_N})"
    rf"(?:[时点時](?!间|候|代|评|期|速|差|[^\W\d_]*(?:要求|意见|建议|措施))(?:(?P<half>半)"
    rf"|(?P<m>{_N})分)?(?!钟|間)|:(?P<cm>[0-5][0-9])(?!:?\d))"
    r"(?:\s?(?P<pm1>[ap])\.?m\b\.?)?"
    r"|\b(?P<eh>[0-9]{1,2})(?:[.:](?P<em>[0-5][0-9]))?\s?(?P<pm>[ap])\.?m\b\.?",
    re.IGNORECASE,
)


def moments_in(plain: str, published: str = "") -> list[Moment]:
    """The moments of aligned text, in order, none within another.

    With the day it was `published`, the first day it tells from that (`昨天`) is one, too.
    """
    found: list[Moment] = []
    taken = [False] * len(plain)
    for moment in _all(plain):
        if not any(taken[moment.start : moment.end]):
            taken[moment.start : moment.end] = [True] * (moment.end - moment.start)
            found.append(moment)
    for match in re.finditer(r"[^，。；,;]+", plain):
        told = relative_day(match[0], published)
        at = plain.find(told.words, match.start()) if told else -1
        if told and at >= 0 and not any(taken[at : at + len(told.words)]):
            found.append(Moment("day", told.day, at, at + len(told.words)))
    return sorted(found, key=lambda moment: moment.start)


def _all(plain: str) -> Iterator[Moment]:
    for match in _LUNAR.finditer(plain):
        yield from _lunar(match)
    for match in _DECADE.finditer(plain):
        years = match["full"] or match["en"] or match["han"]
        value = years if years.isascii() else str(number_value(years))
        yield Moment("decade", value[-2:], *match.span())
    for start, end, iso in dates_in(plain):
        yield Moment("day", iso, start, end)
        if len(iso) > 6 and iso[-3] == "-":
            yield from _span(plain, start, end, iso)
    for match in _WEEKDAY.finditer(plain):
        yield Moment("weekday", _weekday(match), *match.span())
    for match in _TIME.finditer(plain):
        if value := _time(match):
            yield Moment("time", value, *match.span())
    yield from _shorter(plain)


def _shorter(plain: str) -> Iterator[Moment]:
    """Months, days and years that stand alone."""
    for match in _MONTH.finditer(plain):
        name = match["en"] or match["may"]
        month = MONTHS[name.lower()] if name else _number(match["m"])
        if 1 <= month <= 12:
            begin = match.start("may") if match["may"] else match.start()
            yield Moment("day", f"--{month:02}", begin, match.end())
    for match in _MONTH_DAY_BEHIND.finditer(plain):
        month, day = _number(match["m"]), _number(match["d"])
        if 1 <= month <= 12 and 1 <= day <= 31:
            yield Moment("day", f"--{month:02}-{day:02}", *match.span())
    for match in _DAY_ALONE.finditer(plain):
        if 1 <= (day := _number(match["d"] or match["en"])) <= 31:
            yield Moment("day", f"---{day:02}", *match.span())
    for match in _YEAR.finditer(plain):
        yield Moment("day", match["y"], match.start(), match.end())


def _span(plain: str, start: int, end: int, iso: str) -> Iterator[Moment]:
    """The other day of a span of which one is a date: 8月14日至20日, 14 to 20 September."""
    match = _DAY_BEHIND.match(plain, end) or _ENGLISH_BEHIND.match(plain, end)
    if match is None and (before := _ENGLISH_BEFORE.search(plain[:start])):
        match = before
    if match and 1 <= _number(match["d"]) <= 31:
        yield Moment("day", f"{iso[:-2]}{_number(match['d']):02}", *match.span("d"))


def _lunar(match: re.Match[str]) -> Iterator[Moment]:
    if match["em"]:
        month = number_value(match["em"]) or 0
    else:
        written = match["m"] or match["bm"]
        month = _LUNAR_MONTHS.get(written) or _number(written)
    if month:
        day = _number(match["d"] or match["ed"])
        yield Moment("lunar", f"{month:02}-{day:02}", *match.span())


def _weekday(match: re.Match[str]) -> str:
    if match["en"]:
        return str(_WEEKDAYS.index(match["en"].lower()) + 1)
    if match["ja"]:
        return str("月火水木金土日".index(match["ja"]) + 1)
    return str("一二三四五六日".index(match["han"].replace("天", "日")) + 1)


def _time(match: re.Match[str]) -> str:
    hour = _number(match["h"] or match["eh"])
    minute = 30 if match["half"] else _number(match["m"] or match["cm"] or match["em"] or "0")
    if hour > 24 or minute > 59:
        return ""
    half = (match["pm1"] or match["pm"] or "").lower()
    half = half or ("p" if match["late"] else "a" if match["early"] else "")
    if not half and match[0].endswith("点"):
        return ""  # 四点 may as well be four points
    if half == "p" and hour < 12:
        hour += 12
    if half == "a" and hour == 12:
        hour = 0
    open_half = not half and 1 <= hour <= 12
    return f"{60 * hour + minute}{'?' if open_half else ''}"


def _number(text: str) -> int:
    return number_value(text) or 0


def same_moment(one: Moment, other: Moment) -> bool:
    """Whether both may be the same: each part that both tell is equal."""
    if one.kind != other.kind:
        return False
    if one.kind == "time":
        minutes, theirs = (int(m.value.rstrip("?")) for m in (one, other))
        half = 720 if "?" in one.value + other.value else 1440
        return minutes % half == theirs % half
    if one.kind != "day":
        return one.value == other.value
    ours, told = _parts(one.value), _parts(other.value)
    shared = [(a, b) for a, b in zip(ours, told, strict=True) if a and b]
    return bool(shared) and all(a == b for a, b in shared)


def _parts(iso: str) -> tuple[str, str, str]:
    """Year, month and day, "" where it tells none."""
    if iso.startswith("---"):
        return "", "", iso[3:]
    if iso.startswith("--"):
        return "", iso[2:4], iso[5:7]
    return iso[:4], iso[5:7], iso[8:10]


def weekday_of(iso: str) -> str:
    """The weekday, 1 to 7, of a whole ISO date; "" of another."""
    try:
        return str(date.fromisoformat(iso).isoweekday())
    except ValueError:
        return ""
