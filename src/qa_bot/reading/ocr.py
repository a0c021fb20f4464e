"""Text in pictures, by RapidOCR, the optional extra `ocr`, which ships with its models."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from statistics import median
from typing import Any

from qa_bot.errors import ReadError
from qa_bot.newspaper import split_page
from qa_bot.reading.decoding import clean_text, signature
from qa_bot.reading.inputs import Entry, InputFile
from qa_bot.reading.limits import give_time
from qa_bot.reading.quiet import quiet

__all__ = ["ADVICE", "Box", "available", "read_image", "reading_order", "recognise"]

ADVICE = 'To read scans: pip install "qa-bot[ocr]", then add it again.'
_COLUMN_GAP = 0.5  # of the height of a line: white that separates columns
_BLOCK_GAP = 1.0  # white between lines that separates blocks


@dataclass(frozen=True, slots=True)
class Box:
    """A recognised line and where it stands, y growing downwards."""

    left: float
    top: float
    right: float
    bottom: float
    text: str


def available() -> bool:
    """Whether the extra `ocr` is installed."""
    return find_spec("rapidocr") is not None and find_spec("onnxruntime") is not None


def read_image(file: InputFile) -> Iterator[Entry]:
    """The articles of a scanned page."""
    if not available():
        raise ReadError("is a picture. " + ADVICE)
    texts = [text for text in map(recognise, _frames(file)) if text]
    if not texts:
        raise ReadError("is a picture in which no text was recognised.")
    for text in texts:
        yield from split_page(text, path=file.shown)


def recognise(pixels: Any) -> str:
    """The text of a picture (an array of height, width and BGR), columns read one by one."""
    give_time()
    with quiet():
        result = _engine()(pixels)
    if result.boxes is None or not result.txts:
        return ""
    boxes = [
        _box(corners, text)
        for corners, text in zip(result.boxes, result.txts, strict=True)
        if text.strip()
    ]
    return clean_text(reading_order(boxes))


def _box(corners: Any, text: str) -> Box:
    """The upright frame around a line's four corners, an array of (x, y)."""
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    return Box(float(left), float(top), float(right), float(bottom), text)


@cache
def _engine() -> Any:
    try:
        from rapidocr import RapidOCR
    except ImportError as error:  # a system library that OpenCV wants
        raise ReadError(f"is a scan, and the extra ocr does not load: {error}.") from None
    return RapidOCR(params={"Global.log_level": "critical"})


def _frames(file: InputFile) -> Iterator[Any]:
    """The pictures of a file: one, or the pages of a TIFF.

    :raises ReadError: if it is none that can be decoded.
    """
    from io import BytesIO

    import numpy
    from PIL import Image, ImageSequence

    data = file.read()
    try:
        with quiet(), Image.open(BytesIO(data)) as image:
            frames = [
                numpy.asarray(f.convert("RGB"))[:, :, ::-1] for f in ImageSequence.Iterator(image)
            ]
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        what = signature(data[:32]) or "no picture"
        raise ReadError(f"cannot be opened as a picture: it looks like {what} ({error}).") from None
    yield from frames


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
    for box in sorted(boxes, key=lambda b: (b.top + b.bottom) / 2):
        if previous and (box.top + box.bottom) / 2 < previous.bottom - 0.3 * height:
            line += " " + box.text  # beside the previous, on the same line
        else:
            if previous:
                yield line
                if box.top - previous.bottom > _BLOCK_GAP * height:
                    yield ""
            line = box.text
        previous = box
    if line:
        yield line
