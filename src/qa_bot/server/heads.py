"""Heads of requests: connections whose next one does not come are closed, and bounded in number."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import uvicorn.config

from qa_bot.server.bodies import PATIENCE
from qa_bot.server.headers import HEADERS

if TYPE_CHECKING:
    import asyncio

    from uvicorn.protocols.http.h11_impl import H11Protocol as AutoHTTPProtocol
else:
    from uvicorn.protocols.http.auto import AutoHTTPProtocol

__all__ = ["HeadProtocol", "bounded_heads"]

_launching = threading.RLock()


class HeadProtocol(AutoHTTPProtocol):
    """Uvicorn's HTTP, with a connection closed whose head is not complete in `patience` seconds.

    The time begins with the connection and, where that is kept alive, with the first byte of the
    next request; how often bytes come is no matter. Where more than `most` connections wait for a
    head, or `most_of_one` from one address, those that have waited longest make room for a new one,
    unless it is for less than `grace` seconds: many who come at once are honest, a proxy say.
    """

    patience = PATIENCE
    most = 500
    most_of_one = 100
    grace = 1.0

    _timer: asyncio.TimerHandle | None = None
    _begun = False  # something of the head has come

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """As asyncio has it."""
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """As asyncio has it."""
        super().data_received(data)
        if not self._awaits_head():
            self._cancel()
            return
        self._begun = True
        if self._timer is None:
            self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """As asyncio has it."""
        self._cancel()
        super().connection_lost(exc)

    def _awaits_head(self) -> bool:
        if self.transport.is_closing() or self.transport.get_protocol() is not self:  # a websocket
            return False
        return self.cycle is None or self.cycle.response_complete

    def _await_head(self) -> None:
        said = f"The head did not come within {self.patience:g} seconds: send the request again."
        self._timer = self.loop.call_later(
            self.patience, self._give_up, "408 Request Timeout", said
        )
        self._make_room()

    def _make_room(self) -> None:
        waiting = [
            (self.patience - other._timer.when() + self.loop.time(), other)
            for other in self.connections
            if isinstance(other, HeadProtocol) and other._timer is not None
        ]
        waiting.sort(key=lambda pair: -pair[0])
        own = [pair for pair in waiting if _host(pair[1]) == _host(self)]
        said = "Too many connections wait for a head: send the request again at once."
        for some, most in ((own, self.most_of_one), (waiting, self.most)):
            for waited, other in some[: max(0, len(some) - most)]:
                if waited >= self.grace:
                    other._give_up("503 Service Unavailable", said)

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._begun = None, False

    def _give_up(self, status: str, said: str) -> None:
        """Close the connection, with a word to who has begun to speak."""
        begun = self._begun
        self._cancel()
        if self.transport.is_closing():
            return
        if begun:
            own = {"content-type": "text/plain; charset=utf-8", "connection": "close"}
            fields = {**HEADERS, **own, "content-length": str(len(said))}
            lines = [f"HTTP/1.1 {status}", *(f"{k}: {v}" for k, v in fields.items()), "", said]
            self.transport.write("\r\n".join(lines).encode())
        self.transport.close()


def _host(protocol: HeadProtocol) -> str:
    return protocol.client[0] if protocol.client else ""


@contextlib.contextmanager
def bounded_heads() -> Iterator[None]:
    """A time in which servers that start do so with `HeadProtocol`.

    Gradio, which starts ours, leaves the protocol to uvicorn, and that to its table.
    """
    table = uvicorn.config.HTTP_PROTOCOLS
    with _launching:
        before = table["auto"]
        table["auto"] = f"{HeadProtocol.__module__}:{HeadProtocol.__qualname__}"
        try:
            yield
        finally:
            table["auto"] = before
