"""The text layer of a PDF page: in the order it was drawn where that can be read, else by geometry.

Most programs draw a page in reading order. Some draw it row by row across the columns, from the
bottom up, or every character for itself; and vertical Japanese and Chinese is drawn by columns
that PDFium takes for lines of one character.
"""

from __future__ import annotations

from collections.abc import Sequence
from ctypes import c_double
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

from qa_bot.reading.layout import Box, reading_order

__all__ = ["layer_text"]

_FEW = 8  # characters of a page too short to tell anything of
_UPWARDS = 0.5  # share of lines drawn above the one before from which a page is drawn bottom up
_ROWS = 3  # rows across columns from which a page is drawn by rows
_LONG = 7.0  # heights that a piece of a column's line is wide, more than a cell of most tables
_NARROW = 1.6  # heights that the frame of a character, or of a column of them, is wide at most
_CLOSER = 0.85  # how much closer to each other characters of a line are than lines
_NEAR = 0.5  # of a character's size: what is on one line
_GAP = 1.6  # of a character's size: white that separates two blocks
_MOST_GLYPHS = 20_000  # that are looked at one by one


class Glyph(NamedTuple):
    """A character, where its font sets it on the page (y growing downwards), and its size."""

    character: str
    x: float
    y: float
    size: float


def layer_text(layer: Any, height: float) -> str:
    """The text of a page's layer, a `pypdfium2.PdfTextPage`; `height` is the page's, in points."""
    count = layer.count_chars()
    if count < _FEW:
        return str(layer.get_text_range())
    frames = [layer.get_rect(i) for i in range(layer.count_rects())]
    frames = [(left, height - top, right, height - bottom) for left, bottom, right, top in frames]
    narrow = sum(right - left < _NARROW * (bottom - top) for left, top, right, bottom in frames)
    if count <= _MOST_GLYPHS and 2 * narrow > len(frames):
        glyphs = _glyphs(layer, count, height)
        if _is_vertical(glyphs):
            return reading_order(_columns(glyphs))
    if _is_drawn_by_rows(frames) or _is_drawn_upwards(frames):
        return reading_order(_boxes(layer, frames, height))
    return str(layer.get_text_range())


def _boxes(
    layer: Any, frames: Sequence[tuple[float, float, float, float]], height: float
) -> list[Box]:
    boxes = []
    for left, top, right, bottom in frames:
        text = layer.get_text_bounded(left, height - bottom, right, height - top)
        if text := " ".join(text.split()):
            boxes.append(Box(left, top, right, bottom, text))
    return boxes


def _is_drawn_by_rows(frames: Sequence[tuple[float, float, float, float]]) -> bool:
    """Whether long pieces beside each other are drawn one after the other, row after row."""
    rows = 0
    for (l1, t1, r1, b1), (l2, t2, r2, b2) in pairwise(frames):
        high = max(b1 - t1, b2 - t2)
        beside = abs((t1 + b1) - (t2 + b2)) < _NEAR * 2 * high and l2 - r1 > _NEAR * high
        rows += beside and min(r1 - l1, r2 - l2) > _LONG * high
    return rows >= _ROWS


def _is_drawn_upwards(frames: Sequence[tuple[float, float, float, float]]) -> bool:
    """Whether lines of one column are mostly drawn above the line before."""
    up = down = 0
    for (l1, t1, r1, b1), (l2, t2, r2, b2) in pairwise(frames):
        if min(r1, r2) - max(l1, l2) > 0:
            up += b2 <= t1 + (b1 - t1) * _NEAR
            down += t2 >= b1 - (b1 - t1) * _NEAR
    return up > 2 and up > _UPWARDS * (up + down)


def _glyphs(layer: Any, count: int, height: float) -> list[Glyph]:
    import pypdfium2.raw as raw

    x, y = c_double(), c_double()
    glyphs = []
    for i in range(count):
        character = chr(raw.FPDFText_GetUnicode(layer, i))
        if character.isspace() or raw.FPDFText_IsGenerated(layer, i):
            continue
        left, bottom, right, top = layer.get_charbox(i)
        raw.FPDFText_GetCharOrigin(layer, i, x, y)
        size = max(right - left, top - bottom, 0.1)
        glyphs.append(Glyph(character, x.value, height - y.value, size))
    return glyphs


def _is_vertical(glyphs: Sequence[Glyph]) -> bool:
    """Whether characters stand closer below each other than beside each other."""
    size = median(glyph.size for glyph in glyphs)
    below, beside = [], []
    down = sorted(glyphs, key=lambda g: (round(g.x / size), g.y))
    across = sorted(glyphs, key=lambda g: (round(g.y / size), g.x))
    for a, b in pairwise(down):
        if abs(a.x - b.x) < _NEAR * size and b.y > a.y:
            below.append(b.y - a.y)
    for a, b in pairwise(across):
        if abs(a.y - b.y) < _NEAR * size and b.x > a.x:
            beside.append(b.x - a.x)
    if len(below) < _FEW:
        return False
    return not beside or median(below) < _CLOSER * median(beside)


def _columns(glyphs: Sequence[Glyph]) -> list[Box]:
    """Vertical columns as the lines of a page that is turned by a quarter to the left."""
    size = median(glyph.size for glyph in glyphs)
    columns: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda g: -g.x):
        if not columns or columns[-1][0].x - glyph.x > _NEAR * size:
            columns.append([])
        columns[-1].append(glyph)
    boxes = []
    for column in columns:
        column.sort(key=lambda g: g.y)
        breaks = [i for i, (a, b) in enumerate(pairwise(column), 1) if b.y - a.y > _GAP * size]
        for begin, end in pairwise([0, *breaks, len(column)]):
            piece = column[begin:end]
            top, bottom = piece[0].y - size / 2, piece[-1].y + size / 2
            x = median(glyph.x for glyph in piece)
            text = "".join(glyph.character for glyph in piece)
            boxes.append(Box(top, -x - size / 2, bottom, -x + size / 2, text))
    return boxes
