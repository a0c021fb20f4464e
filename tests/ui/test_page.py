"""The page as it travels, without a browser."""

from __future__ import annotations

import re
from importlib.resources import files
from types import SimpleNamespace
from typing import Any, cast

import pytest

from qa_bot import load_settings
from qa_bot.ui import build_app
from qa_bot.ui.web import Page


def test_no_handler_is_a_public_endpoint() -> None:
    bot = cast(Any, SimpleNamespace(settings=load_settings()))
    app = build_app(bot)
    assert app.fns
    assert {fn.api_visibility for fn in app.fns.values()} == {"private"}


def test_the_packaged_files_name_no_other_host() -> None:
    packaged = [*files("qa_bot.ui.static").iterdir(), *files("qa_bot.ui.templates").iterdir()]
    assert len(packaged) > 20
    for file in packaged:
        assert "//" not in re.sub(r"(?m)^\s*//.*| // .*", "", file.read_text("utf-8"))


def served(path: str, wish: str, query: str = "") -> tuple[dict[str, str], str]:
    """What `Page` makes of a page, sent in two parts."""
    sent: list[Any] = []

    async def inner(_scope: Any, _receive: Any, send: Any) -> None:
        headers = [(b"content-type", b"text/html"), (b"content-length", b"1")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        part = {"type": "http.response.body"}
        await send({**part, "body": b'<html lang="en"><he', "more_body": True})
        await send({**part, "body": b"ad></head></html>"})

    async def receive() -> Any:
        return {}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "path": path,
        "query_string": query.encode(),
        "headers": [(b"accept-language", wish.encode())],
    }
    run = Page(inner)(scope, receive, send)
    with pytest.raises(StopIteration):  # nothing in it waits, and so it needs no event loop
        run.send(None)
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return headers, b"".join(message["body"] for message in sent[1:]).decode()


def test_the_page_knows_its_language() -> None:
    headers, body = served("/", "zh-HK")
    assert '<html lang="zh-TW"><head><script data-locale="zh&#45;TW">' in body
    assert "'language', {value: document.currentScript.dataset.locale" in body
    assert int(headers["content-length"]) == len(body.encode())


def test_the_language_in_the_address_goes_before_the_browser_s() -> None:
    assert '<html lang="en">' in served("/", "zh-CN", "lang=en")[1]
    assert '<html lang="zh-CN">' in served("/", "zh-CN", "lang=fr&x=1")[1]


def test_other_answers_pass_unchanged() -> None:
    assert served("/config", "zh-HK")[1] == '<html lang="en"><head></head></html>'
