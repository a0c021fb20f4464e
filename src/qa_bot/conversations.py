"""Conversations of the web page, kept beside the index: each belongs to one browser.

A browser is known by a secret that it alone keeps; the file holds no more than the secret's hash.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from qa_bot.errors import QABotError
from qa_bot.text.terms import normalise

__all__ = ["Conversation", "Conversations"]

log = logging.getLogger(__name__)

_MOST = 200  # conversations of a browser: the one that was left longest makes room
_MOST_TURNS = 500  # of a conversation
_FULL = 1_000_000_000  # bytes of the file
_LONGEST_NAME = 80  # characters
_REMOVED_FOR = timedelta(days=1)  # that a removed conversation can be put back
_SCHEMA = """
CREATE TABLE IF NOT EXISTS conversations (
    id INTEGER PRIMARY KEY AUTOINCREMENT, owner TEXT NOT NULL, name TEXT NOT NULL,
    changed TEXT NOT NULL, removed TEXT);
CREATE INDEX IF NOT EXISTS conversations_owner ON conversations (owner, changed);
CREATE TABLE IF NOT EXISTS turns (
    conversation INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    position INTEGER NOT NULL, words TEXT NOT NULL, turn TEXT NOT NULL,
    PRIMARY KEY (conversation, position)) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Conversation:
    """What it is listed by; `changed` is when a question was asked last, ISO 8601 in UTC."""

    id: int
    name: str
    turns: int
    changed: str


class Conversations:
    """The conversations in the SQLite file at `path`; threads and processes may share it.

    Where nothing can be written they are kept as long as the process lives. Every method takes the
    secret of a browser, and neither shows nor changes anything of another one's.
    """

    def __init__(self, path: Path, *, writable: bool = True) -> None:
        self.path = path
        self._writable = writable
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None

    def close(self) -> None:
        """Close the file; it is opened again when it is needed."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    # -- reading -------------------------------------------------------------------------------

    def find(self, secret: str, contains: str = "") -> list[Conversation]:
        """A browser's conversations, the one last asked in first.

        `contains` is looked for in names, questions and answers, in any script, width and case.
        """
        words = normalise(contains.strip())
        with self._using() as db:
            rows = db.execute(
                "SELECT c.id, c.name, c.changed, (SELECT count(*) FROM turns WHERE conversation ="
                " c.id) FROM conversations c WHERE owner = ? AND removed IS NULL"
                " ORDER BY changed DESC, id DESC",
                (_hashed(secret),),
            ).fetchall()
            return [
                Conversation(number, name, turns, changed)
                for number, name, changed, turns in rows
                if not words or words in normalise(name) or _holds(db, number, words)
            ]

    def turns(self, secret: str, conversation: int) -> list[dict[str, Any]]:
        """The turns of a conversation, oldest first; none if there is none of this browser."""
        with self._using() as db:
            if not self._is_of(db, secret, conversation):
                return []
            rows = db.execute(
                "SELECT turn FROM turns WHERE conversation = ? ORDER BY position", (conversation,)
            )
            return [json.loads(row[0]) for row in rows]

    # -- changing ------------------------------------------------------------------------------

    def put(
        self,
        secret: str,
        conversation: int,
        turn: Mapping[str, Any],
        words: str = "",
        *,
        again: bool = False,
    ) -> int:
        """Keep a turn as the last of a conversation; `again`: instead of the one that was last.

        Where this browser has no such conversation a new one begins, named after the turn's
        `question`; what else is in a turn is the page's own. Returns its id. `words` are found by
        `find`, beside the question.

        :raises QABotError: if nothing more can be kept.
        """
        question = str(turn["question"])
        row = json.dumps(dict(turn), ensure_ascii=False)
        now = datetime.now(UTC).isoformat(timespec="microseconds")
        with self._changing() as db:
            self._check_room(db)
            if not self._is_of(db, secret, conversation):
                conversation = self._begin(db, secret, question, now)
            last = db.execute(
                "SELECT max(position) FROM turns WHERE conversation = ?", (conversation,)
            ).fetchone()[0]
            position = 0 if last is None else last + (not again)
            db.execute(
                "INSERT OR REPLACE INTO turns VALUES (?, ?, ?, ?)",
                (conversation, position, normalise(f"{question}\n{words}"), row),
            )
            db.execute(
                "DELETE FROM turns WHERE conversation = ? AND position <= ?",
                (conversation, position - _MOST_TURNS),
            )
            db.execute("UPDATE conversations SET changed = ? WHERE id = ?", (now, conversation))
        return conversation

    def rename(self, secret: str, conversation: int, name: str) -> None:
        """Give a conversation another name; an empty one leaves it its own."""
        if name := _named(name):
            with self._changing() as db:
                db.execute(
                    "UPDATE conversations SET name = ? WHERE id = ? AND owner = ?",
                    (name, conversation, _hashed(secret)),
                )

    def remove(self, secret: str, conversation: int) -> Conversation | None:
        """Remove a conversation, which can be put back for a day; None if there is none."""
        gone = next((c for c in self.find(secret) if c.id == conversation), None)
        if gone is not None:
            now = datetime.now(UTC)
            with self._changing() as db:
                db.execute(
                    "DELETE FROM conversations WHERE removed < ?",
                    ((now - _REMOVED_FOR).isoformat(),),
                )
                db.execute(
                    "UPDATE conversations SET removed = ? WHERE id = ?",
                    (now.isoformat(), conversation),
                )
        return gone

    def put_back(self, secret: str, conversation: int) -> bool:
        """Undo `remove`; False if it is too late, or there was no such conversation."""
        with self._changing() as db:
            done = db.execute(
                "UPDATE conversations SET removed = NULL"
                " WHERE id = ? AND owner = ? AND removed IS NOT NULL",
                (conversation, _hashed(secret)),
            )
            return done.rowcount > 0

    def _begin(self, db: sqlite3.Connection, secret: str, question: str, now: str) -> int:
        owner = _hashed(secret)
        db.execute(
            "DELETE FROM conversations WHERE id IN (SELECT id FROM conversations WHERE owner = ?"
            " ORDER BY changed DESC LIMIT -1 OFFSET ?)",
            (owner, _MOST - 1),
        )
        row = db.execute(
            "INSERT INTO conversations (owner, name, changed) VALUES (?, ?, ?)",
            (owner, _named(question), now),
        )
        return int(row.lastrowid or 0)

    def _check_room(self, db: sqlite3.Connection) -> None:
        pages, size = (db.execute(f"PRAGMA {name}").fetchone()[0] for name in _SIZES)
        if pages * size > _FULL:
            raise QABotError(f"{self.path} is full: move it away to keep more conversations.")

    @staticmethod
    def _is_of(db: sqlite3.Connection, secret: str, conversation: int) -> bool:
        row = db.execute(
            "SELECT 1 FROM conversations WHERE id = ? AND owner = ? AND removed IS NULL",
            (conversation, _hashed(secret)),
        ).fetchone()
        return row is not None

    # -- the file ------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                yield self._open()
            except sqlite3.Error as error:
                raise QABotError(f"{self.path} cannot be used: {error}.") from error

    @contextlib.contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        with self._using() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                db.execute("ROLLBACK")
                raise

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = self._connect()
        return self._connection

    def _connect(self) -> sqlite3.Connection:
        where = str(self.path) if self._writable else ":memory:"
        db = sqlite3.connect(where, check_same_thread=False, isolation_level=None, timeout=30)
        try:
            if self._writable:
                self.path.chmod(0o600)
                db.execute("PRAGMA journal_mode = WAL")
                db.execute("PRAGMA synchronous = NORMAL")
            db.execute("PRAGMA foreign_keys = ON")
            db.executescript(_SCHEMA)
        except sqlite3.DatabaseError as error:
            db.close()
            if isinstance(error, sqlite3.OperationalError):
                raise
            aside = self.path.with_suffix(".damaged")
            log.warning("%s is damaged (%s): it is kept as %s", self.path, error, aside.name)
            self.path.replace(aside)
            return self._connect()
        return db


_SIZES = ("page_count", "page_size")


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _named(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_NAME else f"{line[:_LONGEST_NAME]}…"


def _holds(db: sqlite3.Connection, conversation: int, words: str) -> bool:
    row = db.execute(
        "SELECT 1 FROM turns WHERE conversation = ? AND instr(words, ?) LIMIT 1",
        (conversation, words),
    ).fetchone()
    return row is not None
