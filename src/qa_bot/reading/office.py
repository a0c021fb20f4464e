"""RTF, OpenDocument text and EPUB: their paragraphs in reading order."""

from __future__ import annotations

import codecs
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import unquote

from qa_bot.errors import ReadError
from qa_bot.newspaper import split_page
from qa_bot.reading.decoding import clean_line, clean_text, decode
from qa_bot.reading.html import element, visible_text
from qa_bot.reading.inputs import Entry, InputFile
from qa_bot.reading.tables import table_text
from qa_bot.reading.unpacking import checked_archive
from qa_bot.reading.xml_tree import all_named, first_text, local_name, parse_xml
from qa_bot.records import Article
from qa_bot.text.languages import detect_language

if TYPE_CHECKING:
    from lxml import etree

__all__ = ["read_epub", "read_odt", "read_rtf"]

_CODE_PAGE = re.compile(rb"\\ansicpg([0-9]{3,5})")
_MOST_REPEATED = 1000  # cells or spaces that one element may stand for


def read_rtf(file: InputFile) -> Iterator[Entry]:
    """The articles of a rich text document."""
    from striprtf.striprtf import rtf_to_text

    data = file.read()
    if not data.lstrip().startswith(b"{\\rtf"):
        raise ReadError("is not a rich text document (.rtf): name it as what it is.")
    match = _CODE_PAGE.search(data[:1000])
    encoding = f"cp{int(match[1])}" if match else "cp1252"
    try:
        codecs.lookup(encoding)
    except LookupError:
        encoding = "cp1252"
    source = data.decode("latin-1") if data.isascii() else decode(data, declared=encoding)
    try:
        text = rtf_to_text(source, encoding=encoding, errors="replace")
    except (ValueError, IndexError, KeyError, TypeError, LookupError, RecursionError) as error:
        raise ReadError(
            f"is a damaged rich text document ({type(error).__name__}): save it as .docx or .txt."
        ) from None
    yield from split_page(clean_text(text).strip(), path=file.shown)


def read_odt(file: InputFile) -> Iterator[Entry]:
    """The articles of an OpenDocument text; headings are set apart by empty lines."""
    archive = checked_archive(file.read(), file.limit, "an OpenDocument text (.odt)", "content.xml")
    root = parse_xml(_member(archive, "content.xml"))
    body = next(all_named(root, "text"), root)
    text = clean_text("\n".join(_blocks(body))).strip()
    yield from split_page(text, path=file.shown)


def _blocks(element: etree._Element) -> Iterator[str]:
    for child in element:
        name = local_name(child)
        if name == "h":
            yield from ("", _run(child), "")
        elif name == "p":
            yield _run(child)
        elif name == "table":
            yield from ("", table_text(_grid(child)), "")
        elif name not in ("tracked-changes", "sequence-decls", "annotation"):
            yield from _blocks(child)


def _grid(table: etree._Element) -> list[list[str]]:
    rows = []
    for row in all_named(table, "table-row"):
        cells: list[str] = []
        for cell in row:
            if local_name(cell) in ("table-cell", "covered-table-cell"):
                count = _count(cell, "number-columns-repeated")
                cells += [" ".join(filter(None, _blocks(cell)))] * count
        rows.append(cells)
    return rows


def _run(element: etree._Element) -> str:
    pieces = [element.text or ""]
    for child in element:
        name = local_name(child)
        if name == "s":
            pieces.append(" " * _count(child, "c"))
        elif name in ("tab", "line-break"):
            pieces.append("\t" if name == "tab" else "\n")
        elif name and name not in ("annotation", "note", "ruby-text", "tracked-changes"):
            pieces.append(_run(child))
        pieces.append(child.tail or "")
    return "".join(pieces)


def _count(element: etree._Element, name: str) -> int:
    """The number in an attribute of this local name, 1 if there is none."""
    values = (v for k, v in element.attrib.items() if str(k).rpartition("}")[2] == name)
    value = next(values, "1")
    return min(int(value), _MOST_REPEATED) if str(value).isdecimal() else 1


def read_epub(file: InputFile) -> Iterator[Entry]:
    """The chapters of an EPUB book, each an article, in the order of its spine."""
    archive = checked_archive(file.read(), file.limit, "an EPUB book", "META-INF/container.xml")
    container = parse_xml(_member(archive, "META-INF/container.xml"))
    package = next((e.get("full-path", "") for e in all_named(container, "rootfile")), "")
    root = parse_xml(_member(archive, package))
    folder = posixpath.dirname(package)
    manifest = {e.get("id", ""): e for e in all_named(root, "item")}
    book, author = first_text(root, "title"), first_text(root, "creator")
    day = first_text(root, "date")
    for number, reference in enumerate(all_named(root, "itemref"), 1):
        item = manifest.get(reference.get("idref", ""))
        if item is None or "nav" in (item.get("properties") or "").split():
            continue
        path = posixpath.normpath(posixpath.join(folder, unquote(item.get("href", ""))))
        try:
            page = decode(_member(archive, path))
        except ReadError as error:
            yield file.part(number, str(error))
            continue
        if article := _chapter(page, file, book, author, day):
            yield article


def _chapter(page: str, file: InputFile, book: str, author: str, day: str) -> Article | None:
    text = clean_text(visible_text(page)).strip()
    lines = text.split("\n")
    title = clean_line(visible_text(element(page, "h1", "h2", "h3")))
    if title and clean_line(lines[0]) == title:
        text = "\n".join(lines[1:]).strip()
    if not text:
        return None  # a cover or a title page
    (first, *rest) = split_page(text, path=file.shown, published=day)
    found = first if not rest and not title else None
    return replace(
        found or Article(title, text, published=first.published, path=file.shown),
        byline=clean_line(author),
        source=clean_line(book),
        lang=detect_language(text),
        id="",
    )


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        return archive.read(name)
    except (KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise ReadError(
            f"is damaged: its part {name[:80]!r} cannot be read ({type(error).__name__}). Get the "
            "file again."
        ) from None
    except Exception as error:  # noqa: BLE001  # zlib.error and what else a broken member raises
        raise ReadError(f"is damaged ({type(error).__name__}): get the file again.") from None
