"""Connections to one SQLite file: one that writes, and as many as there are threads that read."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

from qa_bot.errors import IndexBusyError, QABotError

__all__ = ["Connections"]

_IDLE = 8  # connections for reading that are kept open; each may hold 2 MB of pages


class Connections:
    """The connections to the file at `path`; safe to share by threads.

    Readers neither wait for one another nor for the writer (WAL). Each reading sees one state of
    the file, the last that was committed when it began.

    :raises sqlite3.DatabaseError: if the file cannot be opened, or is none of SQLite's.
    """

    def __init__(self, path: Path, *, immutable: bool = False) -> None:
        self.path = path
        self.immutable = immutable
        self._lock = threading.RLock()  # of the writer
        self._pool = threading.Condition()  # of what follows
        self._idle: list[sqlite3.Connection] = []
        self._busy = 0
        self._closed = False
        self._writer = self._connect()
        try:
            if not immutable:
                self._writer.execute("PRAGMA journal_mode = WAL")
                self._writer.execute("PRAGMA synchronous = NORMAL")
                self._writer.execute("PRAGMA foreign_keys = ON")
        except BaseException:
            self._writer.close()
            raise

    def _connect(self) -> sqlite3.Connection:
        # what is opened as immutable must not change: no locks are taken, no journal is read
        name = f"{self.path.absolute().as_uri()}?immutable=1" if self.immutable else str(self.path)
        return sqlite3.connect(
            name, check_same_thread=False, isolation_level=None, timeout=60, uri=self.immutable
        )

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection on which all statements see the same state of the file."""
        with self._pool:
            if self._closed:
                raise self._was_closed()
            connection = self._idle.pop() if self._idle else None
            self._busy += 1
        try:
            if connection is None:
                connection = self._connect()
                connection.execute("PRAGMA query_only = ON")
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")  # there is nothing to keep
        finally:
            with self._pool:
                self._busy -= 1
                if connection is not None:
                    if self._closed or len(self._idle) >= _IDLE:
                        connection.close()
                    else:
                        self._idle.append(connection)
                self._pool.notify_all()

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection in a transaction: all of it is kept, or nothing.

        :raises IndexBusyError: if another process writes and does not end.
        :raises QABotError: if the disk is full, or the connections were closed.
        """
        in_transaction = False
        try:
            with self.starting() as db:
                in_transaction = True
                yield db
        except sqlite3.OperationalError as error:
            if not in_transaction:  # the other writer kept it for a minute
                raise IndexBusyError(
                    f"{self.path} cannot be written now: {error}. Is another process adding to "
                    "it, or the folder read-only? Try again when it has finished."
                ) from error
            raise QABotError(
                f"{self.path} cannot be written: {error}. Nothing of this step was kept; make "
                "room on the disk and try again."
            ) from error

    @contextlib.contextmanager
    def starting(self) -> Iterator[sqlite3.Connection]:
        """As `writing`, with SQLite's own errors: for whoever finds out whether it can be written.

        :raises sqlite3.OperationalError: if it cannot.
        """
        with self._lock:
            if self._closed:
                raise self._was_closed()
            db = self._writer
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:  # SQLite may have rolled back by itself
                    db.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Close all, when those who read and write have ended."""
        with self._lock:
            with self._pool:
                self._closed = True
                self._pool.wait_for(lambda: not self._busy)
                for connection in self._idle:
                    connection.close()
                self._idle.clear()
            self._writer.close()

    def _was_closed(self) -> QABotError:
        return QABotError(f"The index in {self.path.parent} was closed: open it again.")
