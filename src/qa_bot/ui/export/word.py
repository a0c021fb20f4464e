"""A conversation as a Word document."""

from __future__ import annotations

import io
import re
from typing import Any

from qa_bot.ui.export.content import Content, Entry

__all__ = ["word"]

_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_GREY = 0x6F


def word(content: Content) -> bytes:
    """The bytes of a docx file: a heading for each question, its sources numbered below it."""
    from docx import Document  # takes a while to import, and few need it

    document = Document()
    _fonts(document)
    document.core_properties.title = _clean(content.name)[:255]
    document.core_properties.author = "qa_bot"
    document.core_properties.language = content.lang
    document.add_heading(_clean(content.name), level=0)
    for entry in content.entries:
        _entry(document, entry)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _fonts(document: Any) -> None:
    """Chinese characters in a font that every Word has, for the template names none."""
    from docx.oxml.ns import qn

    for name in ("Normal", "Title", "Heading 1"):
        fonts = document.styles[name].element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        for script, font in (("ascii", "Calibri"), ("hAnsi", "Calibri"), ("eastAsia", "SimSun")):
            fonts.set(qn(f"w:{script}"), font)


def _entry(document: Any, entry: Entry) -> None:
    document.add_heading(_clean(entry.question), level=1)
    if entry.asked:
        document.add_paragraph().add_run(_clean(entry.asked)).italic = True
    for paragraph in entry.paragraphs:
        written = document.add_paragraph()
        for run in paragraph:
            text = f"[{run.number}]" if run.number else _clean(run.text)
            written.add_run(text).font.superscript = bool(run.number) or None
    for origin in entry.listed:
        document.add_paragraph(_clean(origin), style="List Bullet")
    for source in entry.sources:
        written = document.add_paragraph(f"[{source.number}] {_clean(source.quote)}")
        origin = f" ({source.gloss})" if source.gloss else ""
        origin += f" — {source.origin}" + (f", {source.url}" if source.url else "")
        _grey(written.add_run(_clean(origin)))
    _grey(document.add_paragraph().add_run(" · ".join(map(_clean, entry.remarks))))


def _grey(run: Any) -> None:
    from docx.shared import Pt, RGBColor

    run.font.color.rgb = RGBColor(_GREY, _GREY, _GREY)
    run.font.size = Pt(9)


def _clean(text: str) -> str:
    """Without what no XML file may hold."""
    return _NO_XML.sub("", text)
