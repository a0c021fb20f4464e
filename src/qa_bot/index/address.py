"""Addresses of indexes that a database keeps: `oceanbase://user:password@host:port/database`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from qa_bot.errors import QABotError

__all__ = ["Address", "is_address"]

_SCHEME = "oceanbase"
_PORT = 2881  # OceanBase's own
_OPTIONS = ("unix_socket", "ssl_ca", "partitions")
_MOST = 1024  # partitions of a table
_SHAPE = f"{_SCHEME}://user:password@host:port/database"


def is_address(text: str) -> bool:
    """Whether this names a database, not a folder."""
    return re.match(r"[a-z][a-z0-9+.-]+://", text, re.IGNORECASE) is not None


@dataclass(frozen=True, slots=True)
class Address:
    """Where a database is, and who asks it. Neither `str` nor `repr` tell the password.

    `partitions` is into how many an index that is started there is divided.
    """

    user: str
    password: str = field(repr=False)
    host: str
    port: int
    database: str
    unix_socket: str = ""
    ssl_ca: str = ""
    partitions: int = 1

    @classmethod
    def of(cls, text: str, password: str = "") -> Self:
        """The address that `text` writes; `password` is used where it has none.

        :raises QABotError: if it is none; the message does not tell the password.
        """
        if "#" in text:
            raise _bad("a # in a name or password is written %23, and so on: @ %40, / %2F, : %3A")
        try:
            parts = urlsplit(text)
            port = parts.port or _PORT
        except ValueError:  # which tells what stands there: it may be part of the password
            raise _bad("its port is no number from 1 to 65535") from None
        if parts.scheme != _SCHEME:
            raise _bad(f"{parts.scheme}:// is no engine of qa_bot")
        options = dict(parse_qsl(parts.query, keep_blank_values=True))
        if unknown := sorted(options.keys() - set(_OPTIONS)):
            raise _bad(f"it has options that are none: {', '.join(unknown)}")
        partitions = options.get("partitions", "1")
        if not (partitions.isdecimal() and 1 <= int(partitions) <= _MOST):
            raise _bad(f"partitions is a number from 1 to {_MOST}")
        database = unquote(parts.path.strip("/"))
        if not database or not parts.username:
            raise _bad("it needs a user and a database")
        if not parts.hostname and not options.get("unix_socket"):
            raise _bad("it needs a host")
        return cls(
            unquote(parts.username),
            unquote(parts.password or "") or password,
            parts.hostname or "",
            port,
            database,
            options.get("unix_socket", ""),
            options.get("ssl_ca", ""),
            int(partitions),
        )

    def __str__(self) -> str:
        user, database = quote(self.user, safe=""), quote(self.database, safe="")
        host = f"[{self.host}]" if ":" in self.host else self.host
        place = f"{host}:{self.port}" if self.host else ""
        socket = f"?unix_socket={self.unix_socket}" if self.unix_socket else ""
        return f"{_SCHEME}://{user}@{place}/{database}{socket}"


def _bad(reason: str) -> QABotError:
    return QABotError(f"The address of the index cannot be used: {reason}. Write {_SHAPE}.")
