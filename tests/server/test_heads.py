"""Connections on which no whole head of a request comes."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from websockets.sync.client import connect

from qa_bot.server.heads import HeadProtocol, bounded_heads
from tests.serving import serving

PATIENCE = 1.0
HALF = b"GET /api/v1/health HTTP/1.1\r\nHost: 127.0.0.1\r\n"
HEALTH = HALF + b"\r\n"


@pytest.fixture(scope="module")
def http(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with serving(tmp_path_factory.mktemp("heads") / "index") as http:
        yield http


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HeadProtocol, "patience", PATIENCE)


def _open(http: httpx.Client) -> socket.socket:
    url = urlsplit(str(http.base_url))
    return socket.create_connection((url.hostname, url.port), timeout=30)


def _rest(connection: socket.socket) -> bytes:
    """What comes until the server closes."""
    with connection:
        return b"".join(iter(lambda: connection.recv(65536), b""))


def _answer(connection: socket.socket) -> bytes:
    answer = b""
    while not answer.partition(b"\r\n\r\n")[2]:
        more = connection.recv(65536)
        assert more, answer
        answer += more
    return answer


def test_half_a_head_is_answered_and_its_connection_closed(http: httpx.Client) -> None:
    connections = [_open(http) for _ in range(20)]
    for connection in connections:
        connection.sendall(HALF)
    for connection in connections:
        head, _, said = _rest(connection).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 408 ")
        assert b"x-content-type-options: nosniff" in head
        assert b"send the request again" in said
    assert http.get("/api/v1/health").is_success


def test_a_head_that_comes_in_drops_has_no_more_time(http: httpx.Client) -> None:
    with _open(http) as connection:
        connection.sendall(HALF)
        connection.settimeout(PATIENCE / 5)
        for number in range(100):
            connection.sendall(b"X-%d: 0\r\n" % number)
            try:
                answer = connection.recv(65536)
                break
            except TimeoutError:  # nothing yet
                pass
    assert answer.startswith(b"HTTP/1.1 408 ")


def test_who_says_nothing_is_told_nothing(http: httpx.Client) -> None:
    assert _rest(_open(http)) == b""


def test_a_slow_client_is_served(http: httpx.Client) -> None:
    with _open(http) as connection:
        for at in range(0, len(HEALTH), 16):
            connection.sendall(HEALTH[at : at + 16])
            time.sleep(0.02)
        assert _answer(connection).startswith(b"HTTP/1.1 200 ")


def test_a_slow_body_has_its_own_time(http: httpx.Client) -> None:
    with _open(http) as connection:
        connection.sendall(
            b"POST /api/v1/search HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\n"
            b"Content-Type: application/json\r\n\r\n{"
        )
        time.sleep(1.5 * PATIENCE)
        connection.sendall(b"}")
        assert _answer(connection).startswith(b"HTTP/1.1 400 ")


def test_each_request_on_a_kept_connection_has_its_time(http: httpx.Client) -> None:
    connection = _open(http)
    for _ in range(4):  # longer than one head may take
        connection.sendall(HEALTH)
        assert _answer(connection).startswith(b"HTTP/1.1 200 ")
        time.sleep(PATIENCE / 2)
    connection.sendall(HALF)
    assert _rest(connection).startswith(b"HTTP/1.1 408 ")


@pytest.fixture
def streaming() -> Iterator[str]:
    """Host and port of a server with a stream that pauses at `/` and a websocket at `/echo`."""

    async def pieces() -> AsyncIterator[str]:
        yield "data: 1\n\n"
        await asyncio.sleep(1.5 * PATIENCE)
        yield "data: 2\n\n"

    async def stream(_: Request) -> StreamingResponse:
        return StreamingResponse(pieces(), media_type="text/event-stream")

    async def echo(websocket: WebSocket) -> None:
        await websocket.accept()
        async for text in websocket.iter_text():
            await websocket.send_text(text)

    app = Starlette(routes=[Route("/", stream), WebSocketRoute("/echo", echo)])
    with socket.create_server(("127.0.0.1", 0)) as listener, bounded_heads():
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        server.config.load()
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            yield f"127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(30)
    assert server.config.http_protocol_class is HeadProtocol


def test_a_stream_is_not_cut(streaming: str) -> None:
    assert httpx.get(f"http://{streaming}", timeout=30).text == "data: 1\n\ndata: 2\n\n"


def test_nor_is_a_websocket(streaming: str) -> None:
    with connect(f"ws://{streaming}/echo") as websocket:
        time.sleep(1.5 * PATIENCE)
        websocket.send("still there")
        assert websocket.recv(30) == "still there"


def test_many_who_come_at_once_are_served(
    http: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(HeadProtocol, "most_of_one", 3)
    monkeypatch.setattr(HeadProtocol, "patience", 60.0)
    monkeypatch.setattr(HeadProtocol, "grace", 30.0)
    with ExitStack() as stack:
        waiting = [stack.enter_context(_open(http)) for _ in range(20)]
        for connection in waiting:
            connection.sendall(HEALTH)
        for connection in waiting:
            assert _answer(connection).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("bound", ["most", "most_of_one"])
def test_who_has_waited_longest_makes_room(
    http: httpx.Client, monkeypatch: pytest.MonkeyPatch, bound: str
) -> None:
    monkeypatch.setattr(HeadProtocol, "patience", 60.0)
    monkeypatch.setattr(HeadProtocol, bound, 3)
    monkeypatch.setattr(HeadProtocol, "grace", 0.05)
    with ExitStack() as stack:
        waiting = []
        for _ in range(4):
            connection = stack.enter_context(_open(http))
            connection.sendall(HALF)
            waiting.append(connection)
            time.sleep(0.1)  # or the order in which they are taken in would be chance
        assert _rest(waiting.pop(0)).startswith(b"HTTP/1.1 503 ")
        for connection in waiting:
            connection.sendall(b"\r\n")
            assert _answer(connection).startswith(b"HTTP/1.1 200 ")


def test_the_table_is_as_before() -> None:
    table = uvicorn.config.HTTP_PROTOCOLS
    before = dict(table)
    with bounded_heads():
        assert table["auto"] != before["auto"]
    assert table == before
