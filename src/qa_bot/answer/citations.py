"""Quotes to numbered citations whose text stands in their articles, to the character."""

from __future__ import annotations

from collections.abc import Iterable

from qa_bot.answer.draft import Quote
from qa_bot.records import Citation

__all__ = ["cite"]


def cite(quotes: Iterable[Quote]) -> tuple[Citation, ...]:
    """A citation for each quote, numbered from 1 in the order given.

    :raises ValueError: if a quote does not lie inside its article.
    """
    citations = []
    for number, quote in enumerate(quotes, 1):
        article = quote.article
        if not 0 <= quote.start < quote.end <= len(article.text):
            raise ValueError(f"[{quote.start}, {quote.end}) is no part of article {article.id}")
        citations.append(Citation(number, article, quote.text, quote.start, quote.end))
    return tuple(citations)
