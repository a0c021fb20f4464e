"""A turn of a conversation as Markdown, its citations as footnotes."""

from __future__ import annotations

import re
import zlib

from qa_bot.records import Answer, Article, Citation

__all__ = ["markdown"]

_ACTIVE = re.compile(r"([\\`*_{}\[\]<>#|~$&])")


def markdown(answer: Answer) -> str:
    """The question as a heading, the answer, a footnote for each quote, and what else it lists.

    Footnotes are named after the turn, so that turns can stand one after another in one file.
    Nothing in it is anything but text to Markdown.
    """
    key = f"{zlib.crc32((answer.question + answer.text).encode('utf-8', 'surrogatepass')):08x}"
    heading = f"### {_plain(answer.question)}"
    lines = [heading, *([f"*{_plain(answer.asked)}*"] if answer.asked else []), _text(answer, key)]
    lines += [f"[^{key}-{c.number}]: {_footnote(c)}" for c in answer.citations]
    cited = {c.article.id for c in answer.citations}
    more = [item.article for item in answer.articles if item.article.id not in cited]
    lines += ["\n".join(f"- {_plain(_known(article))}" for article in more)] if more else []
    return "\n\n".join(lines)


def _text(answer: Answer, key: str) -> str:
    """The text with `[n]` as footnotes, but for what a quote itself holds."""
    numbers = {citation.number for citation in answer.citations}
    quotes = sorted((c.quote for c in answer.citations if c.quote), key=len, reverse=True)
    pieces: list[str] = []
    at = 0
    for match in re.finditer("|".join([*map(re.escape, quotes), r"\[(\d{1,3})\]"]), answer.text):
        pieces.append(_escaped(answer.text[at : match.start()]))
        number = int(match[1]) if match[1] else 0
        pieces.append(f"[^{key}-{number}]" if number in numbers else _escaped(match[0]))
        at = match.end()
    return "".join(pieces) + _escaped(answer.text[at:])


def _footnote(citation: Citation) -> str:
    return f"“{_plain(citation.quote)}” — {_plain(_known(citation.article))}"


def _known(article: Article) -> str:
    known = (article.title, article.byline, article.source, article.published.lstrip("-"))
    return ", ".join(part for part in known if part)


def _plain(text: str) -> str:
    return _escaped(" ".join(text.split()))


def _escaped(text: str) -> str:
    return _ACTIVE.sub(r"\\\1", text)
