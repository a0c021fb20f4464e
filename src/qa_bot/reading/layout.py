"""Reading order by geometry: lines with frames become the text of a page, column after column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

__all__ = ["Box", "reading_order"]

_COLUMN_GAP = 0.5  # of the height of a line: white that separates columns
_BLOCK_GAP = 1.0  # white between lines that separates blocks,
_WIDER_GAP = 1.4  # and how much wider than between the lines of a block it must be


@dataclass(frozen=True, slots=True)
class Box:
    """A line of text and where it stands, y growing downwards."""

    left: float
    top: float
    right: float
    bottom: float
    text: str


def reading_order(boxes: list[Box]) -> str:
    """The lines of a page in the order they are read: column after column under each headline."""
    if not boxes:
        return ""
    height = median(box.bottom - box.top for box in boxes)
    lines: list[str] = []
    todo = [(boxes, False)]  # a block, and whether white stands above it
    while todo:
        block, apart = todo.pop()
        parts = _columns(block, _COLUMN_GAP * height)
        if len(parts) > 1:
            todo += [(part, apart and i == 0) for i, part in reversed(list(enumerate(parts)))]
            continue
        parts = _bands(block, height)
        if len(parts) > 1:
            todo += [(part, apart or i > 0) for i, part in reversed(list(enumerate(parts)))]
            continue
        lines += [""] * (apart and bool(lines)) + list(_lines(block, height))
    return "\n".join(lines)


def _columns(boxes: list[Box], gap: float) -> list[list[Box]]:
    """The boxes cut at every white column at least `gap` wide; a lone box is no column."""
    parts = _cut([(b.left, b.right, b) for b in boxes], gap)
    return parts if all(len(part) > 1 for part in parts) else [boxes]


def _bands(boxes: list[Box], height: float) -> list[list[Box]]:
    """What stands above the first rows that form columns, those rows, and what stands below."""
    rows = _cut([(b.top, b.bottom, b) for b in boxes], 0)

    def columned(start: int, end: int) -> bool:
        return len(_columns(_joined(rows[start:end]), _COLUMN_GAP * height)) > 1

    for start in range(len(rows)):
        end = start + 1 if columned(start, start + 1) else start + 2
        if end > len(rows) or not columned(start, end):
            continue
        while end < len(rows) and columned(start, end + 1):
            end += 1
        bands = (rows[:start], rows[start:end], rows[end:])
        return [_joined(band) for band in bands if band]
    return [boxes]


def _joined(rows: list[list[Box]]) -> list[Box]:
    return [box for row in rows for box in row]


def _cut(spans: list[tuple[float, float, Box]], gap: float) -> list[list[Box]]:
    """Boxes grouped where their spans on one axis overlap or come closer than `gap`."""
    groups: list[list[Box]] = []
    reach = float("-inf")
    for start, end, box in sorted(spans, key=lambda span: span[:2]):
        if start - reach > gap or not groups:
            groups.append([])
        groups[-1].append(box)
        reach = max(reach, end)
    return groups


def _lines(boxes: list[Box], height: float) -> Iterator[str]:
    """The lines of one column from top to bottom, an empty one where white separates blocks."""
    previous: Box | None = None
    line = ""
    ordered = sorted(boxes, key=lambda b: (b.top + b.bottom) / 2)
    white = [b.top - a.bottom for a, b in pairwise(ordered) if b.top > a.bottom]
    gap = max(_BLOCK_GAP * height, _WIDER_GAP * median(white) if white else 0.0)
    for box in ordered:
        if previous and (box.top + box.bottom) / 2 < previous.bottom - 0.3 * height:
            line += " " + box.text  # beside the previous, on the same line
        else:
            if previous:
                yield line
                if box.top - previous.bottom > gap:
                    yield ""
            line = box.text
        previous = box
    if line:
        yield line
