"""Offices as Chinese newspapers write them: right before the name, 市政府秘书长何知微."""

from __future__ import annotations

import re

from qa_bot.text.chinese import after_verbs, is_person, name_spans

__all__ = ["is_office", "office_at", "stated_office"]

_MARK = re.compile(r"[，。；：！？\s,;:!?（()）“”‘’「」《》]")
_NO_NAME = re.compile(r"[部局委院厅处长]")  # 传部部, for which the tagger takes 宣传部部长
_COMMA = re.compile(r"、+")
_AND = re.compile(r".?[、和与及]")
_OFFICE = re.compile(
    r"(?:长|书记|主席|主任|委员|常委|理事|总理|首相|总统|总裁|总监|经理|董事|教授|院士|研究员|工程师|代表|记者"
    r"|编辑|秘书|顾问|参事|馆员|教练|队员|导演|作家|演员|画家|医生|律师|法官|司令|政委|老师|负责人|发言人|创始人)$"
)
_LONGEST = 40  # characters of an office
_NEAR = 120  # characters between an office that was found and the name


def office_at(whom: str, plain: str, start: int, end: int) -> tuple[int, int] | None:
    """[start, end) of the office of `whom` in aligned text; `plain[start:end]` was taken for it.

    What stands before the name, but not next to it, is another's: then it is what stands between
    the name and the mark, or the other name, before it. None if nothing does, or it is a person.
    """
    if (inside := plain.find(whom, start, end)) > start:
        end = inside
    name = plain.find(whom, end, end + _NEAR)
    if name >= 0 and plain[end:name].strip():
        start, end = _before(plain, name), name
    return (start, end) if end > start and not is_person(plain[start:end]) else None


def is_office(plain: str) -> bool:
    """Whether aligned text ends as offices do."""
    return _OFFICE.search(plain) is not None


def stated_office(whom: str, plain: str, start: int, end: int) -> tuple[int, int] | None:
    """[start, end) of what stands before `whom` in `plain[start:end]`, if it ends as offices do."""
    for name in re.finditer(re.escape(whom), plain[start:end]):
        begin, until = _before(plain, start + name.start()), start + name.start()
        if begin >= start and _OFFICE.search(plain[begin:until]):
            return begin, until
    return None


def _before(plain: str, name: int) -> int:
    """Where what stands before the name begins: behind a mark, another name, or a verb."""
    begin = max(0, name - _LONGEST)
    begin += max((mark.end() for mark in _MARK.finditer(plain[begin:name])), default=0)
    before = plain[begin:name]
    others = [
        b for tag, a, b in name_spans(before) if tag == "nr" and not _NO_NAME.search(before[a:b])
    ]
    begin += max(others, default=0)
    # of rare names the tagger knows the beginning only
    joined = (_AND if others else _COMMA).match(plain[begin:name])
    begin += joined.end() if joined else 0
    begin += after_verbs(plain[begin:name])
    parts = plain[begin:name].split("、")  # several offices of one person, or of several
    while len(parts) > 1 and all(map(_OFFICE.search, parts[1:])) and not _OFFICE.search(parts[0]):
        begin += len(parts.pop(0)) + 1
    return begin
