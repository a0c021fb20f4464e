"""What a page is made of: paragraphs, headlines and bylines, in the order of the dump."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal

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
    is_cjk,
    is_full,
    is_list_item,
    join_lines,
    join_pieces,
    least_cells,
    leaves_off,
    measure,
    paragraphs,
    pauses,
    stands_alone,
    words_meet,
)

__all__ = ["Unit", "read_units"]

_HEADLINE_CELLS = 100  # longest line of a headline
_HEADLINE_LINES = 4
_LONG = 120  # cells from which an uncolumned line is surely a paragraph's
_LONGEST_PARAGRAPH = 20_000  # characters from which nothing more is joined
_PROSE_CELLS = 40  # cells from which an uncolumned line with a sentence in it is running text
_SAMPLE = 50_000  # characters of the page in which recurring words are looked for
_SENTENCE_INSIDE = re.compile(r"[。；]|[.!?] [A-Z][a-z]")
_ADDRESS = re.compile(r"://|www\.|\w@\w")
_ASIDE = re.compile(r"^[(（\[].*[)）\]]$|[摄攝]$")  # a note in brackets, a photographer's credit


@dataclass(slots=True)
class Unit:
    """A paragraph (`text`), a headline or subhead (`head`), or a `byline` on a line of its own."""

    kind: Literal["text", "head", "byline"]
    lines: list[str]  # one, or several that are not to be joined
    credit: str = ""  # the names, if it is a byline or ends with one
    credit_start: int = 0
    opens: bool = False  # whether only an article begins like that
    bracketed: bool = False
    lodged: bool = False  # a headline that the dump put into the middle of a sentence
    width: int = 0  # of the column
    column: tuple[str, ...] = ()  # its lines as they stood in the column
    unfinished: bool = False  # whether its sentence breaks off

    @property
    def text(self) -> str:
        """Its lines as they are printed."""
        return "\n".join(self.lines)

    @property
    def closes(self) -> bool:
        """Whether it ends with a byline."""
        return closing_credit(self.text) is not None

    @property
    def asks(self) -> bool:
        """Whether it ends like a sentence all the same, with a question or exclamation mark."""
        return ends_sentence(self.lines[-1])


class _Page:
    """What is known of the page as a whole."""

    def __init__(self, blocks: list[Block]) -> None:
        self.blocks = blocks

    @cached_property
    def squeezed(self) -> str:
        """The beginning of the page without white space."""
        text = "".join(line for block in self.blocks for line in block.lines)
        return re.sub(r"\s+", "", text[:_SAMPLE])

    @cached_property
    def vocabulary(self) -> set[str]:
        """The words, compounds included, that stand within the lines."""
        words: set[str] = set()
        for block in self.blocks:
            for line in block.lines:
                words.update(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*(?!-$)", line.lower()))
        return words

    def words(self) -> set[str]:
        return self.vocabulary

    @cached_property
    def japanese(self) -> bool:
        return sum("\u3041" <= c <= "\u30fa" for c in self.squeezed[:2000]) > 20

    @cached_property
    def indents_dropped(self) -> bool:
        """Whether the first lines of paragraphs are short by an indent that the dump left out."""
        short = full = 0
        for before, block in pairwise(self.blocks):
            if block.wrapped and len(block.lines) > 2 and ends_sentence(before.lines[-1]):
                indented = cells(block.lines[0]) < block.width - SLACK
                short, full = short + indented, full + (not indented)
        return short > full


def read_units(blocks: list[Block]) -> list[Unit]:
    """The units of a page: blocks cut where articles meet, unwrapped, and cut sentences mended."""
    if not blocks:
        return []
    cut = [part for block in blocks for part in _cut(block)]
    _measure_all(cut)
    page = _Page(cut)
    units: list[Unit] = []
    for i, block in enumerate(cut):
        if _is_headline(cut, i):
            block.width = 0  # however like the column's its lines are
        following = cut[i + 1] if i + 1 < len(cut) else None
        before_opening = following is not None and opens_article(following.lines[0])
        units += _block_units(block, page, before_opening)
    units = _mend(units, page)
    for unit in units:
        if unit.kind == "text" and (credit := closing_credit(unit.text)):
            unit.credit, unit.credit_start = credit
    return units


def _cut(block: Block) -> Iterator[Block]:
    """Cut a block where a byline closes an article or an opener begins one."""
    block = _mend_brackets(block)
    start = 0
    for i, line in enumerate(block.lines):
        credit = standalone_credit(line)
        behind_sentence = i > start and (
            ends_sentence(block.lines[i - 1])
            or (i - start <= _HEADLINE_LINES and _is_heading(block.lines[start:i]))
        )
        if i > start and (credit or (behind_sentence and opens_article(line))):
            yield block.part(start, i)
            start = i
        if i == 0 and len(block.lines) > 1 and opening_credit(line):
            continue  # the reporters stand before the text of the same block
        if credit or closing_credit(line):
            yield block.part(start, i + 1)
            start = i + 1
    if start < len(block.lines):
        yield block.part(start, len(block.lines))


def _mend_brackets(block: Block) -> Block:
    """Join a closing byline that is itself broken over two lines."""
    lines: list[str] = []
    indented: list[bool] = []
    for line, indent in zip(block.lines, block.indented, strict=True):
        if lines and len(line) <= 20 and line[-1] in "）)】〕":
            opening = max(lines[-1].rfind(bracket) for bracket in "（(【〔")
            if 0 <= opening >= len(lines[-1]) - 30 and not re.search(
                "[）)】〕]", lines[-1][opening:]
            ):
                joined = join_pieces(lines[-1], line, set)
                if closing_credit(joined) or (opening == 0 and standalone_credit(joined)):
                    lines[-1] = joined
                    continue
        lines.append(line)
        indented.append(indent)
    return Block(lines, indented)


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


def _block_units(block: Block, page: _Page, before_opening: bool) -> Iterator[Unit]:
    lines = block.lines
    if len(lines) == 1 and (credit := standalone_credit(lines[0], japanese=page.japanese)):
        yield Unit("byline", lines, credit, bracketed=lines[0] != credit)
    elif _is_heading(lines) and not (block.wrapped and (len(lines) > 2 or _flows(lines))):
        yield Unit("head", lines, width=block.width, column=tuple(lines))
    elif block.wrapped:
        yield from _column_units(block, page, before_opening)
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
    return not any(map(ends_sentence, lines[:-1])) and not pauses(lines[-1])


def _flows(lines: list[str]) -> bool:
    """Whether lines as wide as the column have a comma inside, as text rather than headlines."""
    return any(re.search(r"[，、]|,(?![0-9])", line[:-1]) for line in lines)


def _is_no_heading(line: str) -> bool:
    if cells(line) > _HEADLINE_CELLS or is_list_item(line):
        return True
    if _ADDRESS.search(line) or _ASIDE.search(line) or _SENTENCE_INSIDE.search(line):
        return True
    return ends_sentence(line) and line[-1] not in "！？!?"


def _column_units(block: Block, page: _Page, before_opening: bool) -> Iterator[Unit]:
    """Paragraphs and subheads of a block of column text."""
    start = 0
    for text, stop in paragraphs(block, page.words):
        alone = stop - start == 1 and (stop < len(block.lines) or (before_opening and start > 0))
        if alone and not ends_sentence(text) and _is_heading([text]):
            yield Unit("head", [text], width=block.width, column=(text,))
        else:
            column = tuple(block.lines[start:stop])
            yield _text_unit([text], column, block.width)
        start = stop


def _line_units(lines: list[str], before_opening: bool) -> Iterator[Unit]:
    """Units of a block whose lines are not to be joined: headlines may stand at its ends."""
    first, last = 0, len(lines)
    while first < min(last - 1, 3) and _heads(lines[first], lines[first + 1 : first + 3]):
        first += 1
    while before_opening and last > first + 1 and _is_heading([lines[last - 1]]):
        last -= 1
    if last < len(lines) and not ends_sentence(lines[last - 1]):
        last = len(lines)
    if first:
        yield Unit("head", lines[:first])
    if first < last:
        yield _text_unit(lines[first:last], tuple(lines[first:last]), 0)
    if last < len(lines):
        yield Unit("head", lines[last:])


def _heads(line: str, following: list[str]) -> bool:
    """Whether a line stands like a headline above much longer ones."""
    return _is_heading([line]) and any(
        cells(other) >= max(2 * cells(line), 40) and ends_sentence(other) for other in following
    )


def _text_unit(lines: list[str], column: tuple[str, ...], width: int) -> Unit:
    last = lines[-1]
    unfinished = not (ends_sentence(last) or _ADDRESS.search(last) or closing_credit(last))
    if is_list_item(last) and len(lines) > 1:
        unfinished = False
    opens = opens_article(lines[0])
    return Unit("text", list(lines), width=width, column=column, unfinished=unfinished, opens=opens)


def _mend(units: list[Unit], page: _Page) -> list[Unit]:
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


def _mend_openings(units: list[Unit], page: _Page) -> list[Unit]:
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
                start = _text_unit([text], tuple(piece.lines), unit.width)
                _append(start, after, page)
                mended[-1] = start
                if subhead:
                    mended.append(Unit("head", unit.lines[:1]))
                continue
        mended.append(unit)
    return mended[::-1]


def _goes_on(host: Unit, unit: Unit, page: _Page) -> bool:
    """Whether `unit` takes up the sentence in which `host` breaks off."""
    left, right = host.lines[-1], unit.lines[0]
    if len(left) > _LONGEST_PARAGRAPH:
        return False
    if unit.opens or is_list_item(right) or _ADDRESS.search(right[:200]):
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
    return cells(left) > (_PROSE_CELLS if _SENTENCE_INSIDE.search(left) else _LONG)


def _same_paragraph(host: Unit, unit: Unit, page: _Page) -> bool:
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


def _is_lodged(host: Unit, head: Unit, following: Unit | None, page: _Page) -> bool:
    """Whether a headline stands where `host` breaks off, rather than the rest of its sentence."""
    if following is None or following.kind == "byline" or following.opens:
        return not leaves_off(host.lines[-1], head.lines[0])
    if following.kind != "text" or leaves_off(head.lines[-1], following.lines[0]):
        return False
    left, right = host.lines[-1], following.lines[0]
    met = words_meet(left, head.lines[0], page.squeezed)
    return not met and (leaves_off(left, right) or words_meet(left, right, page.squeezed))


def _begins(head: Unit, unit: Unit, page: _Page, inside: bool) -> bool:
    """Whether what looks like a headline is the first line of `unit`, cut off by a column break.

    :param inside: whether it stands between two paragraphs.
    """
    last, right = head.lines[-1], unit.lines[0]
    if len(right) > _LONGEST_PARAGRAPH:
        return False
    if unit.opens or head.asks:
        return False
    if leaves_off(last, right):
        return True
    if unit.width and len(unit.column) > 1 and _is_first_line(head, unit, page, inside):
        return True
    return inside and words_meet(last, right, page.squeezed) and len(head.lines) == 1


def _is_first_line(head: Unit, unit: Unit, page: _Page, inside: bool) -> bool:
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


def _append(host: Unit, unit: Unit, page: _Page) -> None:
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
