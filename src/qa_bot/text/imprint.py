"""What a page prints of itself and no article says: bare addresses, whose rights are reserved."""

from __future__ import annotations

import re

__all__ = ["is_imprint"]

_LONGEST = 160  # characters of a line
_ADDRESS = re.compile(
    r"(?:[\w\u4e00-\u9fff -]{1,12}[:：]\s*)?"
    r"[<(（\[]?(?:(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|gov|edu|info|cn|tw|hk|jp|kr|uk|de|fr)(?:/\S*)?)"
    r"[>)）\]]?[.。]?",
    re.I,
)
_RIGHTS = re.compile(
    r"^\W*(?:©|\(c\)\s|copyright\b(?=[\s:：]*(?:©|\(c\)|by\b|[12]\d{3}))|版[权權]所有(?![人者])|著作[权權]所有(?![人者]))"
    r"|\ball rights reserved\b|版[权權]所有\W*$"
    r"|未[经經][^，。]{0,12}[，,]?\s?(?:不得|禁止|[严嚴]禁|[请請]勿)[^，。]{0,10}(?:[转轉][载載]|[复複][制製]|摘[编編]|使用)"
    r"|無断(?:転載|複製|使用)",
    re.I,
)


def is_imprint(line: str) -> bool:
    """Whether a line is nothing but an address on the net, or reserves rights."""
    line = " ".join(line.split())
    if not line or len(line) > _LONGEST:
        return False
    return bool(_ADDRESS.fullmatch(line) or _RIGHTS.search(line))
