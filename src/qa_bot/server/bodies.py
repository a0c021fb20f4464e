"""Bodies of requests: taken in whole before anything is done with them, and bounded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio

if TYPE_CHECKING:
    from starlette.types import Message, Receive

__all__ = ["PATIENCE", "BadBody", "Body", "too_large"]

PATIENCE = 30.0  # seconds


class BadBody(Exception):
    """A body that is not taken in: `status`, `code` and what to say."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


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
