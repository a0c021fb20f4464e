"""What half-sent requests, slow readers and clients that leave do to the others: nothing."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import anyio
import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from qa_bot.api.threads import Threads
from qa_bot.server.limits import Limiter
from qa_bot.server.origin import Guard
from qa_bot.ui.web import Page

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import Message

_HEADERS = [(b"host", b"x"), (b"content-type", b"application/json")]
_SCOPE = {
    "type": "http",
    "method": "POST",
    "path": "/",
    "query_string": b"",
    "headers": _HEADERS,
    "client": ("127.0.0.1", 1),
}


async def _echo(request: Request) -> PlainTextResponse:
    return PlainTextResponse(await request.body())


def _guard(patience: float) -> Guard:
    app = Starlette(routes=[Route("/", _echo, methods=["POST"])])
    gate = threading.Semaphore(1)
    return Guard(app, limiter=Limiter(0), gate=gate, patience=patience)


def test_bodies_half_sent_keep_nobody_out_and_end() -> None:
    guard = _guard(patience=1.0)
    statuses: list[int] = []
    begun: list[bool] = []

    async def unfinished() -> Message:
        if not begun:
            begun.append(True)
            return {"type": "http.request", "body": b"{", "more_body": True}
        await anyio.sleep_forever()
        raise AssertionError

    async def noted(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    async def scene() -> None:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(guard, dict(_SCOPE), unfinished, noted)
            tasks.start_soon(guard, dict(_SCOPE), unfinished, noted)
            await anyio.sleep(0.1)
            transport = httpx.ASGITransport(guard)
            async with httpx.AsyncClient(transport=transport, base_url="http://x") as http:
                answer = await http.post("/", json={"question": "桥"})
                assert (answer.status_code, answer.json()) == (200, {"question": "桥"})

    anyio.run(scene)
    assert statuses == [408, 408]


def test_who_does_not_take_in_the_answer_is_let_go() -> None:
    guard = _guard(patience=0.1)

    async def body() -> Message:
        return {"type": "http.request", "body": b"{}", "more_body": False}

    async def stuck(_: Message) -> None:
        await anyio.sleep_forever()

    async def scene() -> None:
        for _ in range(2):  # the gate is free again after the first
            with pytest.raises(ClientDisconnect), anyio.fail_after(10):
                await guard(dict(_SCOPE), body, stuck)

    anyio.run(scene)


def test_work_is_told_that_its_client_has_gone() -> None:
    told = []

    def work(stopped: Callable[[], bool]) -> None:
        for _ in range(1000):
            if stopped():
                told.append(True)
                raise ValueError("gone")
            threading.Event().wait(0.01)

    async def gone() -> None:
        await anyio.sleep(0.05)

    async def scene() -> None:
        await Threads().run_for(gone, work)

    with pytest.raises(ValueError, match="gone"):
        anyio.run(scene)
    assert told == [True]


def test_a_limit_counts_what_is_asked_for() -> None:
    limiter = Limiter(10)
    assert limiter.allows("a", 9)
    assert not limiter.allows("a", 2)
    assert limiter.allows("a")
    assert limiter.allows("b", 10)


@pytest.mark.parametrize(
    "cookie", ["a/b=1", "=", ";;;", 'x="', "ключ=1", "qa_bot_language=\\", "a=b=c; {}=[]", "\x01=2"]
)
def test_odd_cookies_do_no_harm(cookie: str) -> None:
    async def page(_: Request) -> PlainTextResponse:
        return PlainTextResponse('<html lang="en"><head></head>')

    http = TestClient(Page(Starlette(routes=[Route("/", page)])))
    answer = http.get("/", headers={b"cookie": f"{cookie}; qa_bot_language=zh-Hans".encode()})
    assert answer.status_code == 200
    assert 'lang="zh-CN"' in answer.text
