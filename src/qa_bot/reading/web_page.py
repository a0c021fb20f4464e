"""The tree of a web page: what around its article is taken out, and which headline is its own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any

from lxml import etree, html

from qa_bot.newspaper.bylines import is_credit

__all__ = ["headline", "is_author", "join_bodies", "page_tree", "prune"]

_LINKS = 3  # from which a block can be a list of links
_LINKED = 0.5  # share of a block's characters in links from which it is one
_BLOCKS = frozenset({"aside", "dd", "div", "dl", "li", "ol", "section", "table", "ul"})
_SENTENCE_END = re.compile(r"[。！？!?]|[.] ")
_DEEPEST = 250  # elements within one another
_TEASER = 120  # most characters of a teaser
# Words in the names of elements, as they are commonly given.
_APART = re.compile(
    r"(?<![a-z])(?:comments?|cmt|related|recommend(?:ed|ations?)?|disclaimer|statement|copyright"
    r"|sidebar|hotnews|share|tie)(?![a-z])",
    re.I,
)
_COMMENTS = re.compile(r"(?<![a-z])(?:comments?|cmt|tie)(?![a-z])", re.I)
_LEGAL = re.compile(
    r"\s*[【\[(（]?\s*(?:免责声明|免責聲明|版权声明|版權聲明|特别声明|Disclaimer\b|Copyright\b|©)",
    re.I,
)
_LEGAL_CHARACTERS = 600
_SEPARATOR = re.compile(r"\s*(?:[_|–—]|(?<=\s)[-·](?=\s)|-(?=[^-]{2,12}$))\s*")
_LIKE = 0.75  # likeness from which a heading is what the page's title tells
_LATIN_NAMES = re.compile(
    r"[^\W\d_a-z][\w.'’-]*(?: [^\W\d_][\w.'’-]*){0,5}"
    r"(?:(?:[,;/]| and| &) [^\W\d_a-z][\w.'’-]*(?: [^\W\d_][\w.'’-]*){0,5}){0,9}"
)
_STATED = 60  # most characters of a name that a page states
_PARAGRAPH = 40  # characters from which a paragraph counts as running text; 20 in Chinese


def page_tree(page: str) -> Any | None:
    """The tree of `page`; None if it has no element, or is deeper than any page that is written.

    Of such a tree, whose tags are never closed, extraction takes time that grows with the cube.
    """
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        tree = html.document_fromstring(page.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, ValueError):
        return None
    if _depth(tree) > _DEEPEST:
        return None
    etree.strip_elements(tree, "script", "style", "noscript", "template", with_tail=False)
    return tree


def _depth(tree: Any) -> int:
    depth = deepest = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def prune(tree: Any) -> None:
    """Take out what is not of the article: lists of links and of teasers, comments, legal words."""
    for element in list(tree.iter(etree.Element)):
        if element.getparent() is not None and _is_apart(element):
            element.drop_tree()
    _prune_links(tree)
    for element in list(tree.iter(*_BLOCKS)):
        if _is_teaser_list(element):
            _drop_with_heading(element)
    for element in list(tree.iter("p", "div", "section")):
        text = _text(element)
        if (
            len(text) <= _LEGAL_CHARACTERS
            and _LEGAL.match(text)
            and element.getparent() is not None
        ):
            element.drop_tree()


def _is_apart(element: Any) -> bool:
    """Whether an element's name says that it stands beside the article, and little is in it."""
    if element.tag not in _BLOCKS:
        return False
    names = f"{element.get('class', '')} {element.get('id', '')}"
    if not _APART.search(names):
        return False
    return not any(_is_running(p) for p in element.iter("p")) or _COMMENTS.search(names) is not None


def _prune_links(tree: Any) -> None:
    counted: dict[Any, tuple[int, int, int, bool]] = {}
    elements = list(tree.iter(etree.Element))
    for element in reversed(elements):  # children first, so that each is counted once
        linked = element.tag == "a"
        kept = [counted[child] for child in element if child in counted]
        own = _length(element.text) + sum(_length(child.tail) for child in element)
        total = own + sum(row[0] for row in kept)
        inside = total if linked else sum(row[1] for row in kept)
        told = any(row[3] for row in kept) or any(map(_SENTENCE_END.search, _own_texts(element)))
        counted[element] = (
            total,
            inside,
            linked + sum(row[2] for row in kept),
            told and not linked,
        )
    for element in elements:
        total, inside, links, told = counted[element]
        if element.tag not in _BLOCKS or element.getparent() is None or told:
            continue
        if links >= _LINKS and inside >= _LINKED * total:
            _drop_with_heading(element)


def _is_teaser_list(element: Any) -> bool:
    """Whether it holds nothing but like boxes, each with a few words and a link."""
    boxes = [child for child in element if isinstance(child.tag, str) and _text(child)]
    if len(boxes) < _LINKS or element.getparent() is None:
        return False
    (name, count), *_ = Counter((box.tag, box.get("class")) for box in boxes).most_common(1)
    if not name[1] or count < len(boxes) - 1:  # a heading may stand above them
        return False
    return all(
        len(text := _text(box)) <= _TEASER and "。" not in text and box.find(".//a") is not None
        for box in boxes
        if (box.tag, box.get("class")) == name
    )


def headline(tree: Any, stated: str) -> str:
    """The headline of the page's article, as its `<title>` or a heading has it; "" if none is told.

    :param stated: what the page states its title to be in its metadata, or "".
    """
    element = tree.find(".//title")
    told = _text(element) if element is not None else ""
    names = [name for name in (told, stated) if name]
    headings = [text for h in tree.iter("h1", "h2", "h3") if (text := _text(h))]
    for heading in headings:
        if any(heading in name or _alike(heading, name) for name in names) and len(heading) > 3:
            return heading
    if told:
        return max(_SEPARATOR.split(told), key=len)
    ones = [_text(h) for h in tree.iter("h1")]
    return next(filter(None, ones), "")


def is_author(name: str, *, stated: bool) -> bool:
    """Whether what a page gives as its author can be one.

    :param stated: whether the page states it in its metadata, where it may be a body's name;
        what merely stands near the text must be names of people.
    """
    wide = any("\u3040" <= c <= "\uac00" for c in name)
    if not wide:
        return _LATIN_NAMES.fullmatch(name) is not None and "Email" not in name
    if is_credit(name):
        return True
    return stated and len(name) <= _STATED and not re.search(r"[0-9@。，：:;；]|://", name)


def join_bodies(tree: Any, found: str) -> bool:
    """Bring an article's paragraphs that stand in several like containers into one.

    :param found: the text that was found, from one of the containers.
    :return: whether there was something to join.
    """
    squeezed = "".join(found.split())
    running = [p for p in tree.iter("p") if _is_running(p)]
    inside = [p for p in running if "".join(_text(p).split()) in squeezed]
    if not inside:
        return False
    (path, _), *_ = Counter(map(_signature, inside)).most_common(1)
    same = [p for p in running if _signature(p) == path]
    if all(any(p is other for other in inside) for p in same):
        return False
    first = same[0].getparent()
    for _, group in groupby(same, key=lambda p: p.getparent()):
        for paragraph in group:
            if paragraph.getparent() is not first:
                first.append(paragraph)
    return True


def _own_texts(element: Any) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        yield child.tail or ""


def _length(text: str | None) -> int:
    return len("".join((text or "").split()))


def _text(element: Any) -> str:
    return " ".join(str(element.text_content()).split())


def _drop_with_heading(element: Any) -> None:
    """Take out a list of links, and the heading right above it."""
    before = element.getprevious()
    if before is not None and before.tag in ("h2", "h3", "h4", "h5", "h6"):
        before.drop_tree()
    element.drop_tree()


def _alike(heading: str, name: str) -> bool:
    """Whether a page's title begins with the heading, but for how it is written."""
    matcher = SequenceMatcher(None, heading, name[: len(heading) + 4], autojunk=False)
    return matcher.ratio() >= _LIKE


def _is_running(paragraph: Any) -> bool:
    text = _text(paragraph)
    wide = sum("\u3040" <= c <= "\u9fff" for c in text)
    return len(text) + wide >= _PARAGRAPH and bool(_SENTENCE_END.search(text + " "))


def _signature(element: Any) -> str:
    """The tags and classes from the root down to an element: alike for containers of one kind."""
    path = [f"{e.tag}.{e.get('class', '')}" for e in element.iterancestors()]
    return "/".join(path)
