"""When the sources of an answer appeared, as dots on a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from qa_bot.bot import QABot
from qa_bot.records import Article, Citation, Hit
from qa_bot.ui.markup import fill
from qa_bot.ui.texts import say
from qa_bot.ui.views.target import Target

__all__ = ["timeline"]

_NEAR = 5.0  # percent of the line: nearer dots are stacked


@dataclass(frozen=True, slots=True)
class _Source:
    """An article of the answer; `number` is that of its citation, 0 if it is not cited."""

    article: Article
    target: Target
    number: int = 0


@dataclass(frozen=True, slots=True)
class _Dot:
    """Where a source stands: `x` in percent of the line, `level` above it."""

    label: str
    href: str
    number: int
    x: str
    level: int


@dataclass(frozen=True, slots=True)
class _Timeline:
    dots: tuple[_Dot, ...]
    levels: int
    first: str
    last: str
    undated: int


def timeline(hits: Iterable[Hit], citations: Iterable[Citation], lang: str) -> str:
    """When an answer's sources appeared: those it cites with their numbers, the others paler.

    Nothing unless two different dates are known. A date that is only a year stands at its middle.
    """
    dated: dict[str, tuple[int, _Source]] = {}
    undated: set[str] = set()
    for source in _sources(hits, citations):
        if day := _middle(source.article):
            dated.setdefault(source.article.id, (day, source))
        else:
            undated.add(source.article.id)
    ordered = sorted(dated.values(), key=lambda dot: (dot[0], -dot[1].number))
    if len({day for day, _ in ordered}) < 2:
        return ""
    first, last = ordered[0][0], ordered[-1][0]
    levels: list[float] = []  # where the last dot of each level stands
    dots = []
    for day, source in ordered:
        at = 100 * (day - first) / (last - first)
        level = next((n for n, x in enumerate(levels) if at - x >= _NEAR), len(levels))
        levels[level : level + 1] = [at]
        dots.append(_dot(source, at, level, lang))
    begin, end = (ordered[n][1].article.published for n in (0, -1))
    view = _Timeline(tuple(dots), len(levels), begin, end, len(undated))
    return fill("timeline", lang, timeline=view)


def _sources(hits: Iterable[Hit], citations: Iterable[Citation]) -> Iterator[_Source]:
    for c in citations:
        yield _Source(c.article, Target.of(c.article, c.start, c.end), c.number)
    for hit in hits:
        yield _Source(hit.article, Target.of_hit(hit))


def _dot(source: _Source, at: float, level: int, lang: str) -> _Dot:
    name = source.article.headline
    if source.number:
        name = say(lang, "cite", number=source.number, title=name)
    label = f"{source.article.published}: {name}"
    return _Dot(label, source.target.href, source.number, f"{at:.2f}", level)


def _middle(article: Article) -> int:
    """The day in the middle of the article's date, as a number; 0 without a year."""
    span = QABot.days(article)
    if span is None:
        return 0
    first, last = span
    try:
        begin = date.fromisoformat(first)
        if first == last:
            return begin.toordinal()
        return begin.toordinal() + (15 if first[:7] == last[:7] else 182)
    except ValueError:  # no such day
        return 0
