"""The passages found for a question, by article: the relevant ones, the others on demand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa_bot.bot import QABot
from qa_bot.records import Answer, Citation, Hit
from qa_bot.ui.markup import fill
from qa_bot.ui.texts import say
from qa_bot.ui.views.heading import Heading
from qa_bot.ui.views.notices import note
from qa_bot.ui.views.target import Target
from qa_bot.ui.views.timeline import timeline

__all__ = ["Passage", "found", "panel"]

_SNIPPET = 140  # characters of a passage
_ABOUT_ITSELF = ("talk", "holdings")  # kinds of answers that no passage has to do with


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage as a link to it.

    `snippet` is the beginning of what of it no quote says already; `quoted` are the numbers of
    these quotes, `1, 2`. `first` is false behind another passage of the same article.
    """

    heading: Heading
    snippet: str
    href: str
    quoted: str = ""
    first: bool = True

    @classmethod
    def of(cls, hit: Hit, quotes: Sequence[Citation] = (), *, first: bool = True) -> Passage:
        """:param quotes: those of the answer that stand in the passage, by their place."""
        parts: list[str] = []
        at = hit.passage.start
        for quote in quotes:
            parts.append(hit.article.text[at : quote.start].strip())
            at = max(at, quote.end)
        parts.append(hit.article.text[at : hit.passage.end].strip())
        text = " … ".join(part for part in parts if any(map(str.isalnum, part)))
        snippet = text if len(text) <= _SNIPPET else text[:_SNIPPET] + "…"
        quoted = ", ".join(str(number) for number in sorted({quote.number for quote in quotes}))
        href = Target.of_hit(hit).href
        return cls(Heading.of(hit.article), snippet, href, quoted, first)


@dataclass(frozen=True, slots=True)
class _Found:
    """Passages by article, each article where its best one stands; `others` are opened by hand."""

    passages: tuple[tuple[Passage, ...], ...]
    others: tuple[tuple[Passage, ...], ...] = ()
    more: int = 0


def found(hits: Sequence[Hit], lang: str, quotes: Sequence[Citation] = ()) -> str:
    """The passages found for the question, or how to use the panel when there are none.

    :param quotes: what the answer shows of them already.
    """
    cited = [hit for hit in hits if _quoted(hit, quotes)]
    ids = {hit.passage.id for hit in cited}
    kept, others = QABot.relevant(hits)
    ids |= {hit.passage.id for hit in kept}
    relevant = [hit for hit in hits if hit.passage.id in ids]
    others = [hit for hit in others if hit.passage.id not in ids]
    if not relevant:
        return note(say(lang, "panel_hint"))
    view = _Found(tuple(_by_article(relevant, quotes)), tuple(_by_article(others)), len(others))
    return fill("found", lang, found=view)


def panel(given: Answer, lang: str) -> str:
    """What stands beside the answer: when its sources appeared, and the passages found for it."""
    if given.kind in _ABOUT_ITSELF:
        return found((), lang)
    passages = found(given.hits, lang, given.citations)
    return timeline(given.hits, given.citations, lang) + passages


def _quoted(hit: Hit, quotes: Sequence[Citation]) -> list[Citation]:
    """The quotes that have text in common with a passage, by their place."""
    passage = hit.passage
    inside = (
        quote
        for quote in quotes
        if quote.article.id == hit.article.id
        and quote.start < passage.end
        and quote.end > passage.start
    )
    return sorted(inside, key=lambda quote: quote.start)


def _by_article(
    hits: Sequence[Hit], quotes: Sequence[Citation] = ()
) -> Iterator[tuple[Passage, ...]]:
    groups: dict[str, list[Hit]] = {}
    for hit in hits:
        groups.setdefault(hit.article.id, []).append(hit)
    for group in groups.values():
        yield tuple(
            Passage.of(hit, _quoted(hit, quotes), first=n == 0) for n, hit in enumerate(group)
        )
