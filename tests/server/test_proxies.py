"""Who is taken for whom, where headers say that somebody else asks: by the real server."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from qa_bot import SettingsError, load_settings
from qa_bot.server.proxies import Proxies
from tests.serving import serving


def statuses(http: httpx.Client, *visitors: str) -> list[int]:
    """Of an empty question of each, which counts, and needs no network."""
    return [
        http.post("/api/v1/ask", json={}, headers={"x-forwarded-for": who}).status_code
        for who in visitors
    ]


def test_a_forged_header_makes_nobody_another(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with serving(tmp_path / "index", questions_per_minute=2) as http:
        assert statuses(http, "10.0.0.1", "10.0.0.2", "10.0.0.3", "::1") == [400, 400, 429, 429]
        told = [m for m in caplog.messages if "QA_BOT_TRUSTED_PROXIES" in m]
        assert len(told) == 1
        assert told[0].startswith("127.0.0.1 ")
        forged = {"x-forwarded-proto": "https", "x-forwarded-host": "evil.example"}
        assert http.get("/config", headers=forged).json()["root"] == str(http.base_url).rstrip("/")


def test_a_trusted_proxy_tells_who_asks(tmp_path: Path) -> None:
    settings = {"questions_per_minute": 2, "trusted_proxies": "127.0.0.0/8, 10.1.0.0/16"}
    with serving(tmp_path / "index", **settings) as http:
        assert statuses(http, *["192.0.2.1"] * 3, "192.0.2.2") == [400, 400, 429, 400]
        # what the visitor puts before the proxy's own entry changes nothing
        assert statuses(http, "203.0.113.9, 192.0.2.1", "9.9.9.9,192.0.2.1, 10.1.2.3") == [429, 429]
        proto = {"x-forwarded-proto": "https"}
        assert http.get("/config", headers=proto).json()["root"].startswith("https://")


@pytest.mark.parametrize(
    ("peer", "entries", "visitor"),
    [
        ("10.1.0.1", ["192.0.2.1:4711"], "192.0.2.1"),
        ("10.1.0.1", ["[2001:db8::1]:4711"], "2001:db8::1"),
        ("::ffff:10.1.0.1", ["192.0.2.1"], "192.0.2.1"),
        ("fd00::7", ["::ffff:192.0.2.1"], "192.0.2.1"),
        ("10.1.0.1", ["192.0.2.9", "192.0.2.1"], "192.0.2.1"),  # two headers are one list
        ("10.1.0.1", ["10.1.0.3, 10.1.0.2"], "10.1.0.3"),
        ("10.1.0.1", ["192.0.2.1, unknown, 10.1.0.2"], "10.1.0.2"),
        ("10.1.0.1", [], "10.1.0.1"),
        ("10.2.0.1", ["192.0.2.1"], "10.2.0.1"),
        ("testclient", ["192.0.2.1"], "testclient"),
    ],
)
def test_the_visitor_is_the_last_that_is_no_proxy(
    peer: str, entries: list[str], visitor: str
) -> None:
    async def who(request: Request) -> JSONResponse:
        assert request.client
        return JSONResponse(request.client.host)

    app = Proxies(Starlette(routes=[Route("/", who)]), "10.1.0.0/16, fd00::7")
    http = TestClient(app, client=(peer, 1))
    headers = httpx.Headers([("x-forwarded-for", entry) for entry in entries])
    assert http.get("/", headers=headers).json() == visitor


@pytest.mark.parametrize("proxies", ["proxy.example", "10.0.0.1/8", "*", "10.0.0.5:80"])
def test_proxies_are_addresses_and_networks(proxies: str) -> None:
    with pytest.raises(SettingsError, match=r"trusted_proxies.*10\.0\.0\.0/24"):
        load_settings(trusted_proxies=proxies)
