"""Who may ask, how much, and from which pages."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio
import httpx
import pytest

from qa_bot import (
    QABot,
    load_settings,
)
from qa_bot.server.limits import Limiter
from qa_bot.server.origin import Door, Guard
from tests.api.checks import WHY, fault
from tests.serving import serving_bot


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"host": "localhost:99"}, 200),
        ({"host": "[::1]:99"}, 200),
        ({"host": "evil.example"}, 421),
        ({"host": "evil.example:7860", "origin": "http://evil.example:7860"}, 421),
        ({"host": "localhost.evil.example"}, 421),
        ({"host": "192.0.2.1"}, 421),
        ({"host": "["}, 421),
        ({"origin": "http://localhost:3000"}, 200),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "http://localhost.evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "none"}, 200),
    ],
)
def test_pages_of_others_may_not_ask(
    http: httpx.Client, headers: dict[str, str], status: int
) -> None:
    answer = http.get("/api/v1/health", headers=headers)
    assert answer.status_code == status
    if status != 200:
        fault(answer)
        call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
        assert http.post("/mcp", json=call, headers=headers).status_code == status


def test_nor_may_they_use_the_page(http: httpx.Client) -> None:
    elsewhere = {"host": "evil.example", "origin": "http://evil.example"}
    for address in ("/", "/config", "/gradio_api/info"):
        assert http.get(address).status_code == 200
        assert http.get(address, headers=elsewhere).status_code == 421
    assert http.get("/", headers={"sec-fetch-site": "cross-site"}).status_code == 200  # a link
    for headers in ({"origin": "http://evil.example"}, {"sec-fetch-site": "cross-site"}):
        for address in ("/gradio_api/queue/join", "/gradio_api/upload"):
            answer = http.post(address, json={}, headers=headers)
            assert (answer.status_code, fault(answer)["code"]) == (403, "wrong_origin")


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        ("192.0.2.1:7860", None, 200),
        ("newsroom:7860", None, 200),
        ("newsroom.local", None, 200),
        ("news.example", None, 200),
        ("news.example", "https://news.example", 200),
        ("news.example", "http://localhost:3000", 403),
        ("192.0.2.1:7860", "http://evil.example", 403),
        ("192.0.2.1:7860", "http://192.0.2.1:7860", 200),
        ("evil.example", None, 421),
        ("", None, 421),
    ],
)
def test_a_server_for_others_has_more_names(host: str, origin: str | None, status: int) -> None:
    async def inner(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def ask() -> int:
        door = Door(
            Guard(inner, limiter=Limiter(0), gate=threading.Semaphore()),
            {"news.example"},
            local=False,
        )
        headers = {"host": host} | ({"origin": origin} if origin else {})
        transport = httpx.ASGITransport(door)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as http:
            return (await http.get("/", headers=headers)).status_code

    assert anyio.run(ask) == status


def test_a_visitor_may_not_ask_without_end(bot: QABot) -> None:
    with (
        QABot.open(bot.path, settings=load_settings(questions_per_minute=2)) as shared,
        serving_bot(shared) as http,
    ):
        codes = [
            http.post("/api/v1/search", json={"question": WHY, "k": 1}).status_code
            for _ in range(4)
        ]
        assert codes == [200, 200, 429, 429]
        answer = http.post("/api/v1/search", json={"question": WHY, "k": 1})
        assert answer.headers["retry-after"] == "60"
        assert http.get("/api/v1/health").status_code == 200


def test_no_more_may_ask_at_once_than_the_settings_say(bot: QABot) -> None:
    """Of thirty who ask together at least one is answered, the others are told to come again."""
    settings = load_settings(questions_at_once=1)
    with (
        QABot.open(bot.path, settings=settings) as shared,
        serving_bot(shared) as http,
        ThreadPoolExecutor(30) as users,
    ):
        shared.warm_up()
        body = {"question": WHY}
        asked = [users.submit(http.post, "/api/v1/ask", json=body) for _ in range(30)]
        answers = [one.result() for one in asked]
        busy = [answer for answer in answers if answer.status_code == 503]
        assert {answer.status_code for answer in answers} == {200, 503}
        assert {fault(answer)["code"] for answer in busy} == {"busy"}
        assert {answer.headers["retry-after"] for answer in busy} == {"60"}
        assert http.post("/api/v1/ask", json=body).status_code == 200


def test_the_page_is_as_it_was(http: httpx.Client) -> None:
    page = http.get("/", headers={"accept-language": "zh-HK"})
    assert page.status_code == 200
    assert 'lang="zh-TW"' in page.text
    assert "default-src 'self'" in page.headers["content-security-policy"]
    health = http.get("/api/v1/health", headers={"accept-language": "zh-HK"})
    assert health.headers["x-content-type-options"] == "nosniff"
