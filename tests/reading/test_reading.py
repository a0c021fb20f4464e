"""Reading, with real files of every kind and the real libraries that open them."""

from __future__ import annotations

import io
import json
import logging
import os
import random
import socket
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import docx
import pytest
from PIL import Image
from reportlab.lib import pdfencrypt
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

from qa_bot.errors import ReadError
from qa_bot.reading import KINDS, characters, layout, ocr, read, read_entries, read_file
from qa_bot.reading.decoding import clean_text, decode, detect_encoding
from qa_bot.reading.html import visible_text
from qa_bot.reading.inputs import InputFile
from qa_bot.reading.markdown import front_matter, plain_text
from qa_bot.records import Article, Refusal

HANS_SHORT = "昨日上午，新建的滨河图书馆正式向市民开放，首日接待读者三千人次。"
HANS = (
    "本报讯 3月12日，东湖区举行植树节活动，三百多名志愿者在河岸种下两千棵水杉。区长林晓表示，"
    "今年全区计划新增绿地十五公顷，让居民出门五百米就能见到公园。\n\n"
    "据了解，这批树苗由市园林局提供，成活后每年可以吸收二氧化碳约四十吨。记者在现场看到，"
    "许多家长带着孩子一起挖坑、培土、浇水，忙得不亦乐乎。活动将持续到本月底。\n"
)
HANT_SHORT = "昨日上午，新建的濱河圖書館正式向市民開放，首日接待讀者三千人次。"
HANT = (
    "記者陳美玲報導，市政府昨天宣布，自明年一月起調整公車票價，學生與長者維持半價優惠。交通局長"
    "說明，調整後每年可增加經費兩億元，用來汰換老舊車輛，並在偏遠地區增開班次。\n\n"
    "市議員認為，票價調整應該與服務品質一併檢討，否則難以說服民眾。這項計畫將在下個月送交議會審議。\n"
)
JA_SHORT = "昨日、市内に新しい図書館が開館し、初日は三千人が訪れた。"
JA = (
    "市は十二日、駅前の再開発計画を発表した。老朽化した商業施設を取り壊し、図書館と広場を整備する。"
    "総事業費は約百二十億円で、来年度に着工し、三年後の完成を目指すという。\n\n"
    "市長は記者会見で「市民が集まる場所にしたい」と述べた。一方、住民からは渋滞を心配する声も出ている。\n"
)
WEST = "Le café de la gare a rouvert « après des années » d’attente — l’été où tout a changé.\n"


@pytest.fixture
def make(tmp_path: Path) -> Callable[[str, bytes | str], Path]:
    def write(name: str, content: bytes | str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    return write


Make = Callable[[str, bytes | str], Path]


def articles(*sources: Path) -> list[Article]:
    entries = list(read(sources))
    assert all(isinstance(entry, Article) for entry in entries), entries
    return [entry for entry in entries if isinstance(entry, Article)]


def refusal(*sources: Path, **options: float) -> str:
    entries = list(read(sources, **options))
    assert len(entries) == 1, entries
    assert isinstance(entries[0], Refusal), entries
    return entries[0].reason


def whole(found: list[Article]) -> str:
    """Everything read, without white space: how a page is split is tested elsewhere."""
    return "".join("".join((a.title + a.byline + a.text).split()) for a in found)


def squeezed(text: str) -> str:
    return "".join(text.split())


# Encodings


SAMPLES = [
    (sample, encoding)
    for samples, encodings in (
        ((HANS_SHORT, HANS), ("gb18030", "gbk", "utf-8", "utf-8-sig", "utf-16")),
        ((HANT_SHORT, HANT), ("big5", "big5hkscs", "cp950", "gb18030", "utf-8", "utf-16")),
        ((JA_SHORT, JA), ("shift_jis", "cp932", "euc_jp", "utf-8", "utf-16")),
        ((HANS_SHORT, HANS, HANT_SHORT, HANT, JA_SHORT, JA, WEST), ("utf-16-le", "utf-16-be")),
        ((WEST,), ("cp1252", "utf-8", "utf-32")),
        (("Пенсии вырастут с первого января, сообщили в правительстве.",), ("cp1251", "koi8_r")),
        (("어제 시내에 새 도서관이 문을 열어 첫날 삼천 명이 찾았다.",), ("cp949", "euc_kr")),
    )
    for sample in samples
    for encoding in encodings
]


@pytest.mark.parametrize(("text", "encoding"), SAMPLES)
def test_encoding_is_found(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)).lstrip("\ufeff") == text


def test_encodings_of_thirty_characters_cut_anywhere() -> None:
    pieces = [
        (text[start : start + 30], encoding)
        for text, encodings in (
            (HANS, ("gb18030", "utf-16-le", "utf-16-be")),
            (HANT, ("big5", "gb18030", "utf-16-le")),
            (JA, ("cp932", "euc_jp", "utf-16-le")),
        )
        for encoding in encodings
        for start in range(len(text) - 30)
    ]
    wrong = [(t, e) for t, e in pieces if decode(t.encode(e)) != t]
    assert len(pieces) > 800
    assert len(wrong) / len(pieces) < 0.005, wrong


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5"])
def test_a_few_broken_bytes_do_not_spoil_a_text(encoding: str) -> None:
    data = HANT.encode(encoding)
    damaged = data[: len(data) // 2] + b"\xff" + data[len(data) // 2 :]
    text = decode(damaged)
    assert text.count("\ufffd") <= 2
    assert text[:60] == HANT[:60]
    assert text[-40:] == HANT[-40:]


def test_a_text_cut_in_a_character_is_read() -> None:
    assert decode(HANS.encode()[:-2]).startswith(HANS[:-2])
    assert decode(HANS.encode("gb18030")[:-2]).startswith(HANS[:-3])


def test_ascii_at_the_front_does_not_hide_the_encoding() -> None:
    text = "0123456789 abcdef\n" * 8000 + HANS * 3
    assert decode(text.encode("gb18030")) == text


def test_declared_encoding_counts_only_if_it_fits() -> None:
    assert detect_encoding("人".encode("big5"), declared="big5") == "big5"
    assert decode(HANS.encode(), declared="gb18030") == HANS
    assert decode(HANS.encode("gb18030"), declared="no-such-encoding") == HANS


def test_models_hold_what_they_are_named_for() -> None:
    assert characters.likelihood(HANS, ["zh-Hans"]) > characters.likelihood(HANS, ["zh-Hant"])
    assert characters.likelihood(HANT, ["zh-Hant"]) > characters.likelihood(HANT, ["zh-Hans"])
    assert characters.likelihood(JA, ["ja"]) > characters.likelihood(JA, ["zh-Hans"])


def test_clean_text() -> None:
    assert clean_text("\ufeff一\r\n二\u2028三\r四\x00\x07\u200b五\u00ad") == "一\n二\n三\n四五"
    assert clean_text("（１２）、ＡＢ") == "（１２）、ＡＢ"
    assert clean_text("e\u0301") == "é"
    assert clean_text("x\ud800y").encode() == "x\ufffdy".encode()


# Text files


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_txt(make: Make, encoding: str) -> None:
    path = make("东湖.TXT", HANS.replace("\n", "\r\n").encode(encoding))
    found = articles(path)
    assert squeezed(HANS) in whole(found).replace("。\n", "。")
    assert {a.path for a in found} == {str(path)}
    assert {a.source for a in found} == {""}
    assert {a.lang for a in found} == {"zh-Hans"}


BINARIES = {
    "JPEG": b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 4,
    "ZIP": b"PK\x03\x04" + bytes(range(256)) * 4,
    "PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
}


@pytest.mark.parametrize("name", ["page.txt", "page.md", "page.html", "page.json", "page.jsonl"])
@pytest.mark.parametrize("what", BINARIES)
def test_binary_named_as_text(make: Make, name: str, what: str) -> None:
    reason = refusal(make(name, BINARIES[what]))
    assert reason.startswith("is binary, not text: ")
    assert what in reason


@pytest.mark.parametrize("size", [60, 1000, 100_000])
@pytest.mark.parametrize("seed", range(3))
def test_random_bytes(make: Make, size: int, seed: int) -> None:
    data = b"\x01" + random.Random(seed).randbytes(size)
    assert refusal(make("noise.txt", data)).startswith("is binary, not text: ")


@pytest.mark.parametrize(
    "name", ["a.txt", "a.md", "a.html", "a.pdf", "a.docx", "a.json", "a.jsonl"]
)
def test_empty(make: Make, name: str) -> None:
    assert refusal(make(name, b"")) == "is empty."


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.jsonl"])
def test_blank(make: Make, name: str) -> None:
    assert refusal(make(name, b" \r\n\t\n  ")).startswith("holds no text")


# Markdown


def test_markdown_with_front_matter(make: Make) -> None:
    path = make(
        "a.md",
        "---\ntitle: 区长：种树要紧\ndate: 2024年3月12日\nsource: '东湖日报'\n"
        "author: [林一, 陈二]\n"
        "id: 007\nurl: https://example.com/a # 地址\n---\n\n# 区长：种树要紧\n\n"
        "**本报讯** 3月12日，[东湖区](https://example.com)举行\n植树节活动。\n\n"
        "- 第一项\n- 第二项\n\n3. 第三点\n\n| 树种 | 棵数 |\n|---|---|\n| 水杉 | 2000 |\n",
    )
    (article,) = articles(path)
    assert article.title == "区长：种树要紧"
    assert article.published == "2024-03-12"
    assert article.source == "东湖日报"
    assert article.byline == "林一, 陈二"
    assert article.id == "007"
    assert article.url == "https://example.com/a"
    assert article.text == (
        "本报讯 3月12日，东湖区举行植树节活动。\n\n第一项\n第二项\n\n3. 第三点\n\n"
        "水杉，棵数：2000。"
    )


def test_markdown_title_is_its_first_heading(make: Make) -> None:
    (article,) = articles(make("2024-03-12.md", f"## 要闻\n\n# 植树节\n\n{HANS}"))
    assert article.title == "植树节"
    assert article.text.startswith("要闻\n\n本报讯")
    assert "#" not in article.text
    assert article.published == "2024-03-12"
    assert article.lang == "zh-Hans"


def test_markdown_that_is_a_plain_dump_is_split_like_one(make: Make) -> None:
    assert squeezed(HANS) in whole(articles(make("a.markdown", HANS)))


def test_markdown_front_matter_alone_is_refused(make: Make) -> None:
    assert "holds no text" in refusal(make("a.md", "---\ntitle: 空\n---\n"))


def test_front_matter_keeps_what_is_none() -> None:
    dump = "---\n第一行没有字段\n---\n正文"
    assert front_matter(dump) == ({}, dump)
    assert front_matter("---\ntags:\n  - 甲\n  - 乙\nid: null\n---\n正文") == (
        {"tags": "甲, 乙", "id": ""},
        "正文",
    )


def test_markdown_text_reads_cleanly() -> None:
    markdown = "一行\n又*一*行。\n新行 `code` ~~旧~~ ![图注](a.png)<br>下\n\n"
    markdown += "> 引文\n\n```\n原样\n```\nsoft\nwrap"
    assert plain_text(r"2\*3 \# 4") == "2*3 # 4"
    assert plain_text("第一段没有句号\n\u3000\u3000第二段") == "第一段没有句号\n第二段"
    assert plain_text(markdown) == (
        "一行又一行。\n新行 code 旧 图注\n下\n\n引文\n\n原样\n\nsoft wrap"
    )


# HTML


PAGE = """<!DOCTYPE html><html lang="zh"><head><meta charset="{charset}">
<title>东湖区植树_东湖日报</title><meta property="og:site_name" content="东湖日报">
<meta name="author" content="林一">
<meta property="article:published_time" content="2024-03-12T08:00:00+08:00">
<link rel="canonical" href="https://example.com/a/1.html"><script>var x = "脚本";</script></head>
<body><nav><a href="/">首页</a> <a href="/2">视频</a></nav><h1>东湖区植树</h1><div class="content">
<p>本报讯&nbsp;3月12日，东湖区举行植树节活动，三百多名志愿者在河岸种下两千棵水杉。</p>
<p>区长林晓表示，今年全区计划新增绿地十五公顷，让居民出门五百米就能见到公园。</p>
<p>据了解，这批树苗由市园林局提供，成活后每年可以吸收二氧化碳约四十吨。</p></div>
<img src="http://192.0.2.1/x.png"><footer>版权所有 2021</footer></body></html>"""


@pytest.mark.parametrize(
    ("declared", "written"),
    [("utf-8", "utf-8"), ("gb2312", "gb18030"), ("gb2312", "utf-8"), ("utf-8", "gb18030")],
)
def test_html(make: Make, declared: str, written: str) -> None:
    (article,) = articles(make("a.html", PAGE.format(charset=declared).encode(written)))
    assert article.title == "东湖区植树"
    assert article.byline == "林一"
    assert article.published == "2024-03-12"
    assert article.source == "东湖日报"
    assert article.url == "https://example.com/a/1.html"
    assert article.text.startswith("本报讯 3月12日，东湖区举行植树节活动")
    assert article.text.endswith("四十吨。")
    assert article.text.count("\n\n") == 2
    assert "首页" not in article.text
    assert "脚本" not in article.text


def test_html_declared_gb2312_with_characters_outside_it(make: Make) -> None:
    page = "<meta http-equiv=Content-Type content='text/html; charset=gb2312'>"
    page += "<p>朱镕基、陶喆、㐱。</p>"
    (article,) = articles(make("a.htm", page.encode("gb18030")))
    assert article.text == "朱镕基、陶喆、㐱。"


def test_html_in_which_no_article_is_found_gives_its_visible_text(make: Make) -> None:
    (article,) = articles(
        make("a.html", "<title>短讯</title><div>甲<b>乙</b>丙</div><div>丁</div>")
    )
    assert article.title == "短讯"
    assert squeezed(article.text) == "甲乙丙丁"


def test_html_without_text_is_refused(make: Make) -> None:
    page = "<html><head><title>x</title></head><body><script>load()</script></body></html>"
    assert "holds no text" in refusal(make("a.html", page))


def test_html_lists_and_tables(make: Make) -> None:
    rows = "".join(f"<tr><td>树种{n}</td><td>{n}00棵</td></tr>" for n in range(3))
    items = "".join(f"<li>第{n}条措施是多种树、种好树、管好树。</li>" for n in range(3))
    paragraphs = "".join(f"<p>{part}</p>" for part in HANS.split("\n"))
    page = f"<article>{paragraphs}<ul>{items}</ul><table>{rows}</table><p>{JA}</p></article>"
    (article,) = articles(make("a.html", page))
    assert "树种1 100棵\n树种2 200棵" in article.text
    assert "第0条措施是多种树、种好树、管好树。\n第1条" in article.text
    assert "|" not in article.text


def test_xhtml_with_declaration_and_entities(make: Make) -> None:
    page = (
        '<?xml version="1.0" encoding="gb2312"?><!DOCTYPE html [<!ENTITY a "哈哈哈哈">'
        '<!ENTITY b "&a;&a;&a;&a;">]>'
        "<html><body><p>正文在此，一句话。&b;&lt;完&gt;</p></body></html>"
    )
    (article,) = articles(make("a.html", page.encode("gb18030")))
    assert "正文在此，一句话。" in article.text
    assert "哈哈哈哈哈哈" not in article.text


def test_visible_text() -> None:
    page = "<head><title>不要</title></head><p>一&amp;二<br>三</p><style>p{}</style>"
    page += "<td>四</td><td>五</td><ul><li>六</li><li>七</li></ul>"
    assert visible_text(page) == "一&二\n三\n\n四 五\n\n六\n七"


# PDF


def write_pdf(
    pages: list[list[str]], *, size: tuple[float, float] = (595, 842), password: str = ""
) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    encryption = pdfencrypt.StandardEncryption(password) if password else None
    drawing = canvas.Canvas(out, pagesize=size, encrypt=encryption)
    for lines in pages:
        drawing.setFont("STSong-Light", 12)
        for number, line in enumerate(lines):
            drawing.drawString(60, size[1] - 60 - 18 * number, line)
        drawing.showPage()
    drawing.save()
    return out.getvalue()


def write_scan(pages: int = 1) -> bytes:
    out = io.BytesIO()
    drawing = canvas.Canvas(out)
    for _ in range(pages):
        drawing.drawInlineImage(Image.new("RGB", (200, 200), "white"), 0, 0, 400, 400)
        drawing.showPage()
    drawing.save()
    return out.getvalue()


def wrapped(text: str, width: int = 30) -> list[str]:
    return [
        part[i : i + width] for part in text.split("\n") for i in range(0, len(part) or 1, width)
    ]


def test_pdf(make: Make) -> None:
    found = articles(make("东湖日报.pdf", write_pdf([wrapped(HANS)])))
    assert squeezed(HANS) in whole(found)


def test_pdf_text_runs_on_over_small_pages(make: Make) -> None:
    lines = wrapped(HANS.split("\n")[0])
    pages = [[*lines[:2], "- 1 -"], [*lines[2:], "- 2 -"]]
    found = articles(make("a.pdf", write_pdf(pages)))
    assert squeezed(HANS.split("\n")[0]) in whole(found)


def test_pdf_newspaper_pages_are_read_one_by_one(make: Make) -> None:
    pages = [wrapped(HANS), wrapped(HANS.replace("东湖", "西山"))]
    found = articles(make("a.pdf", write_pdf(pages, size=(1100, 1560))))
    assert len(found) >= 2
    assert not any("东湖区" in a.text and "西山区" in a.text for a in found)


def test_pdf_radicals_become_characters_and_full_width_stays() -> None:
    from qa_bot.reading.pdf import _readable

    assert _readable("⾸都⻓江，⺠生（１）ﬁ") == "首都长江，民生（１）fi"
    assert _readable("soft hy\ufffe\r\nphen") == "soft hyphen"
    assert _readable("\ue001\ue002\ue003") == ""


def test_pdf_with_password(make: Make) -> None:
    reason = refusal(make("a.pdf", write_pdf([wrapped(HANS)], password="secret")))
    assert reason == "is password-protected: remove the password and add it again."


def test_pdf_cut_off(make: Make) -> None:
    reason = refusal(make("a.pdf", write_pdf([wrapped(HANS)])[:300]))
    assert "cut off" in reason
    assert "again" in reason


def test_pdf_that_is_none(make: Make) -> None:
    assert "is not a PDF document" in refusal(make("a.pdf", BINARIES["JPEG"]))


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


# Word


def save_docx(document: object) -> bytes:
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


def test_docx_in_document_order(make: Make) -> None:
    document = docx.Document()
    document.core_properties.author = "Administrator"
    document.add_heading("东湖区植树", 1)
    document.add_paragraph("本报讯 3月12日，东湖区举行植树节活动，种下两千棵水杉。")
    table = document.add_table(2, 2)
    for cell, text in zip(
        (c for row in table.rows for c in row.cells), ("树种", "棵数", "水杉", "2000"), strict=True
    ):
        cell.text = text
    document.add_paragraph("区长林晓表示，今年全区计划新增绿地十五公顷。")
    found = articles(make("a.docx", save_docx(document)))
    text = whole(found)
    places = [
        text.index(t) for t in ("东湖区植树", "种下两千棵", "水杉，棵数：2000", "区长林晓表示")
    ]
    assert places == sorted(places)
    assert "Administrator" not in text
    assert not any(a.byline for a in found)


def test_docx_text_boxes_and_insertions(make: Make) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("正文一句话写在这里。")
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    inner = "<w:p><w:r><w:t>文本框里的一句话。</w:t></w:r></w:p>"
    box = f"<w:txbxContent>{inner}</w:txbxContent>"
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    parse = docx.oxml.parse_xml
    paragraph._p.append(
        parse(
            f"<w:r {w} {mc}><mc:AlternateContent><mc:Choice>{box}</mc:Choice>"
            f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>"
        )
    )
    paragraph._p.append(parse(f"<w:ins {w}><w:r><w:t>修订加进的话。</w:t></w:r></w:ins>"))
    paragraph._p.append(parse(f"<w:del {w}><w:r><w:delText>删去的话。</w:delText></w:r></w:del>"))
    text = whole(articles(make("a.docx", save_docx(document))))
    assert text == "正文一句话写在这里。修订加进的话。文本框里的一句话。"


def test_docx_with_password_and_old_doc(make: Make) -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)
    protected = ole + "EncryptedPackage".encode("utf-16-le") + bytes(64)
    assert refusal(make("a.docx", protected)).startswith("is password-protected")
    assert "save it as .docx" in refusal(make("b.docx", ole))


def test_docx_cut_off(make: Make) -> None:
    assert "cut off" in refusal(make("a.docx", save_docx(docx.Document())[:5000]))


def test_docx_that_is_none(make: Make) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("a.txt", "text")
    assert "another ZIP archive" in refusal(make("a.docx", archive.getvalue()))
    assert "is not a Word document" in refusal(make("b.docx", b"plain text"))


def test_docx_bomb_is_not_unpacked(make: Make) -> None:
    out = io.BytesIO(save_docx(docx.Document()))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as file:
        file.writestr("word/media/zeros.bin", bytes(30_000_000))
    reason = refusal(make("a.docx", out.getvalue()), max_file_mb=20)
    assert "unpacks to 31 MB" in reason


def test_docx_with_entities_is_refused(make: Make) -> None:
    source = io.BytesIO(save_docx(docx.Document()))
    out = io.BytesIO()
    bomb = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 9))
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                head, body = data.decode().split("?>", 1)
                doctype = f'<!DOCTYPE w:document [<!ENTITY l0 "炸弹">{bomb}]>'
                paragraph = "<w:body><w:p><w:r><w:t>正文。&l8;</w:t></w:r></w:p>"
                data = f"{head}?>{doctype}{body.replace('<w:body>', paragraph)}".encode()
            new.writestr(name, data)
    tracemalloc.start()
    entries = list(read([make("a.docx", out.getvalue())]))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    (entry,) = entries
    assert isinstance(entry, Refusal)  # not read in part
    assert "document type definition" in entry.reason
    assert peak < 50_000_000


# JSON


ROW = {
    "id": 42,
    "title": "东湖区植树",
    "text": "三百多名志愿者在河岸种下两千棵水杉。",
    "date": "2024年3月12日",
    "source": "东湖日报",
    "url": "https://example.com/a",
    "byline": "林一",
}


@pytest.mark.parametrize(
    "document", [ROW, [ROW], {"articles": [ROW]}, {"data": [ROW]}, {"documents": [ROW], "n": 1}]
)
def test_json(make: Make, document: object) -> None:
    path = make("a.json", json.dumps(document, ensure_ascii=False))
    assert articles(path) == [
        Article(
            id="42",
            title="东湖区植树",
            text="三百多名志愿者在河岸种下两千棵水杉。",
            published="2024-03-12",
            source="东湖日报",
            url="https://example.com/a",
            byline="林一",
            lang="zh-Hans",
            path=str(path),
        )
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_json_encodings(make: Make, encoding: str) -> None:
    text = json.dumps([ROW, ROW | {"id": 43}], ensure_ascii=False)
    assert [a.id for a in articles(make("a.json", text.encode(encoding)))] == ["42", "43"]
    lines = "\n".join(json.dumps(ROW | {"id": n}, ensure_ascii=False) for n in range(3))
    found = articles(make("a.jsonl", lines.encode(encoding)))
    assert [a.id for a in found] == ["0", "1", "2"]
    assert found[2].text == ROW["text"]


def test_json_aliases(make: Make) -> None:
    row = {
        "Headline": "标题",
        "content": "<p>第一段，&amp;完。</p><p>第二段。</p>",
        "published": 1710230400,
        "author": [{"name": "林一"}, "陈二"],
        "source": {"id": None, "name": "东湖日报"},
    }
    (article,) = articles(make("a.json", json.dumps(row)))
    assert article.title == "标题"
    assert article.text == "第一段，&完。\n\n第二段。"
    assert article.published == "2024-03-12"
    assert article.byline == "林一, 陈二"
    assert article.source == "东湖日报"
    assert article.id == article.digest()[:16]


def test_json_language_is_kept_but_made_exact(make: Make) -> None:
    rows = [{"text": HANT, "lang": "zh"}, {"text": HANS, "lang": "zh-CN"}, {"text": JA}]
    rows.append({"text": "GDP up 5%, CPI up 2% in the first half of the year.", "lang": "zh"})
    assert [a.lang for a in articles(make("a.json", json.dumps(rows)))] == [
        "zh-Hant",
        "zh-CN",
        "ja",
        "zh",
    ]


def test_json_compact_number_is_a_date(make: Make) -> None:
    (article,) = articles(make("a.json", json.dumps({"text": "正文。", "date": 20240312})))
    assert article.published == "2024-03-12"


def test_bad_rows_are_named_and_the_rest_is_read(make: Make) -> None:
    rows = [
        '{"id": 1, "text": "甲。"}',
        "",
        "{oops",
        "[1]",
        '{"title": "空"}',
        '{"id": 2, "text": "乙。"}',
    ]
    path = make("papers.jsonl", "\n".join([*rows, '{"id": 3, "te']))
    entries = list(read([path]))
    assert [e.id for e in entries if isinstance(e, Article)] == ["1", "2"]
    refused = {e.path: e.reason for e in entries if isinstance(e, Refusal)}
    assert list(refused) == [f"{path}:{n}" for n in (3, 4, 5, 7)]
    assert "is not valid JSON at column 2" in refused[f"{path}:3"]
    assert "not an object" in refused[f"{path}:4"]
    assert "has no text" in refused[f"{path}:5"]
    assert "is cut off" in refused[f"{path}:7"]


@pytest.mark.parametrize("date", ["someday", "2024-13-45", "昨天", {"$date": 7}, True])
def test_a_date_that_is_not_understood_is_named_and_the_article_read(
    make: Make, date: object
) -> None:
    path = make("a.jsonl", json.dumps({"text": "桥梁通车了。", "date": date}))
    article, refused = read([path])
    assert isinstance(article, Article)
    assert article.published == ""
    assert isinstance(refused, Refusal)
    assert refused.path == f"{path}:1"
    assert str(date)[:20] in refused.reason
    assert "2024-08-09" in refused.reason


def test_a_date_of_front_matter_that_is_not_understood(make: Make) -> None:
    path = make("a.md", "---\ntitle: 通车\ndate: someday\n---\n\n桥梁通车了。\n")
    article, refused = read([path])
    assert isinstance(article, Article)
    assert article.title == "通车"
    assert isinstance(refused, Refusal)
    assert "someday" in refused.reason


@pytest.mark.parametrize("date", ["", None, [], "2024-08-09", "2024年8月"])
def test_no_date_and_a_good_one_are_no_fault(make: Make, date: object) -> None:
    (article,) = read([make("a.jsonl", json.dumps({"text": "桥梁通车了。", "date": date}))])
    assert isinstance(article, Article)
    assert article.published == ("" if not date else str(date).replace("年8月", "-08"))


def test_bad_rows_of_a_json_list(make: Make) -> None:
    path = make("a.json", json.dumps([ROW, "text", {"text": "  "}, {"text": 7}]))
    refused = [e.path for e in read([path]) if isinstance(e, Refusal)]
    assert refused == [f"{path}:{n}" for n in (2, 3, 4)]


def test_json_cut_off(make: Make) -> None:
    text = json.dumps([ROW, ROW])
    for end in (len(text) - 1, len(text) - 5, 30):
        assert "is cut off" in refusal(make("a.json", text[:end]))


def test_json_faults(make: Make) -> None:
    assert "line 2, column" in refusal(make("a.json", '{"text": "甲",\n nonsense}'))
    assert "not usable JSON" in refusal(make("a.json", "[" * 100_000))
    assert "list is empty" in refusal(make("a.json", "[]"))


def test_json_and_jsonl_named_as_each_other(make: Make) -> None:
    lines = "".join(json.dumps(ROW | {"id": n}) + "\n" for n in range(3))
    assert len(articles(make("a.json", lines))) == 3
    pretty = json.dumps([ROW | {"id": n} for n in range(3)], indent=2)
    assert len(articles(make("a.jsonl", pretty))) == 3


def test_json_surrogates_can_be_stored(make: Make) -> None:
    (article,) = articles(make("a.jsonl", '{"id": "\\ud800", "text": "正\\ud83d文\\ud83d\\ude00"}'))
    assert article.text == "正\ufffd文😀"
    article.id.encode()


def test_jsonl_is_streamed(make: Make) -> None:
    row = json.dumps({"text": HANS, "unused": "x" * 20_000}, ensure_ascii=False) + "\n"
    path = make("a.jsonl", row.encode() * 500)
    size = path.stat().st_size
    assert size > 9_000_000
    next(read([path]))  # what is loaded once is not to be counted
    tracemalloc.start()
    count = sum(isinstance(entry, Article) for entry in read([path]))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 500
    assert peak < size / 4


# Folders and files that cannot be read


def test_folder_in_order_with_its_bad_files(make: Make, tmp_path: Path) -> None:
    good = json.dumps(ROW)
    make("b/2.json", good)
    make("b/1.json", good)
    make("a.json", good)
    make("c.pptx", b"PK\x03\x04")
    make("d.json", "{")
    make("e.json", good)
    for ignored in (".hidden.json", ".git/x.json", "__MACOSX/y.json", "Thumbs.db", "b/.DS_Store"):
        make(ignored, good)
    os.symlink(tmp_path, tmp_path / "b" / "loop")
    os.symlink(tmp_path / "nowhere", tmp_path / "f.json")
    entries = list(read([tmp_path]))
    shown = [(Path(e.path).relative_to(tmp_path).as_posix(), type(e)) for e in entries]
    assert shown == [
        ("a.json", Article),
        ("b/1.json", Article),
        ("b/2.json", Article),
        ("c.pptx", Refusal),
        ("d.json", Refusal),
        ("e.json", Article),
        ("f.json", Refusal),
    ]
    reasons = [e.reason for e in entries if isinstance(e, Refusal)]
    assert reasons[0].startswith("is not a kind of file qa_bot reads (txt, md, ")
    assert "no such file" in reasons[2]


def test_missing_path_and_empty_folder(tmp_path: Path) -> None:
    assert "there is no such file or folder" in refusal(tmp_path / "none.txt")
    assert "there is no such file or folder" in refusal(tmp_path / "none")
    assert refusal(tmp_path) == "is a folder without files."


def test_relative_path_is_made_absolute(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make("a.json", json.dumps(ROW))
    monkeypatch.chdir(path.parent)
    assert [e.path for e in read(["a.json", "b.json"])] == [str(path), str(path.parent / "b.json")]


def test_too_large(make: Make) -> None:
    reason = refusal(make("a.txt", b"x" * 2_000_000), max_file_mb=1)
    assert "is 2 MB, more than the 1 MB allowed" in reason
    assert "max_file_mb" in reason


def test_unreadable(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make("a.txt", HANS)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", refuse)  # root may open anything, whatever its mode
    assert "permission denied" in refusal(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_pipe_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    assert refusal(tmp_path / "a.txt") == "is not a regular file."


def test_name_that_is_not_utf8(tmp_path: Path) -> None:
    name = os.path.join(os.fsencode(tmp_path), "东湖.json".encode("gb18030"))
    try:
        with open(name, "wb") as file:
            file.write(json.dumps(ROW).encode())
    except OSError:
        pytest.skip("this file system has UTF-8 names only")
    (article,) = articles(tmp_path)
    assert article.path.endswith("东湖.json")


def test_one_path_alone_will_do(make: Make) -> None:
    path = make("a.json", json.dumps(ROW))
    assert [e.path for e in read(str(path))] == [str(path)]


def test_read_is_lazy(make: Make) -> None:
    path = make("a.json", json.dumps(ROW))

    def sources() -> Iterator[Path]:
        yield path
        raise AssertionError("the second source was asked for")

    assert isinstance(next(read(sources())), Article)


def test_read_file(make: Make, tmp_path: Path) -> None:
    path = make("a.jsonl", f"{json.dumps(ROW)}\nnonsense\n")
    assert [a.id for a in read_file(path)] == ["42"]
    with pytest.raises(ReadError, match=r"a\.txt: is empty"):
        read_file(make("a.txt", b""))
    with pytest.raises(ReadError, match="is a folder"):
        read_file(tmp_path)
    with pytest.raises(ReadError, match=r"a\.xyz: is not a kind of file"):
        read_file(make("a.xyz", b"x"))


def test_an_unforeseen_error_stops_nothing(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    from qa_bot import reading

    def explode(*_: object, **__: object) -> None:
        raise ZeroDivisionError("boom")

    monkeypatch.setattr(reading, "split_page", explode)
    bad, good = make("a.txt", HANS), make("b.json", json.dumps(ROW))
    first, second = read([bad, good])
    assert isinstance(first, Refusal)
    assert "ZeroDivisionError" in first.reason
    assert isinstance(second, Article)


def test_every_kind_of_damage_is_quiet_and_offline(
    make: Make,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    noise = random.Random(7)
    good = {
        "pdf": write_pdf([wrapped(HANS)]),
        "docx": save_docx(docx.Document()),
        "html": PAGE.format(charset="utf-8").encode(),
        "json": json.dumps([ROW]).encode(),
        "md": HANS.encode(),
    }
    for kind, data in good.items():
        for n in range(12):
            damaged = bytearray(data[: noise.randrange(1, len(data) + 1)])
            for _ in range(n):
                damaged[noise.randrange(len(damaged))] = noise.randrange(256)
            make(f"{kind}{n:02}.{kind}", bytes(damaged))
    make("links.html", PAGE.format(charset="utf-8"))
    make("z.json", json.dumps(ROW))
    with caplog.at_level(logging.DEBUG):
        entries = list(read([tmp_path]))
    assert isinstance(entries[-1], Article)
    assert {Path(e.path.split(".")[0]).name[:2] for e in entries} >= {"pd", "do", "ht", "js", "md"}
    assert capfd.readouterr() == ("", "")
    assert not caplog.records


def test_kinds_are_what_is_read() -> None:
    assert {".txt", ".md", ".html", ".htm", ".pdf", ".docx", ".json", ".jsonl", ".ndjson"} <= set(
        KINDS
    )
