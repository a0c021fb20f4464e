"""Word files, with real libraries."""

from __future__ import annotations

import io
import tracemalloc
import zipfile

import docx

from qa_bot.reading import read
from qa_bot.records import Refusal
from tests.reading.samples import Make, articles, refusal, save_docx, whole


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
