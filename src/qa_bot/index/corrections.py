"""Articles that were corrected in the library: what they became, and what they were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from qa_bot.records import Article, Change

__all__ = ["CORRECTABLE", "as_read", "changes_of", "with_corrections"]

CORRECTABLE = ("title", "byline", "published", "source")


def changes_of(article: Article, fields: Mapping[str, str], at: str) -> list[Change]:
    """What giving an article these fields changes, at this time."""
    return [
        Change(at, field, before, after)
        for field, after in fields.items()
        if (before := getattr(article, field)) != after
    ]


def as_read(article: Article, changes: Sequence[Change]) -> Article:
    """The article before its corrections, so that the file it came from is known again."""
    first = {change.field: change.before for change in reversed(changes)}
    return replace(article, **first)


def with_corrections(article: Article, known: Article, changes: Sequence[Change]) -> Article:
    """`article` with what was corrected in `known`: what somebody corrected no file undoes."""
    return replace(article, **{c.field: getattr(known, c.field) for c in changes})
