"""The steps from one format of the SQLite file to the next.

An index of format n has had the first n steps; a new one gets them all. A step that was released
is never changed: what must be otherwise is a step of its own.
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Callable

from qa_bot.records import Article
from qa_bot.text.languages import written_language

__all__ = ["FORMAT", "format_of", "migrate"]

Migration = Callable[[sqlite3.Connection], None]
_MIGRATIONS: list[Migration] = []
_BATCH = 1000  # articles whose language is told at a time


def migration(step: Migration) -> Migration:
    """Declare a step; they are numbered from 1 in the order they stand here."""
    _MIGRATIONS.append(step)
    return step


def format_of(db: sqlite3.Connection) -> int | None:
    """The format that the file says it has: 0 when it is new, None when it is no index."""
    if db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None:
        return 0
    if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone() is None:
        return None
    row = db.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()
    return int(row[0]) if row is not None and str(row[0]).isdecimal() else None


def migrate(db: sqlite3.Connection, version: int) -> None:
    """Bring a file of format `version` to `FORMAT`; the caller's transaction makes it one step."""
    for step in _MIGRATIONS[version:]:
        step(db)
    db.execute("INSERT OR REPLACE INTO meta VALUES ('schema', ?)", (str(FORMAT),))


_TABLES = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    """CREATE TABLE articles (
        key INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        digest TEXT NOT NULL,
        title TEXT NOT NULL, text TEXT NOT NULL, byline TEXT NOT NULL, published TEXT NOT NULL,
        source TEXT NOT NULL, url TEXT NOT NULL, lang TEXT NOT NULL, path TEXT NOT NULL,
        first_day TEXT, last_day TEXT  -- what `published` spans; NULL without a year
    )""",
    "CREATE INDEX articles_digest ON articles (digest)",
    "CREATE INDEX articles_days ON articles (first_day, last_day)",
    "CREATE INDEX articles_source ON articles (source)",
    """CREATE TABLE passages (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        article INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE,
        start INTEGER NOT NULL, "end" INTEGER NOT NULL,
        embedded INTEGER NOT NULL DEFAULT 0
    )""",
    "CREATE INDEX passages_article ON passages (article)",
    "CREATE INDEX passages_pending ON passages (id) WHERE embedded = 0",
    """CREATE TABLE vectors (
        passage INTEGER PRIMARY KEY REFERENCES passages (id) ON DELETE CASCADE,
        vector BLOB NOT NULL  -- float32, little-endian
    )""",
    "CREATE TABLE removed (passage INTEGER PRIMARY KEY, generation INTEGER NOT NULL)",
)


@migration
def create_tables(db: sqlite3.Connection) -> None:
    for statement in _TABLES:
        db.execute(statement)
    facts = {"uuid": uuid.uuid4().hex, "texts": "0", "vectors": "0"}
    db.executemany("INSERT INTO meta VALUES (?, ?)", facts.items())


@migration
def name_generations(db: sqlite3.Connection) -> None:
    """Numbers of generations repeat when a backup is put back and goes on differently.

    Files of format 1 may have this table already, and the index of the next step under its old
    name.
    """
    db.execute(
        "CREATE TABLE IF NOT EXISTS generation_names ("
        " side TEXT NOT NULL, generation INTEGER NOT NULL, name TEXT NOT NULL,"
        " PRIMARY KEY (side, generation)) WITHOUT ROWID"
    )


@migration
def index_listing(db: sqlite3.Connection) -> None:
    """What a list of articles reads instead of their texts: 15 MB of 100,000 articles, not 300."""
    db.execute("DROP INDEX IF EXISTS articles_catalogue")
    db.execute(
        "CREATE INDEX articles_listing ON articles (source, first_day, last_day, title, byline, id)"
    )


@migration
def store_languages(db: sqlite3.Connection) -> None:
    """The language each article is written in, for it takes long to tell anew at each search."""
    db.execute("ALTER TABLE articles ADD COLUMN language TEXT NOT NULL DEFAULT ''")
    last = 0
    while rows := db.execute(
        "SELECT key, title, substr(text, 1, 500), lang FROM articles WHERE key > ?"
        " ORDER BY key LIMIT ?",
        (last, _BATCH),
    ).fetchall():
        last = rows[-1][0]
        db.executemany(
            "UPDATE articles SET language = ? WHERE key = ?",
            (
                (written_language(Article(title, text, lang=lang)), key)
                for key, title, text, lang in rows
            ),
        )


@migration
def keep_changes(db: sqlite3.Connection) -> None:
    """What was corrected in an article, for `articles` hold what it is now."""
    db.execute(
        "CREATE TABLE changes (number INTEGER PRIMARY KEY,"
        " article INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE,"
        " at TEXT NOT NULL, field TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL)"
    )
    db.execute("CREATE INDEX changes_article ON changes (article)")


FORMAT = len(_MIGRATIONS)
"""The format that this qa_bot reads and writes."""
