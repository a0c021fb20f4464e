"""What an exported conversation says, in whatever format: plain text in the order it is read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from qa_bot.exchange import Exchange, Quote
from qa_bot.records import Article
from qa_bot.ui.quotation import glossed, quoted
from qa_bot.ui.texts import LOCALES, say

__all__ = ["Content", "Entry", "Run", "Source"]


@dataclass(frozen=True, slots=True)
class Run:
    """Text, or instead of it the number of a source."""

    text: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """A quote in its quotation marks, and where it is from; `url` is a web address, or "".

    `gloss` tells its numbers and units in the answer's language.
    """

    number: int
    quote: str
    origin: str
    lang: str
    url: str
    gloss: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A question and its answer. `remarks` are on how far to trust it, and how it was asked."""

    question: str
    asked: str
    lang: str
    paragraphs: tuple[tuple[Run, ...], ...]
    remarks: tuple[str, ...]
    sources: tuple[Source, ...]
    listed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """A conversation; `lang` is the tag of the language around it, `heading` is of sources."""

    name: str
    lang: str
    heading: str
    entries: tuple[Entry, ...]

    @classmethod
    def of(cls, name: str, exchanges: Sequence[Exchange], lang: str) -> Self:
        entries = tuple(_entry(exchange, lang) for exchange in exchanges)
        return cls(name, LOCALES[lang], say(lang, "sources"), entries)


def _entry(exchange: Exchange, lang: str) -> Entry:
    cited = {quote.article.id for quote in exchange.quotes}
    more = [article for article in exchange.articles if article.id not in cited]
    return Entry(
        exchange.question,
        say(lang, "asked", question=exchange.asked) if exchange.asked else "",
        exchange.language,
        tuple(_paragraphs(exchange)),
        tuple(_remarks(exchange, lang)),
        tuple(_source(quote, exchange.language) for quote in exchange.quotes),
        tuple(_origin(article) for article in more),
    )


def _source(quote: Quote, reader: str) -> Source:
    article = quote.article
    url = article.url if re.match(r"https?://", article.url) else ""
    text = quoted(quote.quote, article.lang)
    gloss = glossed(quote.quote, article.lang, reader)
    return Source(quote.number, text, _origin(article), article.lang, url, gloss)


def _origin(article: Article) -> str:
    source = article.source or re.split(r"[/\\]", article.path)[-1]
    known = (article.title, article.byline, source, article.published.lstrip("-"))
    return ", ".join(" ".join(part.split()) for part in known if part)


def _remarks(exchange: Exchange, lang: str) -> Iterator[str]:
    if exchange.state != "answered":
        yield say(lang, "possible" if exchange.state == "possible" else "not_found")
    elif exchange.answerer == "llm":
        yield say(lang, "export_llm")
    elif exchange.quotes and exchange.confidence < 1:
        yield say(lang, "export_confidence", value=f"{exchange.confidence:.2f}")
    narrowed = {"since": exchange.since, "until": exchange.until, "source": exchange.source}
    chips = [say(lang, f"chip_{field}", value=value) for field, value in narrowed.items() if value]
    if exchange.only:
        chips.append(say(lang, "only", title=exchange.only))
    if chips:
        yield say(lang, "export_filter", filters=", ".join(chips))
    if exchange.at:
        at = datetime.fromisoformat(exchange.at)
        yield say(lang, "export_at", time=f"{at:%Y-%m-%d %H:%M} UTC")


def _paragraphs(exchange: Exchange) -> Iterator[tuple[Run, ...]]:
    """The text with `[n]` as the numbers of sources, but for what a quote itself holds."""
    done: list[Run] = []
    for run in _runs(exchange):
        first, *rest = re.split(r"\n{2,}", run.text)
        done.append(Run(first, run.number))
        for part in rest:
            yield tuple(r for r in done if r.text or r.number)
            done = [Run(part)]
    yield tuple(r for r in done if r.text or r.number)


def _runs(exchange: Exchange) -> Iterator[Run]:
    numbers = {quote.number for quote in exchange.quotes}
    verbatim = sorted((q.quote for q in exchange.quotes if q.quote), key=len, reverse=True)
    at, text = 0, exchange.text
    for match in re.finditer("|".join([*map(re.escape, verbatim), r"\s?\[(\d{1,3})\]"]), text):
        if match[1] and int(match[1]) in numbers:
            yield Run(text[at : match.start()])
            yield Run("", int(match[1]))
            at = match.end()
    yield Run(text[at:])
