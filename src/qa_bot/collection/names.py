"""The tables of names: which articles were read for them, and whom and what each article names."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple, get_args

from qa_bot.collection.entities import Entity, Kind, bare_place
from qa_bot.text.chinese import align

__all__ = [
    "KINDS",
    "SCHEMA",
    "NameCount",
    "articles_naming",
    "articles_of",
    "articles_read",
    "forget",
    "frequent",
    "keys_read",
    "put",
]

KINDS: tuple[Kind, ...] = get_args(Kind)
SCHEMA = """
CREATE TABLE IF NOT EXISTS read (article INTEGER PRIMARY KEY, chinese INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS names (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, UNIQUE (kind, name));
CREATE TABLE IF NOT EXISTS mentions (
    name INTEGER NOT NULL, article INTEGER NOT NULL, sure INTEGER NOT NULL,
    PRIMARY KEY (name, article)) WITHOUT ROWID;
"""
# What is beside a person's name must say so often enough; two characters are often a common word.
_FREQUENT = """
SELECT n.name, max(c.articles) AS most, count(*) FROM (
    SELECT name, count(*) AS articles, sum(sure) AS sure FROM mentions GROUP BY name
) c JOIN names n ON n.id = c.name
WHERE (?1 = '' OR n.kind = ?1) AND instr(n.name, ?2)
    AND c.sure * iif(length(n.name) = 2, 3, 6) >= c.articles
GROUP BY n.name ORDER BY n.name = ?2 DESC, instr(n.name, ?2) > 1, most DESC, n.name LIMIT ?3
"""
_LONGEST = 200  # characters of what is looked for


class NameCount(NamedTuple):
    """How many articles name a person, a place or a body."""

    name: str
    articles: int


def put(db: sqlite3.Connection, articles: Iterable[tuple[int, set[Entity] | None]]) -> None:
    """Note that articles were read, and what they name; None of one that is not Chinese."""
    for key, entities in articles:
        db.execute("INSERT OR IGNORE INTO read VALUES (?, ?)", (key, entities is not None))
        for kind, name, sure in entities or ():
            db.execute("INSERT OR IGNORE INTO names (kind, name) VALUES (?, ?)", (kind, name))
            db.execute(
                "INSERT OR IGNORE INTO mentions"
                " SELECT id, ?, ? FROM names WHERE kind = ? AND name = ?",
                (key, sure, kind, name),
            )


def forget(db: sqlite3.Connection, keys: Iterable[int]) -> None:
    """These articles have not been read any more."""
    db.execute("CREATE TEMP TABLE IF NOT EXISTS gone (article INTEGER PRIMARY KEY)")
    db.execute("DELETE FROM gone")
    db.executemany("INSERT INTO gone VALUES (?)", [(key,) for key in keys])
    db.execute("DELETE FROM mentions WHERE article IN gone")
    db.execute("DELETE FROM read WHERE article IN gone")


def keys_read(db: sqlite3.Connection) -> set[int]:
    """The keys of the articles that were read."""
    return {int(row[0]) for row in db.execute("SELECT article FROM read")}


def articles_read(db: sqlite3.Connection) -> int:
    """In how many articles, the Chinese ones, names were looked for."""
    return int(db.execute("SELECT count(*) FROM read WHERE chinese").fetchone()[0])


def frequent(
    db: sqlite3.Connection, limit: int, *, kind: str = "", contains: str = ""
) -> list[NameCount]:
    """The names of most articles; those that begin with `contains` before others that hold it."""
    wanted = align(contains.strip()[:_LONGEST])
    found = db.execute(_FREQUENT, (kind, wanted, max(limit, 0))).fetchall()
    return [
        # a person's and a place's, say: an article that names both counts once
        NameCount(name, articles if kinds == 1 else len(articles_naming(db, name)))
        for name, articles, kinds in found
    ]


def articles_of(db: sqlite3.Connection, kind: str, name: str) -> list[int]:
    """The keys of the articles that name something of this kind so, newest added first."""
    rows = db.execute(
        "SELECT article FROM mentions WHERE name = (SELECT id FROM names WHERE kind = ? AND name"
        " = ?) ORDER BY article DESC",
        (kind, name),
    )
    return [int(row[0]) for row in rows]


def articles_naming(db: sqlite3.Connection, name: str) -> tuple[int, ...]:
    """The keys of the articles that name a person, a place or a body so, ascending."""
    plain = align(name.strip()[:_LONGEST])
    rows = db.execute(
        "SELECT DISTINCT article FROM mentions WHERE name IN (SELECT id FROM names"
        " WHERE name = ? OR (kind = 'place' AND name = ?)) ORDER BY article",
        (plain, bare_place(plain)),
    )
    return tuple(int(row[0]) for row in rows)
