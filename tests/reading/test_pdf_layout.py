"""PDF pages that are not drawn in reading order: by rows across columns, upwards, vertically."""

from __future__ import annotations

import random
from collections.abc import Iterable
from itertools import zip_longest
from pathlib import Path

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

from qa_bot.reading import read_file

FONT = "STSong-Light"
MILL = (
    "沙洲镇的旧磨坊昨天改成了阅览室，守磨坊四十年的裴立仁捐出三百本书。镇长说，阅览室每天开到"
    "晚上九点，孩子放学后可以在这里写作业，周末还有人来讲故事。"
)
FERRY = (
    "柳湾的渡船从下星期一起改用电力，船工余大河说，新船没有声音，连白鹭也不再飞走。票价仍是"
    "两元，老人免费，末班船推迟到夜里十点。"
)


def draw(path: Path, pieces: Iterable[tuple[float, float, str]], rotation: int = 0) -> None:
    """Write a page with each piece of text at its place, in the order given."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    page = canvas.Canvas(str(path), pagesize=(600, 842))
    page.setFont(FONT, 12)
    for x, y, text in pieces:
        page.drawString(x, y, text)
    if rotation:
        page.setPageRotation(rotation)
    page.save()


def cut(text: str, width: int) -> list[str]:
    return [text[i : i + width] for i in range(0, len(text), width)]


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_columns_that_are_drawn_row_by_row(tmp_path: Path) -> None:
    rows = zip_longest(cut(MILL, 16), cut(FERRY, 16))
    heads = [(60.0, 780.0, "旧磨坊成了阅览室"), (320.0, 780.0, "柳湾渡船改用电力")]
    body = [
        (x, 750.0 - 18 * n, piece)
        for n, row in enumerate(rows)
        for x, piece in zip((60.0, 320.0), row, strict=True)
        if piece
    ]
    draw(tmp_path / "a.pdf", [*heads, *body])
    mill, ferry = read_file(tmp_path / "a.pdf")
    assert (mill.title, ferry.title) == ("旧磨坊成了阅览室", "柳湾渡船改用电力")
    assert squeezed(mill.text) == MILL
    assert squeezed(ferry.text) == FERRY


@pytest.mark.parametrize("rotation", [0, 90])
def test_lines_that_are_drawn_from_the_bottom_up(tmp_path: Path, rotation: int) -> None:
    lines = [(60.0, 750.0 - 18 * n, piece) for n, piece in enumerate(cut(MILL, 24))]
    draw(tmp_path / "a.pdf", reversed(lines), rotation)
    assert squeezed(read_file(tmp_path / "a.pdf")[0].text) == MILL


@pytest.mark.parametrize("order", ["by columns", "by rows", "at random"])
def test_vertical_columns_are_read_from_right_to_left(tmp_path: Path, order: str) -> None:
    glyphs = [
        (540.0 - 24 * column, 760.0 - 14 * row, character)
        for column, piece in enumerate(cut(MILL, 20))
        for row, character in enumerate(piece)
    ]
    if order == "by rows":
        glyphs.sort(key=lambda glyph: (-glyph[1], glyph[0]))
    elif order == "at random":
        random.Random(1).shuffle(glyphs)
    draw(tmp_path / "a.pdf", glyphs)
    assert squeezed(read_file(tmp_path / "a.pdf")[0].text) == MILL


def test_a_table_of_short_cells_keeps_its_rows(tmp_path: Path) -> None:
    cells = [
        (x, 750.0 - 18 * row, text)
        for row in range(6)
        for x, text in ((60.0, f"渡口{row}"), (200.0, f"{row}艘"), (300.0, f"{row}元"))
    ]
    draw(tmp_path / "a.pdf", cells)
    text = read_file(tmp_path / "a.pdf")[0].text
    assert text.index("3艘") < text.index("渡口4")
