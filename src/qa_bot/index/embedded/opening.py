"""Opening the SQLite file of an index: a new or older one is brought to today's format."""

from __future__ import annotations

import logging
import os
import sqlite3
from pathlib import Path

from qa_bot.errors import IndexBusyError, IndexMismatchError, QABotError
from qa_bot.index.embedded.connections import Connections
from qa_bot.index.embedded.migrations import FORMAT, format_of, migrate

__all__ = ["open_index"]

log = logging.getLogger(__name__)


def open_index(path: Path) -> Connections:
    """Connections to the index in the file `path`, which is made if there is none.

    They are immutable where the file is on storage that can only be read.

    :raises IndexMismatchError: if the file was written by a newer qa_bot, is no index, or is of an
        earlier format that cannot be migrated where it is.
    :raises IndexBusyError: if another process writes to it and does not end.
    :raises QABotError: if it cannot be opened.
    """
    try:
        try:
            return _writable(path)
        except sqlite3.OperationalError as error:
            if not _cannot_be_written(path):
                raise
            log.info("%s is opened to be read only: %s", path, error)
        return _immutable(path)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            raise IndexBusyError(
                f"{path} cannot be opened now: {error}. Another process is writing to it; try "
                "again when it has finished."
            ) from error
        raise QABotError(
            f"{path} cannot be opened: {error}. Check that its folder can be written and its disk "
            "is not full."
        ) from error
    except sqlite3.DatabaseError as error:
        raise _no_index(path, str(error)) from error


def _writable(path: Path) -> Connections:
    connections = Connections(path)
    try:
        with connections.starting() as db:
            version = _checked(path, format_of(db))
            if version < FORMAT:
                if version:
                    log.info("%s is brought from format %d to %d", path, version, FORMAT)
                migrate(db, version)
    except BaseException:
        connections.close()
        raise
    return connections


def _immutable(path: Path) -> Connections:
    connections = Connections(path, immutable=True)
    try:
        with connections.reading() as db:
            version = _checked(path, format_of(db))
        if version < FORMAT:
            raise IndexMismatchError(
                f"{path} has format {version}, which this qa_bot brings to {FORMAT} when it opens "
                "it, but it is on storage that can only be read: open a copy that can be written."
            )
    except BaseException:
        connections.close()
        raise
    return connections


def _cannot_be_written(path: Path) -> bool:
    """Whether a whole file is on storage that cannot be written."""
    wal = path.with_name(f"{path.name}-wal")
    if wal.exists() and wal.stat().st_size:  # what stands there would be passed over
        return False
    writable = os.access(path.parent, os.W_OK) and os.access(path, os.W_OK)
    return path.is_file() and not writable


def _checked(path: Path, version: int | None) -> int:
    if version is None:
        raise _no_index(path, "it has no format")
    if version > FORMAT:
        raise IndexMismatchError(
            f"{path} has format {version}, this qa_bot reads up to {FORMAT}: update qa_bot, or add "
            "the articles to a new index folder (--index)."
        )
    return version


def _no_index(path: Path, reason: str) -> IndexMismatchError:
    return IndexMismatchError(f"{path} is no index: {reason}. Move it away to start a new one.")
