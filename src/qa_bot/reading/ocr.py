"""Text in pictures, by RapidOCR, the optional extra `ocr`, which ships with its models."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from typing import Any

from qa_bot.errors import ReadError
from qa_bot.newspaper import split_page
from qa_bot.reading.decoding import clean_text, signature
from qa_bot.reading.inputs import Entry, InputFile
from qa_bot.reading.layout import Box, reading_order
from qa_bot.reading.limits import give_time
from qa_bot.reading.quiet import quiet

__all__ = ["ADVICE", "available", "read_image", "recognise"]

ADVICE = 'To read scans: pip install "qa-bot[ocr]", then add it again.'


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
