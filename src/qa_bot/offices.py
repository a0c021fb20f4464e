"""Offices as Chinese newspapers write them: right before the name, 市政府秘书长何知微."""

from __future__ import annotations

import re

from qa_bot.questions import align, is_person, name_spans

__all__ = ["office_at"]

_MARK = re.compile(r"[，。；：！？\s,;:!?（()）]")
_COMMA = re.compile(r"、+")
_AND = re.compile(r".?[、和与及]")
_LONGEST = 40  # characters of an office
_NEAR = 120  # characters between an office that was found and the name


def office_at(whom: str, text: str, start: int, end: int) -> tuple[int, int] | None:
    """[start, end) of the office of `whom` in `text`, of which `text[start:end]` was taken for it.

    What stands before the name, but not next to it, is another's: then it is what stands between
    the name and the mark, or the other name, before it. None if nothing does, or it is a person.
    """
    plain = align(text)
    if (inside := plain.find(whom, start, end)) > start:
        end = inside
    name = plain.find(whom, end, end + _NEAR)
    if name >= 0 and plain[end:name].strip():
        begin = max(0, name - _LONGEST)
        begin += max((mark.end() for mark in _MARK.finditer(plain[begin:name])), default=0)
        others = [b for tag, _, b in name_spans(plain[begin:name]) if tag == "nr"]
        begin += max(others, default=0)
        # of rare names the tagger knows the beginning only
        joined = (_AND if others else _COMMA).match(plain[begin:name])
        start, end = begin + (joined.end() if joined else 0), name
    return (start, end) if end > start and not is_person(plain[start:end]) else None
