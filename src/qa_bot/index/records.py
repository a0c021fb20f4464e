"""The rows that an index gives, typed."""

from __future__ import annotations

from typing import Literal, NamedTuple

from qa_bot.records import Article, Passage

__all__ = [
    "Counts",
    "DatedKey",
    "DayCount",
    "Side",
    "SourceCount",
    "Span",
    "StoredArticle",
    "StoredPassage",
]

Side = Literal["texts", "vectors"]
"""What a generation counts the changes of."""

Span = tuple[int, int]
"""[start, end) of a passage in its article's text, in characters."""


class Counts(NamedTuple):
    """How many articles, passages, and passages whose vector is still missing."""

    articles: int
    passages: int
    pending: int


class StoredArticle(NamedTuple):
    """An article with its key, a number that is never used again and whose text never changes."""

    key: int
    article: Article


class StoredPassage(NamedTuple):
    """A passage with its article."""

    passage: Passage
    article: Article


class DayCount(NamedTuple):
    """How many articles have a date that spans the ISO days from `first` to `last`."""

    first: str
    last: str
    articles: int


class SourceCount(NamedTuple):
    """How many articles a newspaper has; "" are those that name none."""

    source: str
    articles: int


class DatedKey(NamedTuple):
    """The key of an article, and the ISO days that its date spans; "" without a year."""

    key: int
    first: str
    last: str
