"""The collection in charts: lists of links, so that a screen reader reads what they show."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote as percent_encode

from qa_bot.collection.periods import COARSE, UNDATED
from qa_bot.collection.statistics import KINDS, Figures
from qa_bot.records import Article
from qa_bot.ui.markup import fill
from qa_bot.ui.texts import say
from qa_bot.ui.views.heading import Heading
from qa_bot.ui.views.library import Place
from qa_bot.ui.views.notices import note
from qa_bot.ui.views.target import Target

__all__ = ["PAGE", "Choice", "chosen", "collection", "suggested"]

PAGE = 20  # articles in the list below the charts
_LABELS = 8  # of an axis, about
_RANKED = 15  # of a kind


@dataclass(frozen=True, slots=True)
class Choice:
    """What a link of a chart asks for.

    `what` is the kind of figure: `when`, `source`, or one of `KINDS`. `value` is which one of them,
    and `offset` where in the list of its articles.
    """

    what: str
    value: str
    offset: int = 0

    @classmethod
    def parse(cls, figure: str) -> Choice | None:
        """The choice that an address names as its `figure`; None when it names none."""
        parts = figure.split("/", 2)
        if len(parts) != 3 or not parts[1].isdecimal():
            return None
        return cls(parts[0], parts[2], min(int(parts[1][:9]), 10**8))

    @property
    def href(self) -> str:
        figure = f"{self.what}/{self.offset}/{self.value}"
        return f"#collection?figure={percent_encode(figure, safe='')}"

    def name(self, lang: str) -> str:
        """The value in words."""
        if self.what == "when":
            apart = self.value in (UNDATED, COARSE)
            return say(lang, f"period_{self.value}") if apart else _period(self.value, lang)
        return self.value or say(lang, "no_source")

    def heading(self, count: int, lang: str) -> str:
        """The value in words, with the number of its articles."""
        return f"{self.name(lang)}: {say(lang, 'articles', count=count)}"


@dataclass(frozen=True, slots=True)
class _Fact:
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class _Figure:
    """A number of articles as a link to them; `share` is its part of the greatest one, 0 to 1."""

    href: str
    name: str
    label: str
    count: str
    share: str = ""

    @classmethod
    def of(cls, choice: Choice, count: int, most: int, lang: str) -> _Figure:
        label = choice.heading(count, lang)
        return cls(choice.href, choice.name(lang), label, f"{count:,}", f"{count / most:.4f}")


@dataclass(frozen=True, slots=True)
class _Bar:
    """A period; `tick` is its label on the axis, `figure` is None where there is no article."""

    tick: str
    figure: _Figure | None


@dataclass(frozen=True, slots=True)
class _Ranking:
    """The most frequent of a kind."""

    kind: str
    figures: tuple[_Figure, ...]


@dataclass(frozen=True, slots=True)
class _Overview:
    """All charts. `chinese` are the articles that names were looked for in, None before that."""

    facts: tuple[_Fact, ...]
    unit: str
    bars: tuple[_Bar, ...]
    most: str
    apart: tuple[_Figure, ...]
    rankings: tuple[_Ranking, ...]
    chinese: int | None


def collection(figures: Figures | None, lang: str) -> str:
    """The charts of the whole collection; `figures` are None while nothing is counted yet."""
    if figures is None:
        return ""
    if not figures.articles:
        return note(say(lang, "library_empty"))
    most = max((count for _, count in figures.periods), default=0)
    ranked: list[tuple[str, Sequence[tuple[str, int]]]] = [("source", figures.sources)]
    ranked += [(kind, (figures.names or {}).get(kind, [])) for kind in KINDS]
    view = _Overview(
        tuple(_facts(figures, lang)),
        figures.unit,
        tuple(_bars(figures.periods, most, lang)) if most else (),
        f"{most:,}",
        tuple(
            _Figure.of(Choice("when", value), count, count, lang)
            for value, count in ((COARSE, figures.coarse), (UNDATED, figures.undated))
            if count
        ),
        tuple(_ranking(kind, rows[:_RANKED], lang) for kind, rows in ranked if rows),
        figures.chinese if figures.names is not None else None,
    )
    return fill("collection", lang, overview=view)


def suggested(figures: Figures | None) -> list[str]:
    """The names that most articles bear, of any kind, most first."""
    counts = [count for rows in ((figures and figures.names) or {}).values() for count in rows]
    counts.sort(key=lambda count: -count.articles)
    return list(dict.fromkeys(count.name for count in counts))


def _facts(figures: Figures, lang: str) -> Iterator[_Fact]:
    """The collection in one line."""
    yield _Fact(say(lang, "count_articles"), f"{figures.articles:,}")
    if figures.periods:
        first, last = (_period(figures.periods[at][0], lang) for at in (0, -1))
        yield _Fact(say(lang, "count_time"), first if first == last else f"{first} – {last}")
    if sources := sum(1 for source, _ in figures.sources if source):
        yield _Fact(say(lang, "count_sources"), f"{sources:,}")


def _bars(periods: Sequence[tuple[str, int]], most: int, lang: str) -> Iterator[_Bar]:
    ticks = _ticks([period for period, _ in periods])
    for at, (period, count) in enumerate(periods):
        figure = _Figure.of(Choice("when", period), count, most, lang) if count else None
        yield _Bar(ticks.get(at, ""), figure)


def _ranking(kind: str, rows: Sequence[tuple[str, int]], lang: str) -> _Ranking:
    most = max(count for _, count in rows)
    figures = (_Figure.of(Choice(kind, value), count, most, lang) for value, count in rows)
    return _Ranking(kind, tuple(figures))


def _period(period: str, lang: str) -> str:
    year, month, day = [*period.split("-"), "", ""][:3]
    if len(year) == 3:
        return say(lang, "period_decade", year=f"{year}0")
    if lang != "en":  # without leading zeros
        month, day = month.lstrip("0"), day.lstrip("0")
    unit = "day" if day else "month" if month else "year"
    return say(lang, f"period_{unit}", year=year, month=month, day=day)


def _ticks(periods: Sequence[str]) -> dict[int, str]:
    """Labels of the axis by position: of months the years, of others every few."""
    if len(periods[0]) == 7 and len(periods) > 12:
        januaries = {at: p[:4] for at, p in enumerate(periods) if p.endswith("-01")}
        first = {} if any(at < 5 for at in januaries) else {0: periods[0][:4]}
        return first | januaries
    step = max(1, math.ceil(len(periods) / _LABELS))
    return {at: _tick(periods[at]) for at in range(0, len(periods), step)}


def _tick(period: str) -> str:
    """The shortest label of a period: a decade's first year, a day without its year."""
    return f"{period}0" if len(period) == 3 else period[5:] if len(period) == 10 else period


# -- the articles behind a figure ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Entry:
    heading: Heading
    href: str


@dataclass(frozen=True, slots=True)
class _Chosen:
    """A page of the list; `newer` and `older` are links to the pages beside it, "" for none.

    `library` leads to the same articles in the library, "" if it cannot be narrowed so.
    """

    name: str
    entries: tuple[_Entry, ...]
    span: str
    newer: str
    older: str
    opened: int
    library: str


def chosen(
    articles: Sequence[Article], total: int, choice: Choice, lang: str, *, opened: int = 0
) -> str:
    """The articles behind a figure.

    :param total: how many there are, of which `articles` begin at the choice's offset.
    :param opened: changes at every choice, so that it is shown again.
    """
    first, last = choice.offset + 1, choice.offset + len(articles)
    view = _Chosen(
        choice.heading(total, lang),
        tuple(_Entry(Heading.of(a), Target.of(a).href) for a in articles),
        say(lang, "range", first=first, last=last, total=total) if total > PAGE else "",
        _page(choice, -PAGE, total),
        _page(choice, PAGE, total),
        opened,
        _in_library(choice),
    )
    return fill("collection_chosen", lang, chosen=view)


def _in_library(choice: Choice) -> str:
    if not choice.value or choice.what not in (*KINDS, "source"):
        return ""
    named = choice.what in KINDS
    place = Place(name=choice.value) if named else Place(source=choice.value)
    return f"#library?{place.address}"


def _page(choice: Choice, step: int, total: int) -> str:
    offset = choice.offset + step
    return Choice(choice.what, choice.value, offset).href if 0 <= offset < total else ""
