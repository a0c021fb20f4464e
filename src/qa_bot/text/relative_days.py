"""Days that a text tells from its own: 昨天, last Friday, yesterday."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

__all__ = ["RelativeDay", "relative_day"]

_SHIFTS = {
    "大前天": -3,
    "前天": -2,
    "昨天": -1,
    "昨日": -1,
    "昨晚": -1,
    "今天": 0,
    "今日": 0,
    "今晨": 0,
    "今早": 0,
    "今晚": 0,
    "明天": 1,
    "明日": 1,
    "后天": 2,
    "一昨日": -2,
    "きのう": -1,
    "きょう": 0,
    "あす": 1,
    "the day before yesterday": -2,
    "yesterday": -1,
    "last night": -1,
    "today": 0,
    "tonight": 0,
    "tomorrow": 1,
}
_WORDS = re.compile(
    "|".join(re.escape(word) for word in sorted(_SHIFTS, key=len, reverse=True)), re.IGNORECASE
)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HAN_WEEKDAYS = "一二三四五六日"
_WEEKDAY = re.compile(
    rf"(?P<which>上|本|这|下)(?:周|星期)(?P<han>[{_HAN_WEEKDAYS}天])"
    rf"|\b(?P<way>last|this|next|on) (?P<en>{'|'.join(_WEEKDAYS)})\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class RelativeDay:
    """An ISO day, and the words that tell it."""

    day: str
    words: str


def relative_day(plain: str, published: str) -> RelativeDay | None:
    """The first day that aligned text tells from the day it was `published`.

    None where it tells none, or `published` is not an ISO date to the day.
    """
    try:
        printed = date.fromisoformat(published)
    except ValueError:
        return None
    if match := _WORDS.search(plain):
        shift = timedelta(_SHIFTS[match[0].casefold()])
        return RelativeDay(str(printed + shift), match[0])
    if match := _WEEKDAY.search(plain):
        return RelativeDay(str(_weekday(match, printed)), match[0])
    return None


def _weekday(match: re.Match[str], printed: date) -> date:
    """The day a weekday means: within the week named, else the last one before the printing."""
    if match["han"]:
        number = _HAN_WEEKDAYS.index(match["han"].replace("天", "日"))
        weeks: int | None = {"上": -1, "本": 0, "这": 0, "下": 1}[match["which"]]
    else:
        number = _WEEKDAYS.index(match["en"].casefold())
        weeks = {"next": 1}.get(match["way"].casefold())
    if weeks is not None:
        monday = printed - timedelta(printed.weekday())
        return monday + timedelta(7 * weeks + number)
    return printed - timedelta((printed.weekday() - number) % 7 or 7)
