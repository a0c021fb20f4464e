"""Dates of other calendars and eras in metadata, turned into ISO 8601 or said to be unknown.

Years of the Republic of China (113/05/20), of Japanese eras (R6.5.20), of the Buddhist calendar
(2567-07-02) and of the Persian one where it is written in Persian. A year that could belong to
several of them is nobody's: no date is better than a wrong one.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

__all__ = ["ERAS", "LUNAR_VALUE", "fold_digits", "is_lunar", "other_calendar"]

# The calendar of the moon, whose months and days are not those of the sun.
_MOON = "(?:农历|農曆|阴历|陰曆|旧历|舊曆|夏历|夏曆|旧暦|陰暦|太陰暦|음력|lunar)"
_MOON_BEFORE = re.compile(
    rf"{_MOON}[^0-9一二三四五六七八九十,，。;；:：]{{0,6}}$|闰\s?$|閏\s?$", re.I
)
_MOON_AFTER = re.compile(rf"\s?[(（]\s?{_MOON}\s?[)）]", re.I)
LUNAR_VALUE = re.compile(rf"^{_MOON}|{_MOON}\W*$", re.I)

_ROC = 1911  # before year 1
_BUDDHIST = 543  # years ahead
ERAS = {
    "明治": 1867,
    "大正": 1911,
    "昭和": 1925,
    "平成": 1988,
    "令和": 2018,
    "m": 1867,
    "t": 1911,
    "s": 1925,
    "h": 1988,
    "r": 2018,
}
_MONTHS = {
    name: number
    for names in (
        "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม",
        "ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค.",
        "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند",
    )
    for number, name in enumerate(names.split(), 1)
}
_PERSIAN = re.compile(
    "[\u06f0-\u06f9]|فروردین|اردیبهشت|خرداد|تیر|مرداد|شهریور|مهر|آبان|آذر|دی|بهمن|اسفند"
)
_TIME = r"(?:[T ]\s?[0-9]{1,2}:[0-9]{2}.{0,20})?"
_SEPARATOR = r"\s?[-/.年]\s?"
_NUMERIC = re.compile(
    rf"(?:(?P<era>明治|大正|昭和|平成|令和|[MTSHRmtshr])\.?\s?)?(?P<y>[0-9]{{1,4}}|元){_SEPARATOR}"
    rf"(?P<m>[0-9]{{1,2}})(?:\s?[-/.月]\s?(?P<d>[0-9]{{1,2}})\s?日?)?\s?月?{_TIME}"
)
_COMPACT_ROC = re.compile(r"(1[0-9]{2})([01][0-9])([0-3][0-9])")
_NAMED = re.compile(
    r"(?P<d>[0-9]{1,2})?\s{0,3}(?P<m>"
    + "|".join(sorted(map(re.escape, _MONTHS), key=len, reverse=True))
    + r")\s{0,3}(?:พ\.?ศ\.?)?\s{0,3}(?P<y>[0-9]{4})"
)
_YEAR = re.compile(r"(?:พ\.?ศ\.?\s*)?([0-9]{4})")
_FIRST_BUDDHIST, _LAST_BUDDHIST = 2200, 2700
_FIRST_PERSIAN, _LAST_PERSIAN = 1200, 1500
_FIRST_NEWSPAPER = 1600  # a smaller year is counted from something else


def other_calendar(value: str) -> str | None:
    """The ISO date of a value in another calendar; "" if it is one nobody can tell, else None."""
    persian = bool(_PERSIAN.search(value))
    value = fold_digits(value)
    if match := _COMPACT_ROC.fullmatch(value):
        return _iso(_ROC + int(match[1]), int(match[2]), int(match[3]))
    if match := _NUMERIC.fullmatch(value):
        return _numeric(match, persian=persian)
    if match := _NAMED.search(value):
        return _of_year(int(match["y"]), _MONTHS[match["m"]], match["d"], persian=persian)
    if match := _YEAR.fullmatch(value):
        return _of_year(int(match[1]), None, None, persian=persian)
    return None


def fold_digits(text: str) -> str:
    """Arabic, Persian, Thai and other decimal digits as ASCII ones."""
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.decimal(c))
        if not c.isascii() and unicodedata.decimal(c, None) is not None
        else c
        for c in text
    )


def _numeric(match: re.Match[str], *, persian: bool) -> str | None:
    month, day = int(match["m"]), match["d"]
    if era := match["era"]:
        year = 1 if match["y"] == "元" else int(match["y"])
        return _iso(ERAS[era.lower()] + year, month, int(day) if day else None) if year else ""
    if match["y"] == "元":
        return None
    year, length = int(match["y"]), len(match["y"])
    if length == 3 and year < 200:
        return _iso(_ROC + year, month, int(day) if day else None)
    if length == 4:
        return _of_year(year, month, day, persian=persian)
    return "" if "年" in match[0] else None  # 24年5月20日: of this century, or of the Republic


def _of_year(year: int, month: int | None, day: str | None, *, persian: bool) -> str | None:
    number = int(day) if day else None
    if _FIRST_BUDDHIST <= year <= _LAST_BUDDHIST:
        return _iso(year - _BUDDHIST, month, number)
    if _FIRST_PERSIAN <= year <= _LAST_PERSIAN:
        return _from_persian(year, month, number) if persian and month and number else ""
    return "" if year < _FIRST_NEWSPAPER or year > _LAST_BUDDHIST else None


def _from_persian(year: int, month: int, day: int) -> str:
    """The Gregorian day of a Persian one, by the cycle of 33 years (exact from 1799 to 2256)."""
    longest = 31 if month <= 6 else 30
    if not (1 <= month <= 12 and 1 <= day <= longest):
        return ""
    new_year = date(2024, 3, 20)  # of 1403
    leaps = (8 * year + 21) // 33 - (8 * 1403 + 21) // 33
    days = 365 * (year - 1403) + leaps + 31 * min(month - 1, 6) + 30 * max(month - 7, 0) + day - 1
    return (new_year + timedelta(days)).isoformat()


def _iso(year: int, month: int | None, day: int | None) -> str:
    try:
        checked = date(year, month or 1, day or 1)
    except ValueError:
        return ""
    return checked.isoformat()[: 10 if day else 7 if month else 4]


def is_lunar(match: re.Match[str]) -> bool:
    """Whether the month and day that were found are told by the moon's calendar."""
    before, after = match.string[max(0, match.start() - 12) : match.start()], match.end()
    return bool(_MOON_BEFORE.search(before) or _MOON_AFTER.match(match.string, after))
