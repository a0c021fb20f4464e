"""The rows that an index gives, typed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qa_bot.records import Article, Change, Passage

__all__ = [
    "ArticleRow",
    "Counts",
    "DatedKey",
    "DayCount",
    "Engine",
    "Scored",
    "SourceCount",
    "Span",
    "StoredArticle",
    "StoredPassage",
    "Whole",
]

Span = tuple[int, int]
"""[start, end) of a passage in its article's text, in characters."""


class Counts(NamedTuple):
    """How many articles, passages, and passages whose vector is still missing."""

    articles: int
    passages: int
    pending: int


class Engine(NamedTuple):
    """What keeps an index: its name, its version, and the bytes that the index takes on disk."""

    name: str
    version: str
    bytes: int


class ArticleRow(NamedTuple):
    """An article as it stands in a table, with its corrections, oldest first.

    `digest` is of its content as it was read, before any correction.
    """

    key: int
    digest: str
    article: Article
    changes: tuple[Change, ...] = ()


class StoredArticle(NamedTuple):
    """An article with its key, a number that is never used again and whose text never changes."""

    key: int
    article: Article


class StoredPassage(NamedTuple):
    """A passage with its article."""

    passage: Passage
    article: Article


class Scored(NamedTuple):
    """A passage that was found, and its score: the higher the better."""

    id: int
    score: float


class Whole(NamedTuple):
    """An article with its passages, ascending, and the vectors, float32 (d,), that they have.

    `changes` are its corrections, oldest first. Under `key` it is put in again, where that is free;
    0 is a new one.
    """

    article: Article
    spans: tuple[Span, ...]
    vectors: dict[Span, NDArray[np.float32]]
    changes: tuple[Change, ...] = ()
    key: int = 0


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
