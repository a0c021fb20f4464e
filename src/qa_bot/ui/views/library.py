"""The library as a table."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote, urlencode

from qa_bot.records import ORDERS, Article, Excerpt, Order, Removed
from qa_bot.ui.markup import fill
from qa_bot.ui.texts import LANGUAGES, say
from qa_bot.ui.views.heading import Heading
from qa_bot.ui.views.target import Target

__all__ = ["Place", "counting", "removed", "table"]

_LONGEST = 200  # characters of what is looked for
_COLUMNS = ("headline", "byline", "date", "source", "lang")
# How a column is sorted when its head is clicked for the first time.
_FIRST: dict[str, Order] = {"headline": "headline", "date": "-date", "source": "source"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where someone is in the library: what it is narrowed to, its order, the first row shown."""

    contains: str = ""
    source: str = ""
    since: str = ""
    until: str = ""
    order: Order = "-added"
    offset: int = 0
    byline: str = ""
    name: str = ""

    @classmethod
    def of(cls, address: Mapping[str, str]) -> Place:
        """The place that an address names by its keys, as `address` gives it."""
        order = address.get("order", "")
        first = address.get("from", "")
        return cls(
            address.get("find", "")[:_LONGEST],
            address.get("source", ""),
            address.get("since", "")[:_LONGEST],
            address.get("until", "")[:_LONGEST],
            next((known for known in ORDERS if known == order), "-added"),
            int(first) - 1 if first.isdecimal() and len(first) < 10 and int(first) else 0,
            address.get("by", "")[:_LONGEST],
            address.get("name", "").strip()[:_LONGEST],
        )

    @property
    def address(self) -> str:
        """As the query of an address; what is as it is at first goes unsaid."""
        fields = {
            "find": self.contains,
            "by": self.byline,
            "name": self.name,
            "source": self.source,
            "since": self.since,
            "until": self.until,
            "order": "" if self.order == "-added" else self.order,
            "from": str(self.offset + 1) if self.offset else "",
        }
        said = {key: value for key, value in fields.items() if value}
        return urlencode(said, quote_via=quote)  # as the browser writes it

    @property
    def is_narrowed(self) -> bool:
        return any(self.narrowed().values())

    def narrowed(self) -> dict[str, Any]:
        """The filters, as `QABot.articles`, `count` and `export` take them."""
        return {
            "contains": self.contains,
            "byline": self.byline,
            "name": self.name,
            "source": self.source or None,
            "since": self.since or None,
            "until": self.until or None,
        }


@dataclass(frozen=True, slots=True)
class _Order:
    """An order to choose from: a narrow window shows no column heads."""

    value: Order
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class _Column:
    """A column's head. `order` is what a click on it sorts by, "" if it cannot be sorted by."""

    name: str
    order: str
    sorted: Literal["", "ascending", "descending"] = ""

    @classmethod
    def of(cls, name: str, order: Order) -> _Column:
        if order.lstrip("-") != name:
            return cls(name, _FIRST.get(name, ""))
        down = order.startswith("-")
        return cls(name, name if down else f"-{name}", "descending" if down else "ascending")


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Text of an excerpt; `marked` is what was looked for."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class _Snippet:
    """What stands around what was looked for, and how often it stands in the text."""

    stretches: tuple[_Stretch, ...]
    begins: bool
    count: int

    @classmethod
    def of(cls, excerpt: Excerpt) -> _Snippet:
        stretches: list[_Stretch] = []
        at = 0
        for start, end in excerpt.marks:
            stretches.append(_Stretch(_line(excerpt.text[at:start]), marked=False))
            stretches.append(_Stretch(_line(excerpt.text[start:end]), marked=True))
            at = end
        stretches.append(_Stretch(_line(excerpt.text[at:]), marked=False))
        return cls(tuple(s for s in stretches if s.text), not excerpt.start, excerpt.count)


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@dataclass(frozen=True, slots=True)
class _Row:
    id: str
    heading: Heading
    href: str
    language: str
    snippet: _Snippet | None

    @classmethod
    def of(cls, article: Article, excerpt: Excerpt | None, lang: str) -> _Row:
        language = LANGUAGES.get(article.lang, article.lang)
        href = Target.of(article).href
        if excerpt is not None:  # it opens at the first place
            first, last = (excerpt.start + edge for edge in excerpt.marks[0])
            href = Target.of(article, first, last).href
        snippet = _Snippet.of(excerpt) if excerpt is not None else None
        return cls(article.id, Heading.of(article), href, language, snippet)


@dataclass(frozen=True, slots=True)
class _Library:
    """A page of the table; `newer` and `older` tell whether there are pages beside it."""

    place: str
    orders: tuple[_Order, ...]
    columns: tuple[_Column, ...]
    rows: tuple[_Row, ...]
    span: str
    newer: bool
    older: bool
    editable: bool


def table(
    articles: Sequence[tuple[Article, Excerpt | None]],
    lang: str,
    place: Place,
    total: int,
    *,
    editable: bool = True,
) -> str:
    """One page of the library; `total` is how many articles the filters let through.

    Each article comes with what of its text holds what was looked for. Only if it is `editable`
    articles can be removed.
    """
    if not articles:
        return _empty(lang, place)
    first, last = place.offset + 1, place.offset + len(articles)
    view = _Library(
        place.address,
        tuple(
            _Order(order, say(lang, f"order_{order.replace('-', 'down_')}"), order == place.order)
            for order in ORDERS
        ),
        tuple(_Column.of(name, place.order) for name in _COLUMNS),
        tuple(_Row.of(article, excerpt, lang) for article, excerpt in articles),
        say(lang, "range", first=first, last=last, total=total),
        newer=place.offset > 0,
        older=last < total,
        editable=editable,
    )
    return fill("library", lang, library=view)


def _empty(lang: str, place: Place) -> str:
    """That there is nothing; where a name led to nothing, a way to it as words of a text."""
    said = say(lang, "nothing_matches" if place.is_narrowed else "library_empty")
    find = f"#library?{Place(contains=place.name).address}" if place.name else ""
    return fill("library_empty", lang, place=place.address, name=place.name, said=said, find=find)


def counting(done: int, total: int, lang: str, place: Place) -> str:
    """How far the articles are read for names, which must end first; the page then asks again."""
    said = say(lang, "counting", done=done, total=total)
    return fill("library_counting", place=place.address, text=said, done=done, total=total)


def removed(text: str, left: Sequence[Sequence[Removed]], lang: str) -> str:
    """A remark on what was removed or put back; the last step of what is `left` can be undone."""
    undo = ""
    if left and len(left[-1]) == 1:
        undo = say(lang, "undo_remove", title=left[-1][0].article.headline)
    elif left:
        undo = say(lang, "undo_remove_several", count=len(left[-1]))
    return fill("library_removed", lang, text=text, undo=undo)
