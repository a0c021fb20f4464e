"""Parts of a year, and years and months told from the day of the text.

`上半年`, `1至8月` and `the first eight months`; `去年`, `下月` and `last year`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from qa_bot.text.moments import MONTH_NAMES
from qa_bot.text.numerals import number_value

__all__ = ["Period", "periods_in"]


class Period(NamedTuple):
    """A part of a year, or a year or month told from another, at [start, end) of a text.

    `value` is first and last month of a part (`01-08`), the ISO year or month that is meant
    (`2023`, `2024-01`) or, where the day of the text is not known, `Y-1`, `M+1` and the like.
    """

    value: str
    start: int
    end: int

    @property
    def relative(self) -> bool:
        """Whether it is told from the day of the text."""
        return not re.fullmatch(r"\d\d-\d\d", self.value)


_N = "[〇零一二三四五六七八九十]{1,3}|[0-9]{1,2}"
_COUNT = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|[0-9]{1,2}"
_ORDER = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4}
_ORDER |= {"4th": 4, "last": 4, "final": 4}
_MONTH = "|".join(MONTH_NAMES)
_PART = re.compile(
    rf"(?P<half>[上下])半[年期]|前(?P<quarters>{_N})个?季度"
    rf"|(?<![\d个個前])第?(?P<quarter>{_N})(?:个?季度|四半期)|(?P<first>首季)"
    rf"|[前首](?P<months>{_N})个月"
    rf"|第?(?P<from>{_N})月?(?:份)?\s?(?:至|到|[-–—~～])\s?第?(?P<to>{_N})月(?!\d"
    rf"|[一二三四五六七八九十]|{_N}日)"
    rf"|\bfirst (?P<emonths>{_COUNT}) months\b|\bfirst (?P<equarters>two|three|2|3) quarters\b"
    r"|\b(?P<ehalf>first|second) half\b(?! (?:hour|an|of the (?:game|match)))"
    rf"|\b(?P<equarter>{'|'.join(_ORDER)}|Q)[- ]?(?:quarter\b|(?P<q>[1-4])\b)"
    rf"|\b(?P<efrom>{_MONTH}) (?:to|through|and|until) (?P<eto>{_MONTH})\b(?! \d)",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"(?P<year>去年|上一?年(?!度?末)|昨年|今年|本年(?!度?报)|明年|来年(?!间)|后年"
    r"|\b(?:last|this|next) year\b|\ba year (?:earlier|ago|before)\b|\bthe (?:previous year"
    r"|year before)\b)"
    r"(?P<january>首月)?"
    r"|(?P<month>上个?月|先月|本月|这个月|今月|下个?月|来月|\b(?:last|this|next) month\b)"
    r"|(?P<season>上个?赛季|本赛季|下个?赛季|\b(?:last|this|next) season\b)",
    re.IGNORECASE,
)
_SHIFTS = (
    (1, r"明年|来年|下个?|来月|next"),
    (2, r"后年"),
    (0, r"今|本|这|this"),
)


def periods_in(plain: str, today: str = "") -> list[Period]:
    """The periods of aligned text, in order; `today` is the ISO day of the text, "" if unknown."""
    found = [Period(value, *m.span()) for m in _PART.finditer(plain) if (value := _part(m))]
    taken = {i for period in found for i in range(period.start, period.end)}
    found += [period for period in _relative(plain, today) if period.start not in taken]
    return sorted(found, key=lambda period: period.start)


def _part(match: re.Match[str]) -> str:
    number = {k: number_value(v) or 0 for k, v in match.groupdict().items() if v}
    if match["half"]:
        return "01-06" if match["half"] == "上" else "07-12"
    if match["ehalf"]:
        return "01-06" if match["ehalf"].lower() == "first" else "07-12"
    if match["first"]:
        return "01-03"
    if match["efrom"]:
        names = [name.lower() for name in MONTH_NAMES]
        return _months(*(names.index(match[k].lower()) + 1 for k in ("efrom", "eto")))
    if match["from"]:
        return _months(number["from"], number["to"])
    for key, size in (("quarters", 3), ("equarters", 3), ("months", 1), ("emonths", 1)):
        if match[key]:
            return _months(1, size * number[key])
    quarter = (
        number.get("quarter") or number.get("q") or _ORDER.get((match["equarter"] or "").lower(), 0)
    )
    return _months(3 * quarter - 2, 3 * quarter)


def _months(first: int, last: int) -> str:
    return f"{first:02}-{last:02}" if 1 <= first < last <= 12 else ""


def _relative(plain: str, today: str) -> Iterator[Period]:
    known = re.match(r"(\d{4})(?:-(\d\d))?", today)
    for match in _RELATIVE.finditer(plain):
        written = match["year"] or match["month"] or match["season"]
        shift = next((n for n, words in _SHIFTS if re.match(words, written, re.I)), -1)
        if match["year"]:
            value = str(int(known[1]) + shift) if known else f"Y{shift:+}"
            value += "-01" if match["january"] and known else ""
        elif match["season"]:
            value = f"S{shift:+}"
        elif known and known[2]:
            month = 12 * int(known[1]) + int(known[2]) - 1 + shift
            value = f"{month // 12}-{month % 12 + 1:02}"
        else:
            value = f"M{shift:+}"
        yield Period(value, *match.span())
