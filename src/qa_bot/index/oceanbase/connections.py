"""Connections to the database: a few are kept open, and what is lost on the way is tried again."""

from __future__ import annotations

import logging
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import pymysql
from pymysql.cursors import Cursor

from qa_bot.errors import IndexAwayError, IndexBusyError, QABotError
from qa_bot.index.address import Address

__all__ = ["Connections", "Cursor", "in_list", "rows"]

log = logging.getLogger(__name__)
T = TypeVar("T")

_IDLE = 8  # connections that are kept open
_DELAYS = (0.1, 0.3, 0.9, 1.8)  # seconds before each of the tries after the first
_TRIED = 10.0  # seconds, after which there is no other try
_CONNECT, _ANSWER = 5, 60  # seconds that a connection and an answer may take
_LOCK = 60_000_000  # microseconds to wait for another writer
_CANDIDATES = 400  # passages in view of a search by the graph, see embedded/vectors.py
# by the server's or the client's number
_LOST = frozenset({0, 1053, 1927, 2002, 2003, 2006, 2013, 2014, 2055})
# a deadlock; a table that another process has just made and this one does not see yet; an internal
# error that a first text query meets; leaders that change
_AGAIN = frozenset({1213, 1146, 4016, 4038, 4678, 6002, 6224, 6225})
_BUSY = frozenset({1205, 4012})
_TOLD = {
    1044: "this user may not use that database",
    1045: "the user or the password is refused",
    1049: "there is no such database; make it with CREATE DATABASE, or name another",
    1142: "this user may not do that",
    2026: "the server must encrypt, and its certificate be of that host and signed by ssl_ca",
    1153: "an article is larger than max_allowed_packet there; raise that",
    4030: "the server has no memory left; give it more",
    4184: "the server's disk is full; make room",
}


class Connections:
    """Connections to the database at `address`; safe to share by threads.

    `read` and `write` run a function with a cursor. Where the connection is lost, or the server
    asks for it, they run it once more on another: whoever writes must do it so that twice is once.

    :raises IndexAwayError: if the database cannot be reached.
    :raises IndexBusyError: if another writer does not end.
    :raises QABotError: if the database refuses, its certificate is refused, or the connections were
        closed.
    """

    def __init__(self, address: Address) -> None:
        self.address = address
        self._lock = threading.Lock()
        self._idle: list[pymysql.Connection[Cursor]] = []
        self._closed = False
        self._opened = False  # it was reached once
        self._tls = _trusting(address.ssl_ca) if address.ssl_ca else None

    def read(self, use: Callable[[Cursor], T]) -> T:
        """What `use` gives; each of its statements sees what is committed when it begins."""
        return self._run(use)

    def write(self, use: Callable[[Cursor], T]) -> T:
        """The same in one transaction: all of it is kept, or nothing."""

        def whole(cursor: Cursor) -> T:
            cursor.execute("BEGIN")
            try:
                given = use(cursor)
                cursor.execute("COMMIT")
            except BaseException:
                _roll_back(cursor)
                raise
            return given

        return self._run(whole)

    def close(self) -> None:
        """Close those that are idle; others when they come back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            _discard(connection)

    def _run(self, use: Callable[[Cursor], T]) -> T:
        begun = time.monotonic()
        for delay in (*_DELAYS, None):
            connection = None
            try:
                connection = self._take()
                with connection.cursor() as cursor:
                    given = use(cursor)
            except (pymysql.MySQLError, OSError) as error:
                code = _code(error)
                lost = code in _LOST
                if connection is not None:
                    if lost:
                        _discard(connection)
                    else:
                        self._give_back(connection)
                if lost:
                    self._forget()
                late = time.monotonic() - begun > _TRIED
                if delay is None or late or not (lost or code in _AGAIN):
                    raise self._told(error, code) from error
                log.info("%s is asked again: %s", self.address, error)
                time.sleep(delay)
            except BaseException as error:
                if connection is not None and isinstance(error, QABotError):  # `use` refuses
                    self._give_back(connection)
                elif connection is not None:
                    _discard(connection)  # who knows what it is about
                raise
            else:
                self._give_back(connection)
                self._opened = True
                return given
        raise AssertionError("the last try returns or raises")

    def _take(self) -> pymysql.Connection[Cursor]:
        with self._lock:
            if self._closed:
                raise QABotError(f"The index {self.address} was closed: open it again.")
            if self._idle:
                return self._idle.pop()
        return self._connect()

    def _connect(self) -> pymysql.Connection[Cursor]:
        address = self.address
        place: dict[str, Any] = {"host": address.host, "port": address.port}
        if address.unix_socket:
            place = {"unix_socket": address.unix_socket}
        if self._tls is not None:
            place["ssl"] = self._tls
        connection = pymysql.connect(
            user=address.user,
            password=address.password,
            database=address.database,
            charset="utf8mb4",
            connect_timeout=_CONNECT,
            read_timeout=_ANSWER,
            write_timeout=_ANSWER,
            autocommit=True,
            **place,
        )
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")
                cursor.execute(
                    f"SET SESSION ob_query_timeout = {_ANSWER * 1_000_000},"
                    f" ob_trx_timeout = {2 * _ANSWER * 1_000_000},"
                    f" ob_trx_lock_timeout = {_LOCK}, ob_hnsw_ef_search = {_CANDIDATES}"
                )
        except BaseException:
            _discard(connection)
            raise
        return connection

    def _give_back(self, connection: pymysql.Connection[Cursor]) -> None:
        with self._lock:
            if not self._closed and len(self._idle) < _IDLE:
                self._idle.append(connection)
                return
        _discard(connection)

    def _forget(self) -> None:
        """Close the idle ones: where one is lost, they are likely to be."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            _discard(connection)

    def _told(self, error: Exception, code: int) -> QABotError:
        reason = str(error.args[1]) if len(error.args) > 1 else str(error)
        if code in _LOST:
            if self._opened:  # then visitors may be told, whom its place does not concern
                log.warning("%s cannot be reached: %s", self.address, reason or "it hung up")
                where, reason = "that keeps the index", ""
            else:
                where, reason = str(self.address), f": {reason or 'it hung up'}"
            return IndexAwayError(
                f"The database {where} cannot be reached now{reason}. Nothing is lost; start it, "
                "or try again when it is back."
            )
        if code in _BUSY:
            return IndexBusyError(
                f"The database {self.address} is busy: {reason}. Is another process adding to it?"
                " Try again when it has finished."
            )
        what = _TOLD.get(code, "nothing of this step was kept; try again, or see its log")
        return QABotError(f"The database {self.address} refuses: {reason} ({code}): {what}.")


def _trusting(authority: str) -> ssl.SSLContext:
    """What encrypts, and believes only certificates that this authority, a file, has signed."""
    try:
        return ssl.create_default_context(cafile=authority)
    except OSError as error:  # so is what is no certificate
        raise QABotError(
            f"{authority} cannot be read as certificates of an authority: {error}. Name the right "
            "file after ?ssl_ca=."
        ) from error


def _code(error: Exception) -> int:
    if isinstance(getattr(error, "original_exception", error), ssl.SSLCertVerificationError):
        return 2026
    if isinstance(error, pymysql.MySQLError):
        return error.args[0] if error.args and isinstance(error.args[0], int) else -1
    return 2013  # the system's: the connection broke


def _roll_back(cursor: Cursor) -> None:
    try:
        cursor.execute("ROLLBACK")
    except (pymysql.MySQLError, OSError):  # it is lost: then the server does
        log.debug("no rollback was needed", exc_info=True)


def _discard(connection: pymysql.Connection[Cursor]) -> None:
    try:
        connection.close()
    except (pymysql.MySQLError, OSError):
        log.debug("it was closed already", exc_info=True)


def rows(cursor: Cursor, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows that `sql` gives."""
    cursor.execute(sql, tuple(values) or None)
    return list(cursor.fetchall())


def in_list(values: Iterable[Any]) -> str:
    """The condition that a column is one of as many values, whose parameters they are."""
    count = sum(1 for _ in values)
    return f"IN ({', '.join(['%s'] * count)})" if count else "IN (NULL)"
