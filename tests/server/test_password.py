from __future__ import annotations

import base64
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from qa_bot import SettingsError
from qa_bot.server.limits import Limiter
from qa_bot.server.password import Password, hashed, parsed


def client(password: str) -> TestClient:
    async def page(_: Any) -> PlainTextResponse:
        return PlainTextResponse("the page")

    app = Starlette(routes=[Route("/", page)])
    return TestClient(Password(app, *parsed(hashed(password))))


def basic(text: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(text.encode()).decode()}


@pytest.mark.parametrize("user", ["", "anyone"])
def test_the_password_opens_the_page(user: str) -> None:
    visitor = client("芝麻:开门")
    for _ in range(2):
        assert visitor.get("/", headers=basic(f"{user}:芝麻:开门")).text == "the page"


def test_programs_may_send_it_as_their_key_and_are_told_what_is_missing() -> None:
    visitor = client("芝麻:开门")
    key = {b"authorization": b"Bearer " + "芝麻:开门".encode()}
    assert visitor.get("/", headers=key).text == "the page"
    answer = visitor.post("/v1/chat/completions", json={})
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "password_required"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Bearer wrong"},
        {"authorization": "Bearer"},
        basic(":wrong"),
        basic("no colon"),
        {"authorization": "Basic !"},
        {"authorization": "x"},
    ],
)
def test_nothing_else_does(headers: dict[str, str]) -> None:
    answer = client("right").get("/", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Basic")
    assert "the page" not in answer.text


def test_a_hash_tells_no_password_and_is_made_anew() -> None:
    assert "right" not in hashed("right")
    assert hashed("right") != hashed("right")


@pytest.mark.parametrize("wanted", ["secret", "scrypt$zz$zz", "md5$00$00"])
def test_a_password_in_the_place_of_its_hash_is_refused(wanted: str) -> None:
    with pytest.raises(SettingsError, match="qa-bot password") as raised:
        parsed(wanted)
    assert wanted not in str(raised.value)


def test_a_visitor_is_slowed_down_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr("qa_bot.server.limits.time.monotonic", lambda: now[0])
    limiter = Limiter(3)
    assert [limiter.allows("a") for _ in range(5)] == [True, True, True, False, False]
    assert limiter.allows("b")
    now[0] += 20
    assert [limiter.allows("a") for _ in range(2)] == [True, False]
    assert all(Limiter(0).allows("a") for _ in range(1000))
