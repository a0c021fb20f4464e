"""An article, opened at what is quoted from it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal
from urllib.parse import quote as percent_encode

from qa_bot.records import Article, Change
from qa_bot.ui.markup import fill
from qa_bot.ui.views.heading import Heading
from qa_bot.ui.views.target import Target

__all__ = ["article", "missing", "only"]

Mark = Literal["", "quote", "also"]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Text of one line, and how it is marked: as the quote, or as another quote."""

    text: str
    mark: Mark = ""


@dataclass(frozen=True, slots=True)
class _Span:
    """[start, end) of the article that is to be marked."""

    start: int
    end: int
    mark: Mark


@dataclass(frozen=True, slots=True)
class _View:
    """What the template shows. `reference` is the quote with its source, to be copied, if any."""

    heading: Heading
    opened: int
    changed: bool
    paragraphs: tuple[tuple[_Stretch, ...], ...]
    reference: str
    href: str
    only_href: str
    file: str
    url: str
    history: tuple[_Change, ...]


@dataclass(frozen=True, slots=True)
class _Change:
    """A correction; the text of its field is `field_{label}`."""

    day: str
    label: str
    before: str
    after: str

    @classmethod
    def of(cls, change: Change) -> _Change:
        label = {"title": "headline", "published": "date"}.get(change.field, change.field)
        dated = label == "date"
        values = (v.lstrip("-") if dated else v for v in (change.before, change.after))
        return cls(change.at[:10], label, *values)


def article(
    shown: Article,
    target: Target,
    lang: str,
    opened: int = 0,
    history: Sequence[Change] = (),
) -> str:
    """The whole article with the quoted stretch marked, and its corrections.

    :param opened: changes at every opening, so that the page scrolls to the quote again.
    """
    fits = target.fits(shown)
    spans = [_Span(target.start, target.end, "quote")] if fits else []
    spans += [_Span(a, b, "also") for a, b in target.others if fits and b <= len(shown.text)]
    view = _View(
        Heading.of(shown),
        opened,
        changed=not fits,
        paragraphs=tuple(_paragraphs(shown.text, spans)),
        reference=_reference(shown, target) if fits else "",
        href=target.href,
        only_href=f"#only/{percent_encode(shown.id, safe='')}",
        file=re.split(r"[/\\]", shown.path)[-1],
        # only a web address becomes a link: never `javascript:`
        url=shown.url if re.match(r"https?://", shown.url) else "",
        history=tuple(map(_Change.of, history)),
    )
    return fill("article", lang, article=view)


def only(article: Article | None, lang: str) -> str:
    """The article that is asked about alone, with a way back to all; nothing if it is none."""
    return fill("article_only", lang, id=article.id, title=article.headline) if article else ""


def missing(lang: str) -> str:
    return fill("article_missing", lang)


def _reference(shown: Article, target: Target) -> str:
    """The quote with its source, "" where nothing is quoted."""
    if target.end <= target.start:
        return ""
    quote = " ".join(shown.text[target.start : target.end].split())
    parts = (shown.title, shown.byline, shown.source, shown.published.lstrip("-"))
    return f"“{quote}” ({', '.join(part for part in parts if part)})"


def _paragraphs(text: str, spans: Sequence[_Span]) -> Iterator[tuple[_Stretch, ...]]:
    """Lines as paragraphs; a span over several lines is marked in each."""
    at = 0
    for line in text.splitlines(keepends=True):
        begin, at = at, at + len(line)
        if line.strip():
            yield tuple(_stretches(line, begin, spans))


def _stretches(line: str, begin: int, spans: Sequence[_Span]) -> Iterator[_Stretch]:
    """The line that begins at `begin`, in pieces; where two spans overlap the first has it."""
    edges = {0, len(line)}
    for span in spans:
        edges |= {min(max(edge - begin, 0), len(line)) for edge in (span.start, span.end)}
    for low, high in pairwise(sorted(edges)):
        inside = (s for s in spans if s.start <= begin + low and begin + high <= s.end)
        marked = next(inside, None)
        yield _Stretch(line[low:high], marked.mark if marked else "")
