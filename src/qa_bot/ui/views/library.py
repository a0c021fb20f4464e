"""The library as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode

from qa_bot.records import ORDERS, Article, Order, Removed
from qa_bot.ui.markup import fill
from qa_bot.ui.texts import LANGUAGES, say
from qa_bot.ui.views.heading import Heading
from qa_bot.ui.views.target import Target

__all__ = ["Place", "removed", "table"]

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
        )

    @property
    def address(self) -> str:
        """As the query of an address; what is as it is at first goes unsaid."""
        fields = {
            "find": self.contains,
            "source": self.source,
            "since": self.since,
            "until": self.until,
            "order": "" if self.order == "-added" else self.order,
            "from": str(self.offset + 1) if self.offset else "",
        }
        return urlencode({key: value for key, value in fields.items() if value})

    @property
    def is_narrowed(self) -> bool:
        return bool(self.contains or self.source or self.since or self.until)

    def narrowed(self) -> dict[str, Any]:
        """The filters, as `QABot.articles`, `count` and `export` take them."""
        return {
            "contains": self.contains,
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
class _Row:
    id: str
    heading: Heading
    href: str
    language: str

    @classmethod
    def of(cls, article: Article, lang: str) -> _Row:
        language = LANGUAGES.get(article.lang, article.lang)
        return cls(article.id, Heading.of(article), Target.of(article).href, language)


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
    articles: Sequence[Article], lang: str, place: Place, total: int, *, editable: bool = True
) -> str:
    """One page of the library; `total` is how many articles the filters let through.

    Only if it is `editable` articles can be removed.
    """
    if not articles:
        said = say(lang, "nothing_matches" if place.is_narrowed else "library_empty")
        return fill("library_empty", place=place.address, said=said)
    first, last = place.offset + 1, place.offset + len(articles)
    view = _Library(
        place.address,
        tuple(
            _Order(order, say(lang, f"order_{order.replace('-', 'down_')}"), order == place.order)
            for order in ORDERS
        ),
        tuple(_Column.of(name, place.order) for name in _COLUMNS),
        tuple(_Row.of(article, lang) for article in articles),
        say(lang, "range", first=first, last=last, total=total),
        newer=place.offset > 0,
        older=last < total,
        editable=editable,
    )
    return fill("library", lang, library=view)


def removed(text: str, left: Sequence[Removed], lang: str) -> str:
    """A remark on what was removed or put back; the last one of what is `left` can be undone."""
    undo = left[-1].article.headline if left else ""
    return fill("library_removed", lang, text=text, undo=undo)
