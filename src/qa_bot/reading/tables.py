"""Tables as text: every cell on a line that names its row and its column.

Whoever reads the line has the cell and no neighbour that could be taken for it (measured: with a
whole row on a line, questions for a cell get the cell beside it); words and figures are the
table's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

__all__ = ["table_text", "with_tables_told"]

_CJK = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_FIGURE = re.compile(r"[\W_]*[0-9][0-9.,:：/\s%％‰+\-–−~～]*[^\W\d_]{0,4}\W*")
_YEAR = re.compile(r"(?:1[5-9]|20)[0-9]{2}\s*[年년]?度?")
_UNIT = re.compile(r"\s*[（(]([^（()）]{1,8})[)）]$")
_LONGEST_FIGURE = 100  # characters, with its unit
_FEWEST_COLUMNS = 3  # of two, a line of text and a figure look the same
_NOTHING = ("", "-", "–", "—", "－", "/", "…", "...")


def table_text(rows: Sequence[Sequence[str]], *, headings: int | None = None) -> str:
    """The table as lines, one a cell, row by row.

    :param rows: the cells; a merged one is given in each place that it covers.
    :param headings: how many rows at the top head the columns; None if nobody says, and it is
        told from the figures below. Without any the cells stand side by side, as they are.
    """
    grid = [[" ".join(cell.split()) for cell in row] for row in rows]
    grid = [row for row in grid if any(row)]
    if not grid:
        return ""
    width = max(map(len, grid))
    grid = [row + [""] * (width - len(row)) for row in grid]
    before, heads, body = _parts(grid, headings)
    if not heads:
        return "\n".join(" ".join(_distinct(row)) for row in grid)
    names = [_heading(column) for column in zip(*heads, strict=True)]
    cjk = bool(_CJK.search("".join(map("".join, grid))))
    lines = [" ".join(_distinct(row)) for row in before]
    lines += [_line(row, names, cjk=cjk) for row in body]
    return "\n".join(lines)


def with_tables_told(text: str) -> str:
    """A text in which rows of figures below a line of headings are told as tables.

    So a page's text layer has them: cells with a space between them, a row on a line.
    """
    lines = text.split("\n")
    told: list[str] = []
    at = 0
    while at < len(lines):
        heads = lines[at].split()
        named = len(heads) >= _FEWEST_COLUMNS and all(map(_is_name, heads))
        below = (lines[i] for i in range(at + 1, len(lines)))
        if named and (rows := list(_rows_of_figures(below, len(heads)))):
            told += ["", table_text([heads, *rows], headings=1), ""]
            at += 1 + len(rows)
        else:
            told.append(lines[at])
            at += 1
    return "\n".join(told)


def _rows_of_figures(lines: Iterable[str], width: int) -> Iterator[list[str]]:
    """The first lines, as long as each is a name and figures for all other columns."""
    for line in lines:
        cells, count = line.split(), width - 1
        first, figures = cells[:-count], cells[-count:]
        plain = all(c in _NOTHING or _is_figure(c) for c in figures)
        if not first or len(figures) < count or not plain or _is_figure(first[-1]):
            return
        yield [" ".join(first), *figures]


Rows = list[list[str]]


def _parts(grid: Rows, headings: int | None) -> tuple[Rows, Rows, Rows]:
    """The rows above the headings (a caption across the table), the headings, and the rest."""
    width = len(grid[0])
    top = 0
    while width > 2 and top < len(grid) - 2 and len(set(filter(None, grid[top]))) == 1:
        top += 1
    rest = grid[top:]
    count = int(_heads(rest)) if headings is None else max(0, headings - top)
    if width < 2 or len(rest) <= count:
        count = 0
    return grid[:top], rest[:count], rest[count:]


def _heads(rows: Rows) -> bool:
    """Whether the first row heads the columns: it has words where the rows below have figures."""
    first, *below = rows
    if not below or sum(bool(cell) for cell in first[1:]) < len(first) - 1:
        return False
    figures = [column for column in range(1, len(first)) if _is_figures(below, column)]
    return bool(figures) and all(_is_name(first[column]) for column in figures)


def _is_figures(rows: Rows, column: int) -> bool:
    cells = [row[column] for row in rows if row[column] not in _NOTHING]
    return bool(cells) and sum(map(_is_figure, cells)) * 2 > len(cells)


def _is_name(cell: str) -> bool:
    return bool(_YEAR.fullmatch(cell)) or not _is_figure(cell)


def _is_figure(cell: str) -> bool:
    return len(cell) <= _LONGEST_FIGURE and _FIGURE.fullmatch(cell) is not None


def _heading(column: Sequence[str]) -> str:
    return " ".join(_distinct(column))


def _distinct(cells: Sequence[str]) -> Iterator[str]:
    """The cells that hold something, a merged one once."""
    previous = ""
    for cell in cells:
        if cell and cell != previous:
            yield cell
        previous = cell


def _line(row: list[str], names: list[str], *, cjk: bool) -> str:
    """A row: each cell on a line of its own, behind the row's name and its column's heading."""
    colon, comma, stop = ("：", "，", "。") if cjk else (": ", ", ", ".")
    if len(set(filter(None, row))) == 1:  # a subheading across the table
        return next(filter(None, row))
    of_row = _UNIT.search(row[0])
    lines = []
    for name, cell in zip(names[1:], row[1:], strict=True):
        if not cell:
            continue
        first, unit = row[0], _UNIT.search(name)
        if _is_figure(cell) and (unit or of_row):  # 长度（米）, 640: 长度, 640米
            if unit:
                name = name[: unit.start()]
            elif of_row:
                first, unit = first[: of_row.start()], of_row
            cell += ("" if cjk else " ") + (unit[1] if unit else "")
        parts = (first, f"{name}{colon}{cell}" if name else cell)
        lines.append(comma.join(filter(None, parts)) + stop)
    return "\n".join(lines)
