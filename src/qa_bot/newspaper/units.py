"""From the blocks of a dump to its units, in the order of the dump."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from qa_bot.newspaper.beginnings import mark_beginnings
from qa_bot.newspaper.bylines import (
    closing_credit,
    opening_credit,
    opens_article,
    standalone_credit,
)
from qa_bot.newspaper.columns import (
    INDENT,
    SLACK,
    Block,
    cells,
    ends_sentence,
    is_list_item,
    join_pieces,
    measure,
    paragraphs,
    pauses,
)
from qa_bot.newspaper.mending import SENTENCE_INSIDE, mend
from qa_bot.newspaper.page import ADDRESS, Page, Unit, text_unit
from qa_bot.newspaper.signatures import settle_bylines, turned

__all__ = ["read_units"]

_HEADLINE_CELLS = 100  # longest line of a headline
_HEADLINE_LINES = 4
# A note in brackets, a photographer's credit.
_FIGURES = re.compile(r"(?<!\S)[0-9][0-9.,:%]*(?!\S)")
_ROW_FIGURES = 4  # figures from which a line is a row of a table
_SPOKEN = re.compile(r"(?:问|問|答|記者|记者|Q|A)\s?[:：]")
_RIGHT = 12  # cells of white space before a line that is set to the right
_SIGNATURE_CELLS = 30
_SIGNED = re.compile(r"[（(]?[\u4e00-\u9fff]{2,6}(?:[\s　/／][\u4e00-\u9fff]{2,6}){0,2}[)）]?")
_CLOSING = frozenset("）)】〕")
_OPENING_ENDS = re.compile(r"[^（(【〔）)】〕]{1,24}[）)】〕]")
_ASIDE = re.compile(r"^[(（\[].*[)）\]]$|[摄攝][)）]?$|\b(?:photo|courtesy)\b[^()]*\)$", re.I)


def read_units(blocks: list[Block], *, of_a_page: bool = False) -> list[Unit]:
    """The units of a page: blocks cut where articles meet, unwrapped, and cut sentences mended.

    :param of_a_page: whether something, such as a masthead, tells that the text is a page's.
    """
    if not blocks:
        return []
    cut = [part for block in blocks for part in _cut(block)]
    _measure_all(cut)
    page = Page(cut)
    units: list[Unit] = []
    first = cut[0].lines[0]
    begins_with_headline = _is_heading([first]) and not standalone_credit(first)
    for i, block in enumerate(cut):
        if _is_headline(cut, i):
            block.width = 0  # however like the column's its lines are
        following = cut[i + 1] if i + 1 < len(cut) else None
        before_opening = following is not None and (
            opens_article(following.lines[0]) or standalone_credit(following.lines[0]) != ""
        )
        if following is None and not begins_with_headline:
            before_opening = True  # it may end with one
        found = _block_units(block, page, before_opening=before_opening, last=following is None)
        for number, unit in enumerate(found):
            unit.block = i
            unit.indented = number == 0 and block.indented[0] > 0 and not all(block.indented)
            units.append(unit)
        if block.jumps and units[-1].kind == "text":
            units[-1].unfinished = False
    units = mend(units, page)
    for unit in units:
        if unit.kind == "text" and (credit := closing_credit(unit.text)):
            unit.credit, unit.credit_start = credit
    units = turned(settle_bylines(units, page))
    mark_beginnings(units, of_a_page=of_a_page)
    return units


def _cut(block: Block) -> Iterator[Block]:
    """Cut a block where articles meet."""
    for part in _cut_by_indent(_mend_brackets(block)):
        yield from _cut_by_words(part)


def _cut_by_indent(block: Block) -> Iterator[Block]:
    """Cut where paragraphs are indented and the lines that are not are headlines."""
    plain = [
        line for line, indented in zip(block.lines, block.indented, strict=True) if not indented
    ]
    if (
        not plain
        or len(plain) > sum(map(bool, block.indented))
        or any(ends_sentence(line) or cells(line) > _HEADLINE_CELLS for line in plain)
    ):
        yield block
        return
    stops = [
        i
        for i in range(1, len(block.lines))
        if bool(block.indented[i]) != bool(block.indented[i - 1])
    ]
    for start, stop in pairwise([0, *stops, len(block.lines)]):
        yield block.part(start, stop)


def _cut_by_words(block: Block) -> Iterator[Block]:
    """Cut where a byline closes an article or an opener begins one."""
    start = 0
    for i, line in enumerate(block.lines):
        credit = standalone_credit(line) or _signature(block, i)
        behind_sentence = i > start and (
            ends_sentence(block.lines[i - 1])
            or (i - start <= _HEADLINE_LINES and _is_heading(block.lines[start:i]))
        )
        opens = opens_article(line)
        above = _headline_above(block.lines, start, i) if opens and not behind_sentence else i
        if above < i:  # the headline of the article that begins here
            yield block.part(start, above)
            start = above
        if i > start and (credit or (opens and (behind_sentence or above < i))):
            yield block.part(start, i)
            start = i
        if i == 0 and len(block.lines) > 1 and opening_credit(line):
            continue  # the reporters stand before the text of the same block
        if credit or closing_credit(line):
            yield block.part(start, i + 1)
            start = i + 1
    if start < len(block.lines):
        yield block.part(start, len(block.lines))


def _signature(block: Block, i: int) -> str:
    """The name with which a letter closes, far to the right on a line of its own; or ""."""
    line = block.lines[i]
    if block.indented[i] < _RIGHT or cells(line) > _SIGNATURE_CELLS or ends_sentence(line):
        return ""
    return line if _SIGNED.fullmatch(line) else ""


def _headline_above(lines: list[str], start: int, i: int) -> int:
    """Where the headline right above line `i` begins, behind the end of a sentence; else `i`."""
    above = i
    while above > start and i - above < 3 and _is_heading(lines[above - 1 : i]):
        above -= 1
        if above > start and ends_sentence(lines[above - 1]):
            return above
    return i


def _mend_brackets(block: Block) -> Block:
    """Join a closing byline that is itself broken over two lines."""
    lines: list[str] = []
    indented: list[int] = []
    ragged = len(block.lines) > 2 and not measure(block)
    for line, indent in zip(block.lines, block.indented, strict=True):
        if lines and len(line) <= 20 and line[-1] in _CLOSING:
            opening = max(lines[-1].rfind(bracket) for bracket in "（(【〔")
            if 0 <= opening >= len(lines[-1]) - 30 and _CLOSING.isdisjoint(lines[-1][opening:]):
                joined = join_pieces(lines[-1], line, set)
                if closing_credit(joined) or (opening == 0 and standalone_credit(joined)):
                    lines[-1] = joined
                    continue
        elif ragged and lines and (shut := _OPENING_ENDS.match(line)) and opens_article(lines[-1]):
            joined = join_pieces(lines[-1], shut[0], set)
            if opening_credit(joined) and not opening_credit(lines[-1]):
                lines[-1] = join_pieces(lines[-1], line, set)
                continue
        lines.append(line)
        indented.append(indent)
    return Block(lines, indented, jumps=block.jumps)


def _measure_all(blocks: list[Block]) -> None:
    """Find the column width of each block; pairs of lines take their neighbours' as a witness."""
    for block in blocks:
        block.width = measure(block) if len(block.lines) > 2 else 0
    surely = [block.wrapped for block in blocks]
    for order in (range(len(blocks)), range(len(blocks) - 1, -1, -1)):
        near = 0
        for i in order:
            if surely[i]:
                near = blocks[i].width
            elif near and not blocks[i].wrapped and len(blocks[i].lines) > 1:
                blocks[i].width = measure(blocks[i], near)


def _block_units(block: Block, page: Page, *, before_opening: bool, last: bool) -> Iterator[Unit]:
    lines = block.lines
    if len(lines) == 1 and (signature := _signature(block, 0)):
        yield Unit("byline", lines, signature, bracketed=True)
    elif len(lines) == 1 and (credit := standalone_credit(lines[0], japanese=page.japanese)):
        yield Unit("byline", lines, credit, bracketed=lines[0] != credit)
    elif _is_heading(lines) and not (block.wrapped and (len(lines) > 2 or _flows(lines))):
        yield Unit("head", lines, width=block.width, column=tuple(lines))
    elif block.wrapped:
        yield from _column_units(block, page, before_opening=before_opening, last=last)
    else:
        yield from _line_units(lines, before_opening)


def _is_headline(blocks: list[Block], i: int) -> bool:
    """Whether a block is a headline by where it stands: between two articles, its sentence open."""
    lines = blocks[i].lines
    if not _is_heading(lines) or ends_sentence(lines[-1]):
        return False
    if i and not (standalone_credit(before := blocks[i - 1].lines[-1]) or closing_credit(before)):
        return False
    if i + 1 == len(blocks):
        return i > 0
    following = blocks[i + 1].lines
    return opens_article(following[0]) or (
        _is_heading(following) and not standalone_credit(following[0])
    )


def _is_heading(lines: list[str]) -> bool:
    """Whether the lines could be a headline or a subhead, by what they are and not where."""
    if len(lines) > _HEADLINE_LINES or any(map(_is_no_heading, lines)) or opens_article(lines[0]):
        return False
    if any(ends_sentence(line) and line[-1] not in "！？!?" for line in lines[:-1]):
        return False
    return not pauses(lines[-1])


def _flows(lines: list[str]) -> bool:
    """Whether lines as wide as the column have a comma inside, as text rather than headlines."""
    return any(re.search(r"[，、]|,(?![0-9])", line[:-1]) for line in lines)


def _is_row(line: str) -> bool:
    return len(_FIGURES.findall(line)) >= _ROW_FIGURES


def _is_no_heading(line: str) -> bool:
    if cells(line) > _HEADLINE_CELLS or is_list_item(line):
        return True
    if _is_row(line) or _SPOKEN.match(line):
        return True
    if ADDRESS.search(line) or _ASIDE.search(line) or SENTENCE_INSIDE.search(line):
        return True
    return ends_sentence(line) and line[-1] not in "！？!?"


def _column_units(block: Block, page: Page, *, before_opening: bool, last: bool) -> Iterator[Unit]:
    """Paragraphs and subheads of a block of column text, and the headline at its end."""
    tail = _headline_above(block.lines, 0, len(block.lines))
    headline = block.lines[tail:]
    # a paragraph that begins at the foot of a column begins with a full line
    short = all(cells(line) < block.width - INDENT - SLACK for line in headline)
    if headline and (before_opening or (short and not last)):
        yield from _column_units(block.part(0, tail), page, before_opening=False, last=True)
        yield Unit("head", headline, width=block.width, column=tuple(headline))
        return
    start = 0
    for text, stop in paragraphs(block, page.words):
        alone = stop - start == 1 and (stop < len(block.lines) or (before_opening and start > 0))
        if alone and not ends_sentence(text) and _is_heading([text]):
            yield Unit("head", [text], width=block.width, column=(text,))
        else:
            column = tuple(block.lines[start:stop])
            yield text_unit([text], column, block.width)
        start = stop


def _line_units(lines: list[str], before_opening: bool) -> Iterator[Unit]:
    """Units of a block whose lines are not to be joined: headlines may stand at its ends."""
    first, last = 0, len(lines)
    while first < min(last - 1, 3) and _heads(lines[first], lines[first + 1 : first + 3]):
        first += 1
    while before_opening and last > first + 1 and _is_heading([lines[last - 1]]):
        last -= 1
    if last < len(lines) and not (ends_sentence(lines[last - 1]) or _is_row(lines[last - 1])):
        last = len(lines)
    if first:
        yield Unit("head", lines[:first])
    for i in range(first + 1, last - 1):
        if ends_sentence(lines[i - 1]) and _heads(lines[i], lines[i + 1 : i + 3]):
            yield text_unit(lines[first:i], tuple(lines[first:i]), 0)
            yield Unit("head", [lines[i]])
            first = i + 1
    if first < last:
        yield text_unit(lines[first:last], tuple(lines[first:last]), 0)
    if last < len(lines):
        yield Unit("head", lines[last:])


def _heads(line: str, following: list[str]) -> bool:
    """Whether a line stands like a headline above much longer ones."""
    return _is_heading([line]) and any(
        cells(other) >= max(2 * cells(line), 40) and ends_sentence(other) for other in following
    )
