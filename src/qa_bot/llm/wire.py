"""The connection of one request to a language model, so that another thread can cut it.

A server learns by this alone that nobody waits for its answer, and ends its work.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openai import OpenAI

__all__ = ["Wire"]


class Wire:
    """Connections made through `on`, each for one request."""

    def __init__(self) -> None:
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()
        self._cut = False

    @contextlib.contextmanager
    def on(self, client: OpenAI) -> Iterator[OpenAI]:
        """The client with connections of its own, closed at the end."""
        from openai import DEFAULT_CONNECTION_LIMITS, DefaultHttpxClient

        own = DefaultHttpxClient(
            event_hooks={"request": [self._watch]},
            # each connection is made here, and known
            limits=type(DEFAULT_CONNECTION_LIMITS)(max_keepalive_connections=0),
        )
        with own:
            yield client.with_options(http_client=own)

    def cut(self) -> None:
        """End what waits on the connections, and let none be made: reading from them fails."""
        with self._lock:
            self._cut = True
            for connection in self._sockets:
                with contextlib.suppress(OSError):  # it is closed
                    connection.shutdown(socket.SHUT_RDWR)

    def _watch(self, request: Any) -> None:
        request.extensions["trace"] = self._trace

    def _trace(self, event: str, info: dict[str, Any]) -> None:
        if event != "connection.connect_tcp.complete":
            return
        connection = info["return_value"].get_extra_info("socket")
        with self._lock:
            self._sockets.append(connection)
            if self._cut:
                connection.shutdown(socket.SHUT_RDWR)
