"""Bodies of requests: taken in whole before anything is done with them, and bounded."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import anyio

if TYPE_CHECKING:
    from starlette.types import Message, Receive

__all__ = ["PATIENCE", "BadBody", "Body", "check_text", "too_large"]

PATIENCE = 30.0  # seconds

# A surrogate may be in it: as an escape, as bytes, or in UTF-16 and UTF-32, which have zeros.
_SUSPECT = re.compile(rb"\\u[dD][89a-fA-F]|\xed[\xa0-\xbf]|\0")


class BadBody(Exception):
    """A body that is not taken in: `status`, `code`, what to say, and of which field."""

    def __init__(self, status: int, code: str, message: str, param: str | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.param = status, code, message, param


class Body:
    """The body of a request, and the `receive` with which an application reads it once more."""

    def __init__(self, messages: list[Message], receive: Receive) -> None:
        self.content = b"".join(message.get("body", b"") for message in messages)
        self._left = iter(messages)
        self._receive = receive

    @classmethod
    async def taken_in(cls, receive: Receive, most_bytes: int, patience: float = PATIENCE) -> Body:
        """The whole body.

        :raises BadBody: if it has more than `most_bytes`, or takes more than `patience` seconds.
        """
        messages: list[Message] = []
        size, more = 0, True
        with anyio.move_on_after(patience) as time:
            while more:
                messages.append(message := await receive())
                size += len(message.get("body", b""))
                if size > most_bytes:
                    raise too_large(most_bytes)
                more = bool(message.get("more_body"))
        if time.cancelled_caught:
            said = f"The body did not come within {patience:g} seconds: send it again."
            raise BadBody(408, "too_slow", said)
        return cls(messages, receive)

    async def receive(self) -> Message:
        """The messages that came, then what comes."""
        for message in self._left:
            return message
        return await self._receive()


def too_large(most_bytes: int) -> BadBody:
    """The refusal of a body that has more bytes."""
    return BadBody(413, "too_large", f"The body may have {most_bytes} bytes at most.")


def check_text(content: bytes) -> None:
    """Whether the texts in JSON are such as can be stored, embedded and sent.

    :raises BadBody: if one has half of a surrogate pair, which stands for no character.
    """
    if not _SUSPECT.search(content):
        return
    try:
        waiting: list[tuple[str, Any]] = [("", json.loads(content))]
    except (ValueError, RecursionError):  # whoever reads it will say so
        return
    while waiting:
        where, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [(where, key) for key in value]
            waiting += [(f"{where}.{key}".lstrip("."), item) for key, item in value.items()]
        elif isinstance(value, list):
            waiting += [(f"{where}.{at}".lstrip("."), item) for at, item in enumerate(value)]
        elif isinstance(value, str) and not _is_text(value):
            where = where if _is_text(where) else ""
            said = "Half of a surrogate pair stands for no character: send the whole pair."
            raise BadBody(400, "invalid", f"{where}: {said}" if where else said, where or None)


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
