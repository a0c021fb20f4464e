"""Tables told cell by cell: every cell behind its row and the heading of its column."""

import io
from pathlib import Path

import docx
import pytest

from qa_bot.reading import read_file
from qa_bot.reading.markdown import plain_text
from qa_bot.reading.tables import table_text, with_tables_told

ROWS = [["品种", "东市（元）", "西市（元）"], ["芹菜", "3.20", "3.60"], ["莲藕", "7", ""]]
TOLD = "芹菜，东市：3.20元。\n芹菜，西市：3.60元。\n莲藕，东市：7元。"


@pytest.mark.parametrize("headings", [1, None])
def test_cells_are_told_with_row_and_column(headings: int | None) -> None:
    assert table_text(ROWS, headings=headings) == TOLD


def test_latin_tables_are_told_in_latin_marks() -> None:
    rows = [["Town", "Population", "Change"], ["Weald", "4,100", "+2.5%"], ["Ash", "900", "-1%"]]
    assert table_text(rows) == (
        "Weald, Population: 4,100.\nWeald, Change: +2.5%.\nAsh, Population: 900.\nAsh, Change: -1%."
    )


def test_years_head_columns() -> None:
    rows = [["指标", "2021年", "2022年"], ["旅客（万）", "31.2", "40.5"]]
    assert table_text(rows) == "旅客，2021年：31.2万。\n旅客，2022年：40.5万。"


def test_two_rows_of_headings_and_a_caption() -> None:
    rows = [
        ["各镇产量", "各镇产量", "各镇产量"],
        ["镇", "小麦", "小麦"],
        ["镇", "面积", "产量"],
        ["柳湾", "12", "34"],
    ]
    assert table_text(rows, headings=3) == "各镇产量\n柳湾，小麦 面积：12。\n柳湾，小麦 产量：34。"


@pytest.mark.parametrize(
    "rows",
    [[["柳湾", "640米"], ["东门", "320米"]], [["一", "二"], ["三", "四"]], [["独", "行"]]],
)
def test_without_headings_cells_stand_side_by_side(rows: list[list[str]]) -> None:
    assert table_text(rows) == "\n".join(" ".join(row) for row in rows)


def test_nothing_of_a_table_is_lost() -> None:
    text = table_text([["a", "b"], ["x", "1", "2"], ["", "", ""], ["y"]], headings=1)
    assert all(cell in text for cell in ("x", "1", "2", "y"))
    assert table_text([]) == table_text([["", ""]]) == ""


def test_tables_of_documents_and_pages(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("市场服务中心昨日公布上周菜价，叶菜普遍上涨。")
    table = document.add_table(len(ROWS), 3)
    for row, cells in zip(table.rows, ROWS, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    stream = io.BytesIO()
    document.save(stream)
    (tmp_path / "a.docx").write_bytes(stream.getvalue())
    html = "".join(
        "<tr>" + "".join(f"<{tag}>{c}</{tag}>" for c in row) + "</tr>"
        for tag, row in zip(("th", "td", "td"), ROWS, strict=True)
    )
    paragraph = "<p>市场服务中心昨日公布上周菜价，叶菜普遍上涨，豆类持平，专家预计下周回落。</p>"
    (tmp_path / "a.html").write_text(
        f"<article>{paragraph * 3}<table>{html}</table>{paragraph}</article>", encoding="utf-8"
    )
    for name in ("a.docx", "a.html"):
        (article,) = read_file(tmp_path / name)
        assert TOLD in article.text
    bars = "\n".join("|" + "|".join(row) + "|" for row in [ROWS[0], ["-"] * 3, *ROWS[1:]])
    assert plain_text(bars) == TOLD


def test_rows_of_figures_in_a_text_layer_are_told() -> None:
    text = (
        "统计局昨日公布数据。\n指标 2021年 2022年\n旅客（万） 31.2 40.5\n车站（座） 3 -\n局长 说 明"
    )
    assert with_tables_told(text) == (
        "统计局昨日公布数据。\n\n旅客，2021年：31.2万。\n旅客，2022年：40.5万。\n"
        "车站，2021年：3座。\n车站（座），2022年：-。\n\n局长 说 明"
    )


@pytest.mark.parametrize(
    "text",
    [
        "The council met.\nIt voted 4 to 3\nand closed at 9 30",
        "队员 张三 李四\n得分 王五 赵六",
        "比分 3 2\n上半场 1 1",
        "一行字\n又一行字",
    ],
)
def test_prose_is_no_table(text: str) -> None:
    assert with_tables_told(text) == text


def test_a_pdf_keeps_its_table(tmp_path: Path) -> None:
    from reportlab.pdfgen import canvas

    page = canvas.Canvas(str(tmp_path / "a.pdf"))
    rows = (("Town", "Rain", "Sun"), ("Weald", "41.5", "120"), ("Ash", "38.0", "131"))
    page.drawString(50, 800, "The weather service published its figures for June on Monday.")
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            page.drawString(50 + 120 * column, 760 - 16 * number, cell)
    page.save()
    text = "\n".join(article.text for article in read_file(tmp_path / "a.pdf"))
    assert "Weald, Rain: 41.5." in text
    assert "Ash, Sun: 131." in text
