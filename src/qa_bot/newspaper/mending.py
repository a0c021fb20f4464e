"""Joins what column breaks have cut, and tells the pieces of sentences from headlines."""

from __future__ import annotations

import re
from itertools import pairwise

from qa_bot.newspaper.columns import (
    INDENT,
    SLACK,
    Block,
    cells,
    ends_sentence,
    is_cjk,
    is_full,
    is_list_item,
    join_lines,
    join_pieces,
    least_cells,
    leaves_off,
    stands_alone,
    words_meet,
)
from qa_bot.newspaper.page import ADDRESS, Page, Unit, text_unit

__all__ = ["SENTENCE_INSIDE", "mend"]

_LONG = 120  # cells from which an uncolumned line is surely a paragraph's
_LONGEST_PARAGRAPH = 20_000  # characters from which nothing more is joined
_PROSE_CELLS = 40  # cells from which an uncolumned line with a sentence in it is running text
SENTENCE_INSIDE = re.compile(r"[。；]|[.!?] [A-Z][a-z]")


def mend(units: list[Unit], page: Page) -> list[Unit]:
    """Join what column breaks have cut, and tell the pieces of sentences from headlines."""
    mended: list[Unit] = []
    openings = _mend_openings(units, page)
    for unit, following in zip(openings, [*openings[1:], None], strict=True):
        host = next((u for u in reversed(mended) if not u.lodged), None)
        if host and host.kind == "text" and _same_paragraph(host, unit, page):
            _append(host, unit, page)
            continue
        if host and host.kind == "text" and host.unfinished and unit.kind != "byline":
            after = following if following and following.kind == "text" else None
            if _goes_on(host, unit, page) and not (
                unit.kind == "head" and _is_lodged(host, unit, following, page)
            ):
                _append(host, unit, page)
                continue
            unit.lodged = unit.kind == "head" and after is not None and _goes_on(host, after, page)
        mended.append(unit)
    return mended


def _mend_openings(units: list[Unit], page: Page) -> list[Unit]:
    """Give paragraphs back the first lines that a column break has cut off."""
    mended: list[Unit] = []
    for i in range(len(units) - 1, -1, -1):
        unit = units[i]
        after = mended[-1] if mended and mended[-1].kind == "text" else None
        if unit.kind == "head" and after:
            before = units[i - 1] if i else None
            inside = before is not None and before.kind == "text" and not before.closes
            subhead = _has_subhead(unit, after.width)
            piece = Unit("head", unit.lines[1:] if subhead else unit.lines, width=unit.width)
            if _begins(piece, after, page, inside or subhead):
                text = join_lines(piece.lines, page.words)
                start = text_unit([text], tuple(piece.lines), unit.width)
                _append(start, after, page)
                mended[-1] = start
                if subhead:
                    mended.append(Unit("head", unit.lines[:1]))
                continue
        mended.append(unit)
    return mended[::-1]


def _goes_on(host: Unit, unit: Unit, page: Page) -> bool:
    """Whether `unit` takes up the sentence in which `host` breaks off."""
    left, right = host.lines[-1], unit.lines[0]
    if len(left) > _LONGEST_PARAGRAPH:
        return False
    if unit.opens or is_list_item(right) or ADDRESS.search(right[:200]):
        return False
    if leaves_off(left, right) or words_meet(left, right, page.squeezed):
        return True
    if host.width and host.column:
        indent = INDENT if len(host.column) == 1 else 0
        return is_full(host.column[-1], right, host.width - indent) and (
            unit.kind == "text" or cells(right) <= host.width + SLACK
        )
    if not any(map(is_cjk, left[-4:])) or cells(right) < _PROSE_CELLS:
        return False
    return cells(left) > (_PROSE_CELLS if SENTENCE_INSIDE.search(left) else _LONG)


def _same_paragraph(host: Unit, unit: Unit, page: Page) -> bool:
    """Whether a column break fell between two sentences of one paragraph.

    That is to be seen where paragraphs begin with a short line: `host` ends with a full line, and
    `unit` begins with one.
    """
    if host.unfinished or unit.kind != "text" or unit.opens or host.closes:
        return False
    if not (page.indents_dropped and host.width and unit.width) or len(unit.column) < 2:
        return False
    first = unit.column[0]
    return is_full(host.column[-1], first, host.width) and least_cells(first) > unit.width - SLACK


def _is_lodged(host: Unit, head: Unit, following: Unit | None, page: Page) -> bool:
    """Whether a headline stands where `host` breaks off, rather than the rest of its sentence."""
    if following is None or following.kind == "byline" or following.opens:
        return not leaves_off(host.lines[-1], head.lines[0])
    if following.kind != "text" or leaves_off(head.lines[-1], following.lines[0]):
        return False
    left, right = host.lines[-1], following.lines[0]
    met = words_meet(left, head.lines[0], page.squeezed)
    return not met and (leaves_off(left, right) or words_meet(left, right, page.squeezed))


def _begins(head: Unit, unit: Unit, page: Page, inside: bool) -> bool:
    """Whether what looks like a headline is the first line of `unit`, cut off by a column break.

    :param inside: whether it stands between two paragraphs.
    """
    last, right = head.lines[-1], unit.lines[0]
    if len(right) > _LONGEST_PARAGRAPH:
        return False
    if unit.opens or unit.indented or head.asks:
        return False
    if leaves_off(last, right):
        return True
    if unit.width and len(unit.column) > 1 and _is_first_line(head, unit, page, inside):
        return True
    return inside and words_meet(last, right, page.squeezed) and len(head.lines) == 1


def _is_first_line(head: Unit, unit: Unit, page: Page, inside: bool) -> bool:
    """Whether the lines above a column look like the first lines of its paragraph.

    Where a paragraph begins with a short line, a headline's text begins with one as well; here
    the first line is short and the column goes on with a full one.
    """
    width, column = unit.width, [*head.lines, unit.column[0]]
    if not all(
        is_full(line, after, width - (INDENT if i == 0 else 0)) and cells(line) <= width + SLACK
        for i, (line, after) in enumerate(pairwise(column))
    ):
        return False
    if page.indents_dropped:
        return cells(head.lines[0]) < width and least_cells(unit.column[0]) > width - SLACK
    return inside and is_full(head.lines[-1], unit.column[0], width)


def _has_subhead(head: Unit, width: int) -> bool:
    """Whether the first of several lines is a subhead above the first lines of a column."""
    if len(head.lines) < 2 or not width:
        return False
    return stands_alone(Block(head.lines, [False] * len(head.lines), width), 0)


def _append(host: Unit, unit: Unit, page: Page) -> None:
    """Join `unit` to `host`, in the middle of a sentence."""
    first = join_lines(unit.lines, page.words) if unit.kind == "head" else unit.lines[0]
    host.lines[-1] = join_pieces(host.lines[-1], first, page.words)
    if unit.kind == "text":
        host.lines += unit.lines[1:]
        host.unfinished = unit.unfinished
    else:
        host.unfinished = not ends_sentence(host.lines[-1])
    host.column += unit.column
    host.width = unit.width or host.width
