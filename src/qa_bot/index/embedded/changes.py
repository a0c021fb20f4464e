"""The table of corrections, and how an article gets them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from qa_bot.index.embedded.sql import IN_LIST, as_list
from qa_bot.index.metadata import day_span
from qa_bot.records import Article, Change
from qa_bot.text.languages import written_language

__all__ = ["changes_by_key", "insert_changes", "update_headings"]


def changes_by_key(db: sqlite3.Connection, keys: Iterable[int]) -> dict[int, tuple[Change, ...]]:
    """The corrections of those of these articles that have any, oldest first."""
    rows = db.execute(
        "SELECT article, at, field, before, after FROM changes"
        f" WHERE article {IN_LIST} ORDER BY number",
        (as_list(keys),),
    )
    found: dict[int, tuple[Change, ...]] = {}
    for key, *values in rows:
        found[key] = (*found.get(key, ()), Change(*values))
    return found


def insert_changes(db: sqlite3.Connection, key: int, changes: Sequence[Change]) -> None:
    db.executemany(
        "INSERT INTO changes (article, at, field, before, after) VALUES (?, ?, ?, ?, ?)",
        [(key, c.at, c.field, c.before, c.after) for c in changes],
    )


def update_headings(db: sqlite3.Connection, key: int, article: Article) -> None:
    """Give the article of this key what heads `article`; its digest stays as it was read."""
    columns = ("title", "byline", "published", "source")
    db.execute(
        f"UPDATE articles SET {', '.join(f'{column} = ?' for column in columns)},"
        " first_day = ?, last_day = ?, language = ? WHERE key = ?",
        (
            *(getattr(article, column) for column in columns),
            *day_span(article.published),
            written_language(article),
            key,
        ),
    )
