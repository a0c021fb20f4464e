from __future__ import annotations

import base64
import hashlib
import threading
from typing import Any

import anyio
import httpx
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


def guarded(password: str) -> Password:
    async def page(_: Any) -> PlainTextResponse:
        return PlainTextResponse("the page")

    return Password(Starlette(routes=[Route("/", page)]), *parsed(hashed(password)))


def test_guessing_is_bounded_and_told_and_whoever_is_known_goes_on(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr("qa_bot.server.limits.time.monotonic", lambda: now[0])
    app = guarded("right")
    known = TestClient(app, client=("10.0.0.1", 1))
    assert known.get("/", headers=basic(":right")).status_code == 200
    guesser = TestClient(app, client=("10.0.0.1", 2))
    statuses = [guesser.get("/", headers=basic(f":{n}")).status_code for n in range(12)]
    assert statuses == [401] * 10 + [429] * 2
    answer = guesser.post("/api/v1/ask", headers=basic("x:right"))
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
    assert known.get("/", headers=basic(":right")).status_code == 200
    other = TestClient(app, client=("10.0.0.2", 1))
    assert other.get("/", headers=basic("y:right")).status_code == 200
    assert caplog.messages == ["A wrong password from 10.0.0.1."] * 10
    now[0] += 60
    assert guesser.get("/", headers=basic("x:right")).status_code == 200


def test_right_passwords_use_nothing_up() -> None:
    visitor = TestClient(guarded("right"))
    answers = [visitor.get("/", headers=basic(f"{n}:right")) for n in range(20)]
    assert {answer.status_code for answer in answers} == {200}


@pytest.mark.e2e
def test_few_tries_are_worked_out_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    real, lock, at_work, most = hashlib.scrypt, threading.Lock(), [0], [0]
    all_asked = threading.Event()

    def counted(*arguments: Any, **named: Any) -> bytes:
        with lock:
            at_work[0] += 1
            most[0] = max(most[0], at_work[0])
        all_asked.wait(60)
        try:
            return real(*arguments, **named)
        finally:
            with lock:
                at_work[0] -= 1

    app = guarded("right")
    monkeypatch.setattr("qa_bot.server.password.hashlib.scrypt", counted)
    statuses: list[int] = []

    async def guess(number: int) -> None:
        transport = httpx.ASGITransport(app, client=(f"10.0.0.{number}", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as http:
            statuses.append((await http.get("/", headers=basic(f":{number}"))).status_code)
        if len(statuses) >= 48:
            all_asked.set()

    async def scene() -> None:
        async with anyio.create_task_group() as tasks:
            for number in range(150):
                tasks.start_soon(guess, number)

    anyio.run(scene)
    assert most[0] == 2
    assert [statuses.count(status) for status in (401, 503)] == [102, 48]  # a hundred wait
