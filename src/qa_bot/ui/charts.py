"""Figures in, HTML out: charts are lists of links, so that a screen reader reads what they show."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date
from urllib.parse import quote as percent_encode
from urllib.parse import unquote

from qa_bot.collection.periods import COARSE, UNDATED
from qa_bot.collection.statistics import KINDS, Figures
from qa_bot.index.metadata import day_span
from qa_bot.records import Article, Citation, Hit
from qa_bot.ui.render import Target, escape, note
from qa_bot.ui.strings import say

__all__ = ["PAGE", "chosen", "collection", "parse", "timeline"]

PAGE = 20  # articles in the list below the charts
_LABELS = 8  # of an axis, about
_NEAR = 5.0  # percent of the line: nearer dots of a timeline are stacked


def collection(figures: Figures | None, lang: str) -> str:
    """The charts of the whole collection; `figures` are None while nothing is counted yet."""
    if figures is None:
        return ""
    if not figures.articles:
        return note(say(lang, "library_empty"))
    blocks = [_ranks("source", figures.sources, lang)]
    names = figures.names or {}
    blocks += [_ranks(kind, names.get(kind, []), lang) for kind in KINDS]
    remark = ""
    if figures.names is not None:
        remark = note(say(lang, "names_note", count=f"{figures.chinese:,}"))
    return (
        f'<div class="qa-overview">{_lead(figures, lang)}{_over_time(figures, lang)}'
        f'<div class="qa-blocks">{"".join(blocks)}</div>{remark}</div>'
    )


def _lead(figures: Figures, lang: str) -> str:
    """The collection in one line."""
    parts = [(f"{figures.articles:,}", say(lang, "count_articles"))]
    if figures.periods:
        first, last = (_period(figures.periods[at][0], lang) for at in (0, -1))
        parts.append((first if first == last else f"{first} – {last}", say(lang, "count_time")))
    sources = sum(1 for source, _ in figures.sources if source)
    if sources:
        parts.append((f"{sources:,}", say(lang, "count_sources")))
    told = "".join(f"<div><dt>{escape(of)}</dt><dd>{escape(what)}</dd></div>" for what, of in parts)
    return f'<dl class="qa-lead">{told}</dl>'


def _link(what: str, value: str, label: str, body: str, style: str = "", more: str = "") -> str:
    style = f' style="{style}"' if style else ""
    return (
        f'<a href="{_href(what, value)}" aria-label="{escape(label)}" title="{escape(label)}"'
        f"{style}{more}>{body}</a>"
    )


def _href(what: str, value: str, offset: int = 0) -> str:
    return f"#collection/{what}/{offset}/{percent_encode(value, safe='')}"


def parse(fragment: str) -> tuple[str, str, int] | None:
    """What a link of a chart asks for: a kind of figure, its value and an offset into its list."""
    parts = fragment.removeprefix("#").split("/")
    if len(parts) != 4 or parts[0] != "collection" or not parts[2].isdecimal():
        return None
    return parts[1], unquote(parts[3]), min(int(parts[2][:9]), 10**8)


def _articles(count: int, lang: str) -> str:
    return say(lang, "article_one" if count == 1 else "article_many", count=f"{count:,}")


def _period(period: str, lang: str) -> str:
    year, month, day = [*period.split("-"), "", ""][:3]
    if len(year) == 3:
        return say(lang, "period_decade", year=f"{year}0")
    key = "period_day" if day else "period_month" if month else "period_year"
    if key == "period_year" or lang == "en":
        return say(lang, key, year=year, month=month, day=day)
    return say(lang, key, year=year, month=int(month), day=int(day or 0))


def _value(what: str, value: str, lang: str) -> str:
    """A figure's value in words."""
    if what == "when":
        return say(lang, value) if value in (UNDATED, COARSE) else _period(value, lang)
    return value or say(lang, "no_source")


def _over_time(figures: Figures, lang: str) -> str:
    heading = f'<h2 id="qa-over-time">{escape(say(lang, "over_time"))}</h2>'
    apart = "".join(
        f'<a href="{_href("when", value)}">{escape(say(lang, value))}: {count:,}</a>'
        for value, count in ((COARSE, figures.coarse), (UNDATED, figures.undated))
        if count
    )
    apart = f'<p class="qa-apart">{apart}</p>' if apart else ""
    most = max((count for _, count in figures.periods), default=0)
    if not most:
        return f"<section>{heading}{apart}</section>"
    ticks = _ticks([period for period, _ in figures.periods])
    bars = []
    for at, (period, count) in enumerate(figures.periods):
        tick = ticks.get(at, "")
        mark = f'<span class="qa-tick" aria-hidden="true">{escape(tick)}</span>' if tick else ""
        if not count:
            bars.append(f"<li>{mark}</li>")
            continue
        label = f"{_period(period, lang)}: {_articles(count, lang)}"
        stop = "" if len(bars) == 0 else ' tabindex="-1"'  # one stop; arrow keys go on
        body = '<span class="qa-bar"></span>'
        style = f"--v:{count / most:.4f}"
        bars.append(f"<li>{_link('when', period, label, body, style, stop)}{mark}</li>")
    return (
        f'<section aria-labelledby="qa-over-time">{heading}'
        f'<div class="qa-plot"><span class="qa-most" aria-hidden="true">{most:,}</span>'
        f'<ol class="qa-bars" data-unit="{figures.unit}">{"".join(bars)}</ol></div>'
        f"{apart}</section>"
    )


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


def _ranks(kind: str, rows: Sequence[tuple[str, int]], lang: str) -> str:
    """The most frequent of a kind, each with a bar."""
    if not rows:
        return ""
    most = max(count for _, count in rows)
    entries = []
    for value, count in rows[:15]:
        shown = _value(kind, value, lang)
        label = f"{shown}: {_articles(count, lang)}"
        body = (
            f'<span class="qa-name">{escape(shown)}</span><span class="qa-count">{count:,}</span>'
        )
        entries.append(f"<li>{_link(kind, value, label, body, f'--v:{count / most:.4f}')}</li>")
    heading = escape(say(lang, f"most_{kind}"))
    return (
        f'<section aria-labelledby="qa-most-{kind}"><h2 id="qa-most-{kind}">{heading}</h2>'
        f'<ol class="qa-ranks">{"".join(entries)}</ol></section>'
    )


def chosen(
    articles: Sequence[Article],
    total: int,
    what: str,
    value: str,
    lang: str,
    *,
    offset: int = 0,
    opened: int = 0,
) -> str:
    """The articles behind a figure. `opened` changes at every choice, so that it is shown again."""
    name = f"{_value(what, value, lang)}: {_articles(total, lang)}"
    heading = f'<h2 tabindex="-1">{escape(name)}</h2>'
    entries = "".join(f"<li>{_entry(article, lang)}</li>" for article in articles)
    turns = "".join(
        f'<a href="{_href(what, value, to)}">{escape(say(lang, key))}</a>'
        if 0 <= to < total
        else ""
        for key, to in (("newer", offset - PAGE), ("older", offset + PAGE))
    )
    span = ""
    if total > PAGE:
        last = offset + len(articles)
        span = escape(say(lang, "range", first=offset + 1, last=last, total=f"{total:,}"))
    pager = f'<p class="qa-turns"><span>{span}</span>{turns}</p>' if turns else ""
    return (
        f'<section class="qa-chosen" data-opened="{opened}">{heading}'
        f'<ul class="qa-passages">{entries}</ul>{pager}</section>'
    )


def _entry(article: Article, lang: str) -> str:
    title = article.title or say(lang, "untitled")
    tag = f' lang="{escape(article.lang)}"' if article.lang else ""
    where = " · ".join(p for p in (article.source, article.published.lstrip("-")) if p)
    return (
        f'<a class="qa-passage" href="{Target.of(article).href}">'
        f'<span class="qa-head"{tag}>{escape(title)}</span> '
        f'<span class="qa-where">{escape(where)}</span></a>'
    )


# -- the sources of an answer ----------------------------------------------------------------------


def timeline(hits: Iterable[Hit], citations: Iterable[Citation], lang: str) -> str:
    """When an answer's sources appeared: those it cites with their numbers, the others paler.

    "" unless two different dates are known. A date that is only a year stands at its middle.
    """
    sources = [(c.article, Target.of(c.article, c.start, c.end), c.number) for c in citations]
    for hit in hits:
        target = Target.of(hit.article, hit.passage.start, hit.passage.end)
        sources.append((hit.article, target, 0))
    dots: dict[str, tuple[int, Article, Target, int]] = {}
    undated: set[str] = set()
    for shown, target, number in sources:
        if day := _middle(shown):
            dots.setdefault(shown.id, (day, shown, target, number))
        else:
            undated.add(shown.id)
    ordered = sorted(dots.values(), key=lambda dot: (dot[0], -dot[3]))
    if len({day for day, *_ in ordered}) < 2:
        return ""
    first, last = ordered[0][0], ordered[-1][0]
    levels: list[float] = []  # where the last dot of each level stands
    entries = []
    for day, article, target, number in ordered:
        at = 100 * (day - first) / (last - first)
        level = next((n for n, x in enumerate(levels) if at - x >= _NEAR), len(levels))
        levels[level : level + 1] = [at]
        entries.append(f"<li>{_dot(article, target, number, at, level, lang)}</li>")
    ends = "".join(f"<span>{escape(ordered[end][1].published)}</span>" for end in (0, -1))
    heading = escape(say(lang, "timeline"))
    left_out = note(say(lang, "timeline_undated", count=len(undated))) if undated else ""
    return (
        f'<div class="qa-timeline"><p class="qa-label" id="qa-timeline">{heading}</p>'
        f'<ol aria-labelledby="qa-timeline" style="--levels:{len(levels)}">{"".join(entries)}</ol>'
        f'<p class="qa-ends" aria-hidden="true">{ends}</p>{left_out}</div>'
    )


def _dot(article: Article, target: Target, number: int, at: float, level: int, lang: str) -> str:
    title = article.title or say(lang, "untitled")
    name = say(lang, "cite", number=number, title=title) if number else title
    label = escape(f"{article.published}: {name}")
    css = "qa-dot qa-cited" if number else "qa-dot"
    return (
        f'<a class="{css}" href="{target.href}" aria-label="{label}" title="{label}"'
        f' style="--x:{at:.2f}%;--level:{level}">{number or ""}</a>'
    )


def _middle(article: Article) -> int:
    """The day in the middle of the article's date, as a number; 0 without a year."""
    first, last = day_span(article.published)
    if first is None or last is None:
        return 0
    try:
        begin = date.fromisoformat(first)
        if first == last:
            return begin.toordinal()
        return begin.toordinal() + (15 if first[:7] == last[:7] else 182)
    except ValueError:  # no such day
        return 0
