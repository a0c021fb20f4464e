"""The library as a table: HTML like that of `render`, and as safe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from qa_bot.index.listing import ORDERS, Order
from qa_bot.records import Article, Removed
from qa_bot.ui.render import Target, escape, note
from qa_bot.ui.strings import LANGUAGES, say

__all__ = ["Place", "removed", "table"]

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

    def narrowed(self) -> dict[str, Any]:
        """The filters, as `QABot.articles`, `count` and `export` take them."""
        return {
            "contains": self.contains,
            "source": self.source or None,
            "since": self.since or None,
            "until": self.until or None,
        }


def table(
    articles: Sequence[Article], lang: str, place: Place, total: int, *, editable: bool = True
) -> str:
    """One page of the library; `total` is how many articles the filters let through.

    Only if it is `editable` articles can be removed.
    """
    if not articles:
        return note(say(lang, "nothing_matches" if any(_filters(place)) else "library_empty"))
    heads = "".join(_head(key, lang, place.order) for key in _COLUMNS)
    rows = "".join(_row(shown, lang, editable=editable) for shown in articles)
    return (
        f'{_bar(lang, place)}<table class="qa-table"><thead><tr>{heads}<td></td></tr></thead>'
        f"<tbody>{rows}</tbody></table>{_pager(len(articles), lang, place.offset, total)}"
    )


def _filters(place: Place) -> tuple[str, ...]:
    return place.contains, place.source, place.since, place.until


def _bar(lang: str, place: Place) -> str:
    """The order as a list to choose from: a narrow window shows no column heads."""
    options = "".join(
        f'<option value="{order}"{" selected" if order == place.order else ""}>'
        f"{escape(say(lang, 'order_' + order.replace('-', 'down_')))}</option>"
        for order in ORDERS
    )
    label = f"<span>{escape(say(lang, 'order'))}</span>"
    return (
        f'<p class="qa-shelfbar"><label>{label} <select data-orders>{options}</select></label></p>'
    )


def _head(key: str, lang: str, order: Order) -> str:
    name = escape(say(lang, key))
    if key not in _FIRST:
        return f'<th scope="col">{name}</th>'
    if order.lstrip("-") != key:
        return (
            f'<th scope="col"><button type="button" data-order="{_FIRST[key]}">{name}</button></th>'
        )
    down = order.startswith("-")
    way, arrow, other = ("descending", "↓", key) if down else ("ascending", "↑", f"-{key}")
    return (
        f'<th scope="col" aria-sort="{way}"><button type="button" data-order="{other}">{name}'
        f'<span aria-hidden="true"> {arrow}</span></button></th>'
    )


def _row(shown: Article, lang: str, *, editable: bool) -> str:
    title = shown.title or say(lang, "untitled")
    tag = f' lang="{escape(shown.lang)}"' if shown.lang else ""
    label = escape(say(lang, "open_article", title=title))
    href = Target.of(shown).href
    head = f'<a class="qa-head" href="{href}" aria-label="{label}">{escape(title)}</a>'
    cells = "".join(
        f'<td data-label="{escape(say(lang, key))}">{escape(value)}</td>'
        for key, value in (
            ("byline", shown.byline),
            ("date", shown.published.lstrip("-")),
            ("source", shown.source),
            ("lang", LANGUAGES.get(shown.lang, shown.lang)),
        )
    )
    remove = (
        f'<button type="button" data-remove="{escape(shown.id)}"'
        f' aria-label="{escape(say(lang, "remove_article", title=title))}">'
        f"{escape(say(lang, 'remove'))}</button>"
    )
    return f"<tr><td{tag}>{head}</td>{cells}<td>{remove if editable else ''}</td></tr>"


def _pager(count: int, lang: str, offset: int, total: int) -> str:
    span = say(lang, "range", first=offset + 1, last=offset + count, total=f"{total:,}")
    return (
        f'<nav class="qa-pager">{_turn("newer", lang, -1, offset > 0)}'
        f"<span>{escape(span)}</span>{_turn('older', lang, 1, offset + count < total)}</nav>"
    )


def _turn(key: str, lang: str, step: int, possible: bool) -> str:
    disabled = "" if possible else " disabled"
    return f'<button type="button" data-page="{step}"{disabled}>{escape(say(lang, key))}</button>'


def removed(said: str, left: Sequence[Removed], lang: str) -> str:
    """A remark on what was removed or put back; the last one of what is `left` can be undone."""
    undo = ""
    if left:
        title = left[-1].article.title or say(lang, "untitled")
        label = escape(say(lang, "undo_remove", title=title))
        undo = (
            f' <button type="button" data-undo="1" aria-label="{label}">'
            f"{escape(say(lang, 'undo'))}</button>"
        )
    return f'<p class="qa-note qa-undo" role="status">{escape(said)}{undo}</p>'
