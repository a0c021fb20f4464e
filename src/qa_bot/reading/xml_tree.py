"""XML from anywhere: parsed without entities, without the network, and read by local names."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from qa_bot.errors import ReadError
from qa_bot.reading.decoding import clean_text, decode

if TYPE_CHECKING:
    from lxml import etree

__all__ = [
    "all_named",
    "first_text",
    "inner_text",
    "local_name",
    "paragraphs",
    "parse_xml",
    "without_declaration",
]

_DECLARED = re.compile(rb"""<\?xml[^>]*\bencoding\s*=\s*["']([A-Za-z0-9_.:-]{2,40})""")
_DECLARATION_BYTES = 400
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_ENTITY = re.compile(r"<!ENTITY\b")
# Elements that end a line; whatever else is in a paragraph is part of its line.
_BREAKS = frozenset({"br", "p", "tr", "li", "h1", "h2", "h3", "h4", "line-break", "h", "title"})


def _text_of(data: bytes) -> str:
    """The text of an XML document, without the declaration of what it was encoded in."""
    match = _DECLARED.search(data[:_DECLARATION_BYTES])
    text = decode(data, declared=_known(match[1].decode("ascii")) if match else "")
    return without_declaration(text.lstrip("\ufeff").replace("\0", ""))


def without_declaration(text: str) -> str:
    """`text` without what declares it as XML, and its encoding."""
    return _DECLARATION.sub("", text)


def _known(name: str) -> str:
    """The encoding of this name, widened to what writes it; "" if there is none, or UTF."""
    try:
        name = codecs.lookup(name).name
    except LookupError:
        return ""
    return "" if name.startswith("utf") else {"gb2312": "gb18030", "gbk": "gb18030"}.get(name, name)


def parse_xml(data: bytes) -> etree._Element:
    """The root element of an XML document; small mistakes in it are passed over.

    :raises ReadError: if it is no XML, or defines entities of its own.
    """
    from lxml import etree  # not at the top: it costs 0.1 s

    text = _text_of(data)
    if _ENTITY.search(text[:10_000]):
        raise ReadError(
            "defines XML entities of its own, which are not read: save it without its document "
            "type definition."
        )
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, remove_pis=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        raise ReadError("is not valid XML: get the file again, or save its text as .txt.")
    return root


def local_name(element: etree._Element) -> str:
    """The name without its namespace, in lower case; "" of a comment."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def all_named(root: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The elements of these local names below `root` (and itself), in document order."""
    return (element for element in root.iter() if local_name(element) in names)


def first_text(root: etree._Element, *names: str) -> str:
    """The text of the first element of the first of these names that has any; "" if none has."""
    for name in names:
        for element in all_named(root, name):
            if text := " ".join(inner_text(element).split()):
                return text
    return ""


def inner_text(element: etree._Element) -> str:
    """All the text in an element, a line break after what ends a line."""
    pieces = [element.text or ""]
    for child in element:
        name = local_name(child)
        if name:
            pieces.append(inner_text(child))
        if name in _BREAKS:
            pieces.append("\n")
        pieces.append(child.tail or "")
    return "".join(pieces)


def paragraphs(element: etree._Element, *names: str) -> str:
    """The paragraphs of an element, of these names, an empty line between them."""
    found = []
    for paragraph in all_named(element, *names):
        lines = (" ".join(line.split()) for line in inner_text(paragraph).split("\n"))
        found.append("\n".join(filter(None, lines)))
    return clean_text("\n\n".join(filter(None, found))).strip()
