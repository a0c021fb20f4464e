"""Scans: read where OCR is installed, else named."""

from __future__ import annotations

import io
import random
from pathlib import Path

import pytest
from PIL import Image
from reportlab.pdfgen import canvas

from qa_bot.reading import layout, ocr, read_entries
from qa_bot.reading.inputs import InputFile
from qa_bot.records import Article, Refusal
from tests.reading.samples import (
    BINARIES,
    HANS,
    Make,
    articles,
    squeezed,
    whole,
    wrapped,
    write_pdf,
)


def write_scan(pages: int = 1) -> bytes:
    out = io.BytesIO()
    drawing = canvas.Canvas(out)
    for _ in range(pages):
        drawing.drawInlineImage(Image.new("RGB", (200, 200), "white"), 0, 0, 400, 400)
        drawing.showPage()
    drawing.save()
    return out.getvalue()


def read_here(path: Path) -> list[Article | Refusal]:
    """As the child process reads it, in this one."""
    return list(read_entries(InputFile(path, str(path), 10**8), path.suffix))


def test_scan_without_ocr_names_the_extra(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "available", lambda: False)
    (scan,) = read_here(make("a.pdf", write_scan()))
    (picture,) = read_here(make("b.png", BINARIES["JPEG"]))
    assert isinstance(scan, Refusal)
    assert isinstance(picture, Refusal)
    assert "no text layer" in scan.reason
    assert 'pip install "qa-bot[ocr]"' in scan.reason
    assert 'pip install "qa-bot[ocr]"' in picture.reason


def test_scanned_page_among_others_is_named(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "available", lambda: False)
    import pypdfium2

    mixed = pypdfium2.PdfDocument(write_pdf([wrapped(HANS)]))
    mixed.import_pages(pypdfium2.PdfDocument(write_scan()))
    out = io.BytesIO()
    mixed.save(out)
    path = make("a.pdf", out.getvalue())
    entries = read_here(path)
    assert [e.path for e in entries if isinstance(e, Refusal)] == [f"{path}:2"]
    assert squeezed(HANS) in whole([e for e in entries if isinstance(e, Article)])


def test_ocr_reads_a_picture(tmp_path: Path) -> None:
    pytest.importorskip("rapidocr")
    pytest.importorskip("onnxruntime")
    from PIL import ImageDraw, ImageFont

    image = Image.new("RGB", (900, 200), "white")
    font = ImageFont.load_default(60)
    ImageDraw.Draw(image).text((40, 60), "The library reopened", font=font, fill="black")
    image.save(tmp_path / "scan.png")
    image.save(tmp_path / "scan.pdf")
    for name in ("scan.png", "scan.pdf"):
        assert "libraryreopened" in whole(articles(tmp_path / name))


def boxes(*rows: tuple[float, float, float, str]) -> list[layout.Box]:
    return [layout.Box(left, top, right, top + 10, text) for left, right, top, text in rows]


def test_ocr_reads_columns_one_after_the_other() -> None:
    page = boxes(
        (0, 210, 0, "通栏标题"),
        (0, 100, 30, "左一"),
        (110, 210, 30, "右一"),
        (0, 100, 42, "左二"),
        (110, 210, 42, "右二"),
        (0, 210, 80, "页脚横贯全版"),
    )
    random.Random(1).shuffle(page)
    read_order = [line for line in layout.reading_order(page).split("\n") if line]
    assert read_order == ["通栏标题", "左一", "左二", "右一", "右二", "页脚横贯全版"]
