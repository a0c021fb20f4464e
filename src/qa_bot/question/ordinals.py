"""How many things a question asks for, and which of them."""

from __future__ import annotations

import re

from qa_bot.text.numerals import COUNT_WORD, HAN_COUNT, ORDINAL_WORD, number_value

__all__ = ["asked_number", "asked_position"]

_NUMBER = re.compile(
    rf"(?:哪|这|那|的|列出|说出|什么)(?P<han>{HAN_COUNT}|\d{{1,2}})[个大点项条方家所位名种座篇]"
    rf"|(?P<plain>{HAN_COUNT}|\d{{1,2}})(?:つの|[个大点项条]+(?:[^年月日]|$))"
    rf"|\b(?!one\b)(?P<en>{COUNT_WORD}|\d{{1,2}})\b (?!years?|days?|months?|percent)",
    re.IGNORECASE,
)
_POSITION = re.compile(
    rf"第(?P<han>{HAN_COUNT}|\d{{1,2}})|(?P<ja>{HAN_COUNT}|\d)(?:つ目|番目|点目)"
    rf"|\b(?P<en>{ORDINAL_WORD})\b|\b(?P<digits>\d{{1,2}})(?:st|nd|rd|th)\b"
    r"|\b(?:item|point|number|no\.?) (?P<bare>\d{1,2})\b",
    re.IGNORECASE,
)
_LAST = re.compile(r"最后|最末|末项|最後|\blast\b|\bfinal\b", re.IGNORECASE)


def asked_number(plain: str) -> int:
    """How many things an aligned question asks for; 0 where it gives no number."""
    match = _NUMBER.search(plain)
    if match is None:
        return 0
    text = match["han"] or match["plain"] or match["en"]
    return number_value(text) or 0


def asked_position(plain: str) -> int:
    """Which item an aligned question asks for, from 1; -1 for the last; 0 where it says none."""
    if match := _POSITION.search(plain):
        text = next(part for part in match.groups() if part)
        return number_value(text) or 0
    return -1 if _LAST.search(plain) else 0
