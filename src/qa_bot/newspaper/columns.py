"""Undo a newspaper's typesetting: column lines become paragraphs.

Two kinds of line break are told apart. A break is *forced* when the next word would not have
fitted into the column: the two lines are one piece of text. A break that was not forced ends a
paragraph, or belongs to what has lines of its own: a list, a table, verse, a headline.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

import rjieba

__all__ = [
    "INDENT",
    "SLACK",
    "Block",
    "cells",
    "ends_sentence",
    "is_cjk",
    "is_full",
    "is_list_item",
    "join_lines",
    "join_pieces",
    "least_cells",
    "leaves_off",
    "measure",
    "paragraphs",
    "pauses",
    "split_blocks",
    "stands_alone",
    "words_meet",
]

_NARROWEST, _WIDEST = 14, 100  # cells of a column; wider lines are paragraphs of their own
SLACK = 3  # cells by which a justified line may fall short
INDENT = 4  # cells of a first line's indent, which a dump may have dropped
_DOUBLE_SPACED = 12  # lines from which double spacing can be told
_SPACED = 5  # words of a line from which it may be spaced out,
_SINGLE = 0.7  # if so great a share of them is one character long
_APART = 0.9  # share of lines with a blank line behind them
_PROSE = 0.6  # share of forced breaks from which a block is column text
_VERSE = 0.8  # share of lines ending with a mark above which it is verse or a list

_LINE_BREAK = re.compile(r"\r\n|[\n\r\f\v\x1c-\x1e\x85\u2028\u2029]")
_CLOSING = r"”’\"')）\]】」』》〉〕"
_SENTENCE_END = re.compile(
    rf"[。！？!?…｡][{_CLOSING}]*$|[^\s.]\.[{_CLOSING}]*$|[。！？!?.][{_CLOSING}]+$"
)
_PAUSE = re.compile(rf"[，、；：,;:。！？!?.…][{_CLOSING}]*$")
_CANNOT_BEGIN = set("，、。；：？！”’）》〉】」』〕%％…,;:?!)")
_CANNOT_END = set(
    "“‘（《〈【「『〔的和与與及或在将將把被向从從对對为為是以由于於给給让讓使跟并並了着各"
)
_LIST_ITEM = re.compile(
    r"(?:[-*+>#]+\s|[•·●▪◆■□△▲▶|]|[0-9]{1,3}[.、)）]\D|[（(]?[一二三四五六七八九十]{1,3}[)）、])"
)
_BRACKETED_END = re.compile(r"[（(【〔][^（）()【】〔〕]{2,60}[)）】〕]$")
_FIRST_TOKEN = re.compile(
    r"[\x21-\x7e\u00c0-\u024f]+|[“‘（《〈【「『〔]*.[，。、；：？！”’）》〉】」』〕]*", re.DOTALL
)
_HYPHENATED = re.compile(r"([^\W\d_]+)[-\u2010\u00ad]$")
_LAST_LETTER = re.compile(r"(\w)[\W_]*$")
_FIRST_LETTER = re.compile(r"[\W_]*(\w)")
_WORD_START = re.compile(r"[^\W\d_]+")
_ADDRESS_TAIL = re.compile(r"(?:https?://|www\.|[\w.+-]+@)[\x21-\x7e]*$")
_ADDRESS_HEAD = re.compile(r"[\w%-]*[/.@=&?_][\x21-\x7e]*|[\w%-]+$")
_NUMBER_GOES_ON = re.compile(r"[0-9]|[^\W\d_]{1,3}(?![^\W_])")
# Prefixes whose hyphen is part of the word.
_KEEP_HYPHEN = re.compile(
    "self|well|non|co|ex|half|all|mid|anti|long|short|high|low|pre|post|much|ill|full|part|so|then"
    "|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|forty|fifty|sixty|seventy|eighty"
    "|ninety|multi|one|first|second|third"
)


@dataclass(slots=True)
class Block:
    """Lines of the dump without a blank line between them, stripped.

    `indented` tells with how many cells of white space each began.
    """

    lines: list[str] = field(default_factory=list)
    indented: list[int] = field(default_factory=list)
    width: int = 0  # of the column, in cells; 0 when the block is not column text
    jumps: bool = False  # whether its last sentence goes on elsewhere, on another page

    @property
    def wrapped(self) -> bool:
        """Whether the block is column text."""
        return self.width > 0

    def part(self, start: int, stop: int) -> Block:
        """The block of some of the lines."""
        jumps = self.jumps and stop == len(self.lines)
        return Block(self.lines[start:stop], self.indented[start:stop], self.width, jumps)


def split_blocks(text: str) -> Iterator[Block]:
    """The blocks of a page, whatever its newline style."""
    block = Block()
    for line in _single_spaced(_LINE_BREAK.split(text)):
        if stripped := _unspaced(line.strip()):
            block.lines.append(stripped)
            block.indented.append(cells(line[: len(line) - len(line.lstrip())].expandtabs(4)))
        elif block.lines:
            yield block
            block = Block()
    if block.lines:
        yield block


def _unspaced(line: str) -> str:
    """The line without the spaces that text recognition puts between all characters."""
    words = line.split(" ")
    single = sum(len(word) == 1 for word in words)
    if len(words) < _SPACED or single < _SINGLE * len(words) or not any(map(is_cjk, line)):
        return line
    parts = re.split(r"\s{2,}", line)
    return " ".join(part.replace(" ", "") for part in parts)


def _single_spaced(lines: list[str]) -> list[str]:
    """The lines without the blank one behind each, where columns are dumped with double spacing."""
    told = [(i, line.strip()) for i, line in enumerate(lines) if line.strip()]
    if len(told) < _DOUBLE_SPACED:
        return lines
    apart = sum(b[0] - a[0] > 1 for a, b in pairwise(told))
    cut = sum(not _SENTENCE_END.search(line) and cells(line) > _NARROWEST for _, line in told)
    width = sorted(cells(line) for _, line in told)[-len(told) // 10]
    full = sum(width - SLACK - 2 <= cells(line) <= width + SLACK for _, line in told)
    if apart < _APART * (len(told) - 1) or 2 * cut < len(told) or 2 * full < len(told):
        return lines
    kept: list[str] = []
    for i, line in enumerate(lines):
        if line.strip() or (i > 1 and not lines[i - 1].strip() and not lines[i - 2].strip()):
            kept.append(line)
    return kept


@lru_cache(maxsize=70_000)
def _char_cells(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if character in "“”‘’…—" or unicodedata.east_asian_width(character) in "WF" else 1


def cells(text: str) -> int:
    """Width of a line in half-width cells. Quotes and dashes are wide as in CJK typesetting."""
    return len(text) if text.isascii() else sum(map(_char_cells, text))


def least_cells(text: str) -> int:
    """Width of a line whose punctuation is set half-width, as typesetters squeeze it."""
    return sum(_char_cells(c) if c.isalnum() else 1 for c in text)


def is_cjk(character: str) -> bool:
    """Whether the character belongs to a script (or its punctuation) written without spaces."""
    code = ord(character)
    return (
        0x2E80 <= code <= 0xA4CF
        or 0xF900 <= code <= 0xFAFF
        or 0xFE30 <= code <= 0xFE4F
        or 0xFF01 <= code <= 0xFF60
        or 0x20000 <= code <= 0x3FFFF
        or 0x0E00 <= code <= 0x0E7F
    )


def pauses(text: str) -> bool:
    """Whether the text ends with a punctuation mark that is not the end of a sentence."""
    return bool(_PAUSE.search(text[-6:])) and not ends_sentence(text)


def is_list_item(text: str) -> bool:
    """Whether the text begins with a bullet or a number."""
    return bool(_LIST_ITEM.match(text))


def ends_sentence(text: str) -> bool:
    """Whether the text ends where a sentence ends."""
    return bool(_SENTENCE_END.search(text[-12:]))


def is_full(line: str, following: str, width: int) -> bool:
    """Whether the line fills a column so wide that the following line's first word cannot join."""
    token = _FIRST_TOKEN.match(following)
    room = least_cells(token[0][:40]) if token else 0
    if room and following[0].isascii() and line[-1:].isascii():
        room += 1
    return cells(line) + room > width - SLACK


def measure(block: Block, near: int = 0) -> int:
    """Width of the block's column, 0 if it is not column text.

    `near` is the width of a neighbouring column; few lines need it as a witness.
    """
    lines = block.lines
    width = _robust_width(lines)
    if near:
        if not near - INDENT - 2 * SLACK < width <= near + SLACK:
            return 0
        width = max(width, near)
    if not _NARROWEST <= width <= _WIDEST or sum(map(is_list_item, lines)) * 2 > len(lines):
        return 0
    full: list[bool] = []
    for line, following in pairwise(lines):
        starts = not full or not full[-1]
        full.append(is_full(line, following, width - (INDENT if starts else 0)))
    skip = 0 if full[:1] == [True] or len(lines) == 2 else 1  # a heading above the text
    inner = lines[skip:-1]
    good = sum(f or ends_sentence(line) for f, line in zip(full[skip:], inner, strict=True))
    paused = sum(bool(_PAUSE.search(line[-6:])) for line in inner)
    if not near and (len(inner) < 2 or paused > _VERSE * len(inner)):
        return 0
    return width if inner and good >= _PROSE * len(inner) else 0


def _robust_width(lines: list[str]) -> int:
    """The widest line but for rare outliers, such as a headline set wider than its column."""
    lines = [*lines[:-1], _BRACKETED_END.sub("", lines[-1])]  # a byline may hang over
    widths = sorted(map(cells, lines), reverse=True)
    return widths[len(widths) // 12]


def paragraphs(block: Block, vocabulary: Callable[[], set[str]]) -> Iterator[tuple[str, int]]:
    """The paragraphs of a column block, and the index of the line behind each.

    A short line at the start of a paragraph, set on its own, is one paragraph too: a subhead.
    """
    start = 0
    shows_indents = not all(block.indented)
    for i in range(len(block.lines)):
        ends = i + 1 == len(block.lines) or (shows_indents and block.indented[i + 1])
        if ends or _paragraph_ends(block, start, i):
            yield join_lines(block.lines[start : i + 1], vocabulary), i + 1
            start = i + 1


def _paragraph_ends(block: Block, start: int, i: int) -> bool:
    lines, width = block.lines, block.width
    line, following = lines[i], lines[i + 1]
    if following[0] in _CANNOT_BEGIN or _LIST_ITEM.match(following):
        return following[0] not in _CANNOT_BEGIN
    if following[0] == "【" and ends_sentence(line):
        return True
    if not ends_sentence(line):
        return i == start and stands_alone(block, i)
    if not is_full(line, following, width):
        return True
    after = lines[i + 2] if i + 2 < len(lines) else ""
    if after and not ends_sentence(following) and not is_full(following, after, width - INDENT):
        return stands_alone(block, i + 1)  # no line of a paragraph but its last is that short
    dedented = (
        after and cells(following) <= width - INDENT and is_full(following, after, width - INDENT)
    )
    return bool(dedented) and not ends_sentence(following)


def stands_alone(block: Block, i: int) -> bool:
    """Whether line `i`, at the start of a paragraph, is a heading above it."""
    lines, width = block.lines, block.width
    line, following = lines[i], lines[i + 1]
    if (
        pauses(line)
        or line[-1] in _CANNOT_END
        or not balanced(line)
        or _word_spans(line, following)
    ):
        return False
    if cells(line) > width + SLACK:
        return True
    if not is_full(line, following, width - INDENT):
        return True
    # The indent of the next line tells that the paragraph starts only there.
    after = lines[i + 2] if i + 2 < len(lines) else ""
    return bool(
        after
        and not is_full(line, following, width)
        and not is_full(following, after, width)
        and is_full(following, after, width - INDENT)
        and not ends_sentence(following)
    )


def balanced(text: str) -> bool:
    """Whether every opening quote or bracket near the end of the text is closed."""
    text = text[-400:]
    return all(text.count(a) <= text.count(b) for a, b in ("“”", "（）", "《》", "「」", "『』"))


def join_lines(lines: list[str], vocabulary: Callable[[], set[str]]) -> str:
    """The lines as running text."""
    joined: list[str] = []
    for line in lines:
        if not joined:
            joined.append(line)
            continue
        last, glue = _glue(joined[-1], line, vocabulary)
        joined[-1] = last
        joined.append(glue + line)
    return "".join(joined)


def join_pieces(left: str, right: str, vocabulary: Callable[[], set[str]]) -> str:
    """Two pieces of one sentence as running text."""
    tail, glue = _glue(left[-80:], right[:80], vocabulary)
    return left[:-80] + tail + glue + right


def _glue(left: str, right: str, vocabulary: Callable[[], set[str]]) -> tuple[str, str]:
    """`left` without an end-of-line hyphen, and what belongs between the two."""
    a, b = left[-1], right[0]
    if is_cjk(a) or is_cjk(b) or a in "“‘" or b in "”’":
        return left, ""
    # Between quotes and brackets the letters inside them tell the script.
    near, next_ = _LAST_LETTER.search(left[-8:]), _FIRST_LETTER.match(right[:8])
    if near and next_ and is_cjk(near[1]) and is_cjk(next_[1]):
        return left, ""
    if (broken := _HYPHENATED.search(left)) and (word := _WORD_START.match(right)):
        return _mend(left, broken[1], word[0], vocabulary), ""
    if a in "-/—–~([" or b in "-—–~/%)],.;:!?…":
        return left, ""
    # A number, or a number and its unit, broken in the middle of a line without spaces.
    if a.isdigit() and any(map(is_cjk, left[-12:] + right[:12])) and _NUMBER_GOES_ON.match(right):
        return left, ""
    if _ADDRESS_TAIL.search(left[-200:]) and _ADDRESS_HEAD.match(right) and not right[0].isupper():
        return left, ""
    return left, " "


def _mend(left: str, head: str, tail: str, vocabulary: Callable[[], set[str]]) -> str:
    """Drop the hyphen of a word broken at the line's end; keep it where it belongs to the word."""
    if left[-1] == "\u00ad":
        return left[:-1]
    words = vocabulary()
    whole, compound = (head + tail).lower(), f"{head}-{tail}".lower()
    if compound in words and whole not in words:
        return left
    if whole in words:
        return left[:-1]
    keep = _KEEP_HYPHEN.fullmatch(head.lower()) or not tail[0].islower() or not head[-1].islower()
    return left if keep else left[:-1]


def leaves_off(left: str, right: str) -> bool:
    """Whether `left` surely breaks off inside a sentence that `right` takes up."""
    salutation = left[-1] == "," and right[0].isupper()
    if left[-1] in _CANNOT_END or (pauses(left) and left[-1] not in ":：" and not salutation):
        return True
    if right[0] in _CANNOT_BEGIN or not balanced(left):
        return True
    return right[0].islower() and left[-1].isalnum()


def words_meet(left: str, right: str, page: str) -> bool:
    """Whether the last word of `left` and the first of `right` belong together.

    :param page: the text around, without white space, these two pieces included: words that meet
        in it a second time belong together.
    """
    if not (is_cjk(left[-1]) and is_cjk(right[0])):
        return False
    return page.count(left[-2:] + right[:2]) > 1 or _word_spans(left, right)


def _word_spans(left: str, right: str) -> bool:
    """Whether a word begins in `left` and ends in `right`; those of an alphabet end with a line."""
    if right[0].isascii() and right[0].isalpha() and left[-1].isascii():
        return False
    left, right = left[-8:], right[:8]
    position = 0
    for word in rjieba.cut(left + right):
        if position < len(left) < position + len(word):
            return True
        position += len(word)
    return False
