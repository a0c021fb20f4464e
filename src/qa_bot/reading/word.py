"""Word documents (.docx): paragraphs, tables and text boxes in document order."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

from qa_bot.errors import ReadError
from qa_bot.newspaper import split_page
from qa_bot.reading import limits
from qa_bot.reading.decoding import clean_line, clean_text, signature
from qa_bot.reading.inputs import Entry, InputFile
from qa_bot.reading.quiet import quiet
from qa_bot.reading.tables import table_text

__all__ = ["read_docx"]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BODY = "word/document.xml"
_HEAD = 1 << 16
_MOST_COLUMNS = 300  # in which a merged cell is said again
_BREAKS = {_W + "tab": "\t", _W + "br": "\n", _W + "cr": "\n", _W + "noBreakHyphen": "-"}
# Text boxes come after the paragraph they hang on; text moved away, phonetic guides and the copy
# of a drawing kept for older programs are not read.
_SKIPPED = {
    _W + "txbxContent",
    _W + "moveFrom",
    _W + "rt",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}
_HEADINGS = ("Heading", "Title", "标题", "標題")
_USELESS_TITLES = ("microsoft word", "word document", "untitled", "无标题", "文档", "未命名")


def read_docx(file: InputFile) -> Iterator[Entry]:
    """The articles of a document.

    Its properties are used for the title alone, when nothing in the text is one: the "author" is
    often the user of a computer, and the dates are those of the file.
    """
    data = file.read()
    _check(data, file.limit)
    text, title = _content(data)
    if not text:
        raise ReadError("holds no text.")
    articles = split_page(text, path=file.shown)
    if len(articles) == 1 and not articles[0].title and title:
        articles = [replace(articles[0], title=title, id="")]
    yield from articles


def _check(data: bytes, limit: int) -> None:
    """:raises ReadError: if `data` is no document, or one that must not be unpacked."""
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise ReadError("is password-protected: remove the password and add it again.")
        raise ReadError("is an old Word document (.doc): save it as .docx and add it again.")
    if not data.startswith(b"PK"):
        what = signature(data[:32]) or "something else"
        raise ReadError(f"is not a Word document (.docx): it looks like {what}.")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            size = sum(member.file_size for member in archive.infolist())
            names = set(archive.namelist())
            body = archive.read(_BODY)[:_HEAD] if _BODY in names and size <= limit else b""
    except (zipfile.BadZipFile, ValueError, OverflowError):
        raise ReadError("is damaged or cut off: get the file again.") from None
    if size > limit:
        raise ReadError(
            f"unpacks to {size / 1e6:.0f} MB, more than the {limit / 1e6:g} MB allowed "
            "(setting max_file_mb)."
        )
    if b"<!DOCTYPE" in body:  # whose entities would be left out, and what stands around them
        raise ReadError("has a document type definition, as no Word has: save it as .docx anew.")
    if "[Content_Types].xml" not in names:
        raise ReadError("is not a Word document (.docx) but another ZIP archive: unpack it.")


def _content(data: bytes) -> tuple[str, str]:
    """The text, headings set apart by empty lines, and the title among the properties."""
    import docx  # not at the top: it costs 0.1 s

    try:
        with quiet():
            document = docx.Document(BytesIO(data))
            cells = sum(1 for _ in document.element.iter(_W + "tc"))
            if cells > limits.MOST_CELLS:
                raise ReadError(
                    f"has tables of {cells} cells, more than the {limits.MOST_CELLS} that are read "
                    "of one file: split it."
                )
            blocks = [text for block in document.iter_inner_content() for text in _texts(block)]
            title = clean_line(document.core_properties.title or "")
    except ReadError:
        raise
    except Exception as error:  # noqa: BLE001  # of python-docx and lxml, by a broken package
        raise ReadError(
            f"cannot be opened as a Word document ({type(error).__name__}): get the file again, "
            "or save it as .docx once more."
        ) from None
    useless = title.lower().startswith(_USELESS_TITLES)
    return clean_text("\n".join(blocks)).strip("\n"), "" if useless else title


def _texts(block: Any) -> Iterator[str]:
    """The lines of a paragraph or a table."""
    from docx.table import _Cell

    if not hasattr(block, "rows"):
        heading = (block.style.name or "").startswith(_HEADINGS) if block.style else False
        yield from _paragraph(block._p, heading)
        return
    # What is merged downwards is said again in each row, what is merged across in each column. The
    # columns are counted here, for a cell that says it spans two thousand million of them is that
    # often in python-docx's lists.
    above: dict[int, str] = {}
    rows = []
    for row in block.rows:
        cells = [""] * min(row._tr.grid_before, _MOST_COLUMNS)
        current: dict[int, str] = {}
        for cell in row._tr.tc_lst:
            column = len(cells)
            if cell.vMerge == "continue":
                text = above.get(column, "")
            else:
                inner = _Cell(cell, block).iter_inner_content()
                lines = (line.strip() for part in inner for line in _texts(part))
                text = " ".join(filter(None, lines))
            current[column] = text
            cells += [text] * min(cell.grid_span, max(1, _MOST_COLUMNS - column))
        above = current
        rows.append(cells)
    yield from ("", table_text(rows), "")


def _paragraph(element: Any, heading: bool) -> Iterator[str]:
    text = _run_text(element)
    if heading and text.strip():
        yield ""
        yield text
        yield ""
    else:
        yield text
    for box in element.iter(_W + "txbxContent"):
        if not any(parent.tag in _SKIPPED for parent in box.iterancestors()):
            for inner in box.iter(_W + "p"):
                yield _run_text(inner)


def _run_text(element: Any) -> str:
    """The text below `element`, insertions under revision included."""
    pieces: list[str] = []
    for child in element:
        if child.tag == _W + "t":
            pieces.append(child.text or "")
        elif child.tag in _BREAKS:
            pieces.append(_BREAKS[child.tag])
        elif child.tag not in _SKIPPED:
            pieces.append(_run_text(child))
    return "".join(pieces)
