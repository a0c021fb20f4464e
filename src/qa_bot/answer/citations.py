"""Sentences to numbered citations whose quotes stand in their articles, to the character."""

from __future__ import annotations

from collections.abc import Iterable

from qa_bot.answer.evidence import Evidence
from qa_bot.records import Citation

__all__ = ["cite"]


def cite(evidence: Iterable[Evidence]) -> tuple[Citation, ...]:
    """A citation for each sentence, numbered from 1 in the order given.

    :raises ValueError: if a sentence does not lie inside its article.
    """
    citations = []
    for number, item in enumerate(evidence, 1):
        article = item.hit.article
        if not 0 <= item.start < item.end <= len(article.text):
            raise ValueError(f"[{item.start}, {item.end}) is no part of article {article.id}")
        quote = article.text[item.start : item.end]
        citations.append(Citation(number, article, quote, item.start, item.end))
    return tuple(citations)
