"""XML of news: NITF, NewsML, RSS and Atom feeds, ALTO and PAGE, told apart by the root element."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any

from qa_bot.errors import ReadError
from qa_bot.newspaper import split_page
from qa_bot.reading.decoding import clean_line
from qa_bot.reading.fields import article_of_fields
from qa_bot.reading.inputs import Entry, InputFile
from qa_bot.reading.quiet import quiet
from qa_bot.reading.xml_tree import (
    all_named,
    first_text,
    inner_text,
    local_name,
    paragraphs,
    parse_xml,
)

if TYPE_CHECKING:
    from lxml import etree

__all__ = ["read_xml"]

_FEEDS = ("rss", "feed", "rdf")
_HYPHENS = "-\u00ad\u2010¬="
_CJK = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")


def read_xml(file: InputFile) -> Iterator[Entry]:
    """The articles of an XML file of one of the kinds that newsrooms and archives keep."""
    root = parse_xml(file.read())
    name = local_name(root)
    if name in _FEEDS:
        yield from _feed(root, file)
    elif name == "nitf":
        yield from _nitf(root, 1, file)
    elif name in ("newsitem", "newsmessage", "newsml", "packageitem", "knowledgeitem"):
        yield from _newsml(root, file)
    elif name in ("alto", "pcgts"):
        text = _alto(root) if name == "alto" else _page_xml(root)
        if not text:
            raise ReadError("holds no recognised text: add the picture of the page instead.")
        yield from split_page(text, path=file.shown)
    elif name == "html":
        from qa_bot.reading.html import read_html

        yield from read_html(file)
    elif name == "mets":
        raise ReadError(
            "is the table of contents of a scanned paper (METS) and holds no text: add the ALTO "
            "files that it names."
        )
    else:
        raise ReadError(
            f"is XML of a kind that is not read (<{name[:40]}>): RSS, Atom, NITF, NewsML-G2, ALTO "
            "and PAGE are. Export it as one of these, as JSON or CSV, or save its text as .txt."
        )


# -- feeds -------------------------------------------------------------------------------------


def _feed(root: etree._Element, file: InputFile) -> Iterator[Entry]:
    import feedparser  # not at the top: it costs 0.1 s
    from lxml import etree

    stream = BytesIO(etree.tostring(root, encoding="utf-8"))  # whose mistakes are mended
    try:
        with quiet():
            feed = feedparser.parse(stream, sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:  # noqa: BLE001  # its parser asserts what a broken feed breaks
        raise ReadError(
            f"is a damaged feed ({type(error).__name__}): get the file again."
        ) from None
    source = clean_line(str(feed.feed.get("title", "")))
    if not feed.entries:
        raise ReadError("is a feed without entries.")
    for number, entry in enumerate(feed.entries, 1):
        yield from article_of_fields(_entry(entry), number, file, source=source)


def _entry(entry: Any) -> dict[str, object]:
    """The fields of one entry; its full content goes before its summary."""
    bodies = [part.get("value") or "" for part in entry.get("content") or ()]
    bodies.append(entry.get("summary") or "")
    authors = [author.get("name", "") for author in entry.get("authors") or ()]
    return {
        "title": entry.get("title", ""),
        "text": max(bodies, key=len),
        "date": entry.get("published") or entry.get("updated") or "",
        "url": entry.get("link", ""),
        "source": (entry.get("source") or {}).get("title", ""),
        "byline": ", ".join(filter(None, authors)) or entry.get("author", ""),
    }


# -- news interchange --------------------------------------------------------------------------


def _nitf(root: etree._Element, number: int, file: InputFile) -> Iterator[Entry]:
    """The article of an NITF document; what its head says goes before what its body repeats."""
    body = next(all_named(root, "body.content"), None)
    if body is None:
        body = next(all_named(root, "body"), root)
    dates = [
        element.get(key, "")
        for element in all_named(root, "date.issue", "pubdata", "date.release", "story.date")
        for key in ("norm", "date.publication")
    ]
    papers = (element.get("name", "") for element in all_named(root, "pubdata"))
    yield from article_of_fields(
        {
            "title": first_text(root, "hl1", "title"),
            "text": paragraphs(body, "p", "hl2", "tr") or inner_text(body),
            "byline": first_text(root, "byline", "byttl"),
            "date": next(filter(None, dates), ""),
            "source": next(filter(None, papers), ""),
            "lang": root.get("{http://www.w3.org/XML/1998/namespace}lang", ""),
        },
        number,
        file,
    )


def _newsml(root: etree._Element, file: InputFile) -> Iterator[Entry]:
    """The articles of NewsML (1 and G2): its items, whose body is NITF or XHTML."""
    items = [e for e in all_named(root, "newsitem") if any(True for _ in all_named(e, "p"))]
    if not items:
        raise ReadError("holds no news item with a text: add the items that it points to.")
    for number, item in enumerate(items, 1):
        body = next(all_named(item, "body.content", "contentset", "datacontent", "body"), item)
        yield from article_of_fields(
            {
                "title": first_text(item, "headline", "hl1", "title"),
                "text": paragraphs(body, "p", "h2", "h3", "li"),
                "byline": first_text(item, "by", "byline", "creator"),
                "date": first_text(item, "firstcreated", "contentcreated", "versioncreated")
                or first_text(item, "thisrevisioncreated", "dateid"),
                "source": first_text(item, "infosource", "provider", "creditline"),
                "lang": _language(item),
            },
            number,
            file,
        )


def _language(item: etree._Element) -> str:
    return next((e.get("tag", "") for e in all_named(item, "language")), "")


# -- recognised pages --------------------------------------------------------------------------


def _alto(root: etree._Element) -> str:
    """The text of an ALTO page: a block is a paragraph, words cut at line ends are joined."""
    blocks = (
        _joined([_alto_line(line) for line in all_named(block, "textline")])
        for block in all_named(root, "textblock")
    )
    return "\n\n".join(filter(None, blocks))


def _alto_line(line: etree._Element) -> str:
    """The words of a line; one cut at a line end is told whole where it begins."""
    words: list[str] = []
    for element in line:
        name, content = local_name(element), element.get("CONTENT", "")
        part, whole = element.get("SUBS_TYPE", ""), element.get("SUBS_CONTENT", "")
        if name == "hyp" and not (words and words[-1].endswith("\n")):
            words.append("-")
        elif name == "sp":
            words.append(" ")
        elif name == "string" and not (part == "HypPart2" and whole):
            if words and words[-1] != " " and not _CJK.search(words[-1][-1:] + content[:1]):
                words.append(" ")
            words.append(whole + "\n" if part == "HypPart1" and whole else content)
    return "".join(words).strip()


def _page_xml(root: etree._Element) -> str:
    """The text of a PAGE XML page in its reading order, where it gives one."""
    regions = {e.get("id", ""): e for e in all_named(root, "textregion")}
    order = [
        e.get("regionRef", "")
        for e in sorted(all_named(root, "regionrefindexed"), key=lambda e: _index(e))
    ]
    named = [regions[key] for key in order if key in regions]
    ordered = set(order)
    rest = [region for key, region in regions.items() if key not in ordered]
    return "\n\n".join(filter(None, map(_region, [*named, *rest])))


def _index(element: etree._Element) -> int:
    index = element.get("index", "")
    return int(index) if index.isdecimal() else 0


def _region(region: etree._Element) -> str:
    """The lines of a region, hyphenated line ends joined."""
    lines = []
    for line in region:
        if local_name(line) != "textline":
            continue
        versions = [e for e in line if local_name(e) == "textequiv"]
        versions.sort(key=lambda e: _index(e))
        lines.append(first_text(versions[0], "unicode") if versions else "")
    if not any(lines):
        own = [e for e in region if local_name(e) == "textequiv"]
        return inner_text(own[0]).strip() if own else ""
    return _joined(lines)


def _joined(lines: list[str]) -> str:
    text = ""
    for line in filter(None, lines):
        if text and text[-1] in _HYPHENS and line[0].islower():
            text = text[:-1] + line
        elif text and not _CJK.match(text[-1]) and not _CJK.match(line[0]):
            text += " " + line
        else:
            text += line
    return text
