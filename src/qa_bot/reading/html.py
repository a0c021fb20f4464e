"""HTML pages: the article in them, without navigation and advertisements."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from copy import deepcopy
from html import unescape
from html.parser import HTMLParser
from itertools import groupby
from typing import Any

from qa_bot.errors import ReadError
from qa_bot.newspaper.bylines import closing_credit, opening_credit, standalone_credit
from qa_bot.reading.decoding import clean_line, clean_text, decode
from qa_bot.reading.inputs import Entry, InputFile
from qa_bot.reading.quiet import quiet
from qa_bot.reading.tables import table_text
from qa_bot.reading.web_page import headline, is_author, join_bodies, page_tree, prune
from qa_bot.reading.xml_tree import without_declaration
from qa_bot.records import Article
from qa_bot.text.dates import date_from_name, find_dateline, normalise_date, refine_date
from qa_bot.text.languages import detect_language

__all__ = ["html_article", "looks_like_html", "read_html", "visible_text"]

_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""", re.I)
_DECLARATION_BYTES = 4096
# Names that pages declare for what browsers read as a larger set.
_WIDER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "hz": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
}
_MARKUP = re.compile(r"<br\s*/?>|</(?:p|div|span|a|b|i|em|strong|h[1-6]|li|td|section)\s*>", re.I)
_TAG = re.compile(r"<[^<>]*>")
_HEAD_CHARACTERS = 100_000
_ITEM = "- "
_LINKED_DATA = re.compile(r"<script[^>]{0,100}ld\+json[^>]{0,100}>([^<]{0,20000})</script", re.I)
_RIGHTS = re.compile(r"\s*(?:版权所有|版權所有|All rights reserved\.?|[©®])\s*", re.I)
_SHORTEST_ARTICLE = 60  # trafilatura's 250 characters are for languages that need more of them
_HEADER_LINES = 12  # navigation that precedes the headline is no longer than this


def read_html(file: InputFile) -> Iterator[Entry]:
    """The one article of a page, with what the page says of it."""
    data = file.read()
    yield html_article(decode(data, declared=_declared_encoding(data)), file.shown)


def html_article(page: str, path: str) -> Article:
    """The article of the page in `page`; `path` is the file that it was read from.

    :raises ReadError: if it holds no text.
    """
    # A str that declares an encoding is refused by XML-minded parsers, and the claim is spent.
    page = without_declaration(page.replace("\0", ""))
    tree = page_tree(page)
    found = _extract(tree) if tree is not None else {}
    title = _title(found, tree)
    text = _without_header(clean_text(found.get("text") or ""), title)
    text = _paragraphs(text) or clean_text(visible_text(page))
    if not text:
        raise ReadError(
            "holds no text: if the page is filled in by a script, save it from a browser "
            "after it has loaded, or save its text."
        )
    published = normalise_date(found.get("date") or "") or date_from_name(path)
    return Article(
        title=title,
        text=text,
        byline=_byline(found, page, text),
        published=refine_date(published, find_dateline(text)),
        source=_site(found),
        url=clean_line(found.get("url") or ""),
        lang=detect_language(text),
        path=path,
    )


def looks_like_html(text: str) -> bool:
    """Whether a text that should be plain holds HTML markup."""
    return _MARKUP.search(text) is not None


def element(page: str, *names: str) -> str:
    """What is inside the first element of one of these names, its tags included; "" without it."""
    name = "|".join(names)
    begin = re.search(rf"<(?:{name})(?:\s[^<>]*)?>", page, re.I)
    end = begin and re.compile(rf"</(?:{name})\b", re.I).search(page, begin.end())
    return page[begin.end() : end.start()] if begin and end else ""


def visible_text(page: str) -> str:
    """All text a browser would show; an empty line between paragraphs, none in lists and tables."""
    parser = _VisibleText()
    parser.feed(page)
    parser.close()
    lines = [" ".join(line.split()) for line in "".join(parser.pieces).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _declared_encoding(data: bytes) -> str:
    """The encoding the page claims, widened to what browsers take it for; "" if none is known."""
    match = _CHARSET.search(data[:_DECLARATION_BYTES])
    if match is None:
        return ""
    try:
        name = codecs.lookup(match[1].decode("ascii")).name
    except LookupError:
        return ""
    return "" if name.startswith("utf") else _WIDER.get(name, name)


def _extract(tree: Any) -> dict[str, Any]:
    """What is found of a page's article, from all the containers that hold it."""
    # What the page states is read before anything is taken out of it.
    stated = _document(tree)
    pruned = deepcopy(tree)
    prune(pruned)
    found = _document(pruned) or stated
    if join_bodies(pruned, found.get("text") or ""):
        joined = _document(pruned)
        if len(joined.get("text") or "") > len(found.get("text") or ""):
            found = joined
    return {**stated, "text": found.get("text")}


def _document(tree: Any) -> dict[str, Any]:
    """What trafilatura makes of a page; empty if it finds no article. It fetches nothing."""
    import trafilatura  # not at the top: it costs 0.2 s
    from trafilatura.settings import DEFAULT_CONFIG

    config = deepcopy(DEFAULT_CONFIG)
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", str(_SHORTEST_ARTICLE))
    with quiet():
        document = trafilatura.bare_extraction(
            deepcopy(tree),
            with_metadata=True,
            include_comments=False,
            favor_recall=True,  # else lists are lost from some pages
            # Only dates the page states as its own, never the first one somewhere in it.
            date_extraction_params={"extensive_search": False, "original_date": True},
            config=config,
            prune_xpath=["//nav", "//footer"],
        )
    return dict(document.as_dict()) if document is not None else {}


def _title(found: dict[str, Any], tree: Any | None) -> str:
    """The headline, without the name of the site behind it."""
    stated = clean_line(found.get("title") or "")
    title = clean_line(headline(tree, stated)) if tree is not None else ""
    title = title or stated
    site = _site(found)
    if site and title.endswith(site):
        before = title[: -len(site)].rstrip()
        if (bare := before.rstrip("-_|–—·:：")) != before:
            return bare.rstrip() or title
    return title


def _site(found: dict[str, Any]) -> str:
    return _RIGHTS.sub("", clean_line(found.get("sitename") or "")).strip()


def _byline(found: dict[str, Any], page: str, text: str) -> str:
    """Who wrote the article: what the page states, or what is printed at its ends."""
    parser = _MetaTags()  # trafilatura passes over names of two characters, as most Chinese are
    parser.feed(page[:_HEAD_CHARACTERS])
    site = _site(found)
    author = clean_line(found.get("author") or "")
    named = [text for name, text in parser.content.items() if "author" in name]
    stated = bool(author) and any(author in text for text in [*named, *_LINKED_DATA.findall(page)])
    for name, certain in ((author, stated), (clean_line(parser.content.get("author", "")), True)):
        if name and name != site and is_author(name, stated=certain):
            return name
    paragraphs = text.split("\n\n")
    for paragraph in paragraphs[:2]:
        if credit := standalone_credit(paragraph):
            return credit
        if opening := opening_credit(paragraph):
            return opening[0]
    closing = closing_credit(paragraphs[-1])
    return closing[0] if closing else standalone_credit(paragraphs[-1])


def _without_header(text: str, title: str) -> str:
    """The text behind the headline's own line, if it stands near the top."""
    lines = text.split("\n")
    for number, line in enumerate(lines[:_HEADER_LINES]):
        if title and line.strip().lstrip("# ") == title and any(lines[number + 1 :]):
            return "\n".join(lines[number + 1 :])
    return text


def _paragraphs(text: str) -> str:
    """Lines of trafilatura as paragraphs; items of a list and rows of a table stay together."""
    pieces: list[str] = []
    previous = ""
    lines = filter(None, (line.strip(" \t\u3000") for line in text.split("\n")))
    for is_table, group in groupby(lines, key=lambda line: line.startswith("|")):
        if is_table:
            pieces += ["\n\n", _table(list(group))]
            previous = ""
            continue
        for line in group:
            together = line.startswith(_ITEM) and previous.startswith(_ITEM)
            pieces += ["\n" if together else "\n\n", line.removeprefix(_ITEM)]
            previous = line
    return "".join(pieces[1:])


def _table(lines: list[str]) -> str:
    """The rows that trafilatura writes between bars, a rule under those that head the columns."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    rules = [n for n, row in enumerate(rows) if all(not cell.strip("-") for cell in row)]
    return table_text(
        [row for n, row in enumerate(rows) if n not in rules],
        headings=rules[0] if rules else None,
    )


class _LenientParser(HTMLParser):
    """Takes a marked section of no known kind (`<![x[`) for a comment, as browsers do.

    A tag or comment that never ends is text. Looking for the end of each takes time that grows with
    the square of their number, so that after some of them the rest is read without its markup.
    """

    _MOST_UNENDED = 20

    def close(self) -> None:
        for _ in range(self._MOST_UNENDED):
            if not self.rawdata or self.cdata_elem:
                break
            end = self.rawdata.find(">") + 1 or self.rawdata.find("<", 1)
            rest = self.rawdata[end:] if end > 0 else ""
            self.handle_data(unescape(self.rawdata[: len(self.rawdata) - len(rest)]))
            self.reset()
            self.feed(rest)
        if self.rawdata and not self.cdata_elem:
            self.handle_data(unescape(_TAG.sub("", self.rawdata)))
            self.reset()
        super().close()

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        try:
            return super().parse_marked_section(i, report)
        except AssertionError:
            return self.parse_bogus_comment(i)


class _MetaTags(_LenientParser):
    """Collects the named meta tags."""

    def __init__(self) -> None:
        super().__init__()
        self.content: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "meta" and (name := values.get("name") or values.get("property")):
            self.content.setdefault(name.lower(), values.get("content") or "")


_INLINE_TAGS = (
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark q rb "
    "ruby s samp small span strong sub sup time tt u var wbr"
)


class _VisibleText(_LenientParser):
    """Collects what is not inside a script, a style sheet or the head."""

    _HIDDEN = frozenset({"script", "style", "noscript", "template", "head", "svg", "select"})
    _INLINE = frozenset(_INLINE_TAGS.split())
    _CELLS = frozenset({"td", "th"})
    _LINES = frozenset({"br", "li", "tr", "dt", "dd", "option"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden: list[str] = []

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body":
            self._hidden.clear()  # a head that nobody closed
        elif tag in self._HIDDEN:
            self._hidden.append(tag)
        self._break(tag)

    def handle_startendtag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._hidden:
            del self._hidden[self._hidden.index(tag) :]
        if tag not in self._LINES:
            self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(data.replace("\n", " "))

    def _break(self, tag: str) -> None:
        if tag in self._CELLS:
            self.pieces.append(" ")
        elif tag in self._LINES:
            self.pieces.append("\n")
        elif tag not in self._INLINE:
            self.pieces.append("\n\n")
