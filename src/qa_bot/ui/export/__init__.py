"""A conversation as a file: to read (Markdown, Word, HTML for print) or to cite (references)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from qa_bot.exchange import Exchange
from qa_bot.records import Article
from qa_bot.references import references, style_of
from qa_bot.ui.export.content import Content
from qa_bot.ui.export.markdown import markdown
from qa_bot.ui.export.page import page
from qa_bot.ui.export.word import word
from qa_bot.ui.quotation import quoted

__all__ = ["FORMATS", "write"]

FORMATS = ("md", "docx", "html", "bib", "ris", "json")
"""Endings of the files there can be."""

_WRITTEN: dict[str, Callable[[Content], bytes]] = {
    "md": lambda content: markdown(content).encode("utf-8", "replace"),
    "docx": word,
    "html": lambda content: page(content).encode("utf-8", "replace"),
}


def write(path: Path, name: str, exchanges: Sequence[Exchange], lang: str) -> None:
    """Write the conversation of this `name` to a file, as its ending says.

    :param lang: the language that what stands around questions and answers is in.
    """
    style = style_of(path)
    if style is None:
        path.write_bytes(_WRITTEN[path.suffix[1:]](Content.of(name, exchanges, lang)))
        return
    articles: dict[str, Article] = {}
    notes: dict[str, list[str]] = {}
    for exchange in exchanges:
        for quote in exchange.quotes:
            article = articles.setdefault(quote.article.id, quote.article)
            notes.setdefault(article.id, []).append(quoted(quote.quote, article.lang))
        articles |= {article.id: article for article in exchange.articles}
    text = "".join(references(articles.values(), style, notes))
    path.write_bytes(text.encode("utf-8", "replace"))
