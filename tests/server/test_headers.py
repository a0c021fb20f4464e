"""What every answer tells browsers, whoever gives it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from qa_bot.server.headers import SecurityHeaders
from qa_bot.server.password import hashed
from tests.serving import serving

WRONG: dict[str, str] = {"authorization": "Bearer wrong"}
RIGHT: dict[str, str] = {"authorization": "Bearer right"}
PIECE = b" " * 5_000_000


@pytest.fixture(scope="module")
def http(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    path = tmp_path_factory.mktemp("headers") / "index"
    settings = {"password_hash": hashed("right"), "read_only": True, "questions_per_minute": 3}
    with serving(path, **settings) as http:
        yield http


def check(answer: Any) -> None:
    """Each header stands there once."""
    for name, part in {
        "content-security-policy": "frame-ancestors 'none'",
        "x-frame-options": "DENY",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "permissions-policy": "camera=()",
    }.items():
        (value,) = answer.headers.get_list(name)
        assert part in value


@pytest.mark.parametrize(
    ("status", "method", "path", "given"),
    [
        (200, "GET", "/", {}),
        (200, "GET", "/config", {}),
        (200, "GET", "/api/v1/openapi.json", {}),
        (400, "POST", "/api/v1/ask", {"json": {}}),
        (401, "GET", "/", {"headers": WRONG}),
        (401, "POST", "/v1/embeddings", {"headers": WRONG, "json": {}}),
        (403, "POST", "/gradio_api/upload", {"files": {"files": ("a.txt", b"a")}}),
        (403, "GET", "/gradio_api/file=/etc/passwd", {}),
        (403, "GET", "/api/v1/health", {"headers": {**RIGHT, "origin": "http://evil.example"}}),
        (404, "GET", "/nothing", {}),
        (404, "GET", "/v1/nothing", {}),
        (405, "POST", "/api/v1/health", {"json": {}}),
        (413, "POST", "/api/v1/ask", {"content": PIECE}),
        (415, "POST", "/mcp", {"content": b"{}", "headers": {**RIGHT, "content-type": "x/y"}}),
        (421, "GET", "/", {"headers": {**RIGHT, "host": "evil.example"}}),
        (429, "POST", "/api/v1/ask", {"json": {}}),
    ],
)
def test_refusals_have_the_headers_too(
    http: httpx.Client, status: int, method: str, path: str, given: dict[str, Any]
) -> None:
    headers = {"content-type": "application/json"} if "content" in given else {}
    given = {**given, "headers": {**headers, **given.get("headers", RIGHT)}}
    answer = http.request(method, path, **given)
    for _ in range(5 if status == 429 else 0):
        answer = http.request(method, path, **given)
    assert answer.status_code == status
    check(answer)


def test_so_has_what_nobody_foresaw() -> None:
    async def failing(_: Any) -> PlainTextResponse:
        raise ValueError("broken")

    app = Starlette(routes=[Route("/", failing)], middleware=[Middleware(SecurityHeaders)])
    answer = TestClient(app, raise_server_exceptions=False).get("/")
    assert answer.status_code == 500
    check(answer)
    with pytest.raises(ValueError, match="broken"):  # the server's log has it
        TestClient(app).get("/")
