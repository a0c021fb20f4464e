"""What keeps web pages of others from asking through their reader's browser."""

from __future__ import annotations

import ipaddress
import threading
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import anyio
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.routing import BaseRoute, Match

from qa_bot.server.bodies import PATIENCE, BadBody, Body, check_text, too_large
from qa_bot.server.problems import problem

if TYPE_CHECKING:
    from collections.abc import Set

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from qa_bot.server.limits import Limiter

__all__ = ["MOST_BYTES", "Door", "Guard", "visitor"]

MOST_BYTES = 4_000_000  # of a request's body

Refusal = tuple[int, str, str]


class Door:
    """ASGI middleware before the whole server, that lets in what asks for it by its own name.

    A name of somebody else's that leads here ("DNS rebinding") makes their page one of ours to the
    browser. Own are loopback names, the `names` given and, unless only this computer is served
    (`local`), addresses and names without a public domain. Nor may a page of another origin send
    anything; it may link here.
    """

    def __init__(self, app: ASGIApp, names: Set[str], *, local: bool) -> None:
        self._app, self._names, self._local = app, names, local

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on, as ASGI has it."""
        if scope["type"] == "http" and (refusal := self._refusal(scope["method"], scope)):
            await problem(*refusal)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _refusal(self, method: str, scope: Scope) -> Refusal | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not self._is_own(_name(host)):
            return (
                421,
                "wrong_host",
                f"This server does not know {host!r} as its own name: set QA_BOT_HOSTS to it.",
            )
        if method not in ("GET", "HEAD", "OPTIONS") and _is_foreign(headers):
            return _FOREIGN
        return None

    def _is_own(self, name: str) -> bool:
        if not name or _is_loopback(name) or name in self._names:
            return bool(name)
        return not self._local and (_is_address(name) or "." not in name.removesuffix(".local"))


class Guard:
    """ASGI middleware before what programs ask, that refuses what a browser could be made to send.

    What comes from a page of another origin is refused, and bodies that are not declared as JSON,
    which is all a foreign form could send. So is a visitor who asks more than the `limiter` allows,
    and whoever comes while as many are asking as the `gate` lets in. Only whole requests are let
    in, and nobody may take longer than `patience` seconds over sending one, or over taking in
    a piece of the answer.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        limiter: Limiter,
        gate: threading.Semaphore,
        patience: float = PATIENCE,
    ) -> None:
        self._app, self._limiter, self._gate = app, limiter, gate
        self._patience = patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on, as ASGI has it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asks = scope["method"] == "POST" and not self._is_wrong_method(scope)
        param = None
        refusal = self._refusal(asks, Headers(scope=scope))
        if not refusal and asks and not self._limiter.allows(visitor(scope)):
            refusal = 429, "too_many", "You have sent many requests just now: wait a minute."
        if not refusal and asks:
            try:
                body = await Body.taken_in(receive, MOST_BYTES, self._patience)
                check_text(body.content)
                receive = body.receive
            except BadBody as bad:
                refusal, param = (bad.status, bad.code, bad.message), bad.param
        if not refusal and asks and not self._gate.acquire(blocking=False):
            refusal = 503, "busy", "Many are asking at the moment: try again in a minute."
        if refusal:
            answer = problem(*refusal, param)
            if refusal[0] in (429, 503):
                answer.headers["retry-after"] = "60"
            await answer(scope, receive, send)
            return
        try:
            await self._app(scope, receive, self._hurried(send) if asks else send)
        finally:
            if asks:
                self._gate.release()

    def _hurried(self, send: Send) -> Send:
        """`send`, that gives up on who does not take in what is sent."""

        async def hurried(message: Message) -> None:
            with anyio.move_on_after(self._patience) as time:
                await send(message)
            if time.cancelled_caught:
                raise ClientDisconnect

        return hurried

    def _is_wrong_method(self, scope: Scope) -> bool:
        """Whether the application only says which methods the path has, with status 405."""
        routes: list[BaseRoute] = getattr(self._app, "routes", [])
        matches = {route.matches(scope)[0] for route in routes}
        return Match.PARTIAL in matches and Match.FULL not in matches

    def _refusal(self, asks: bool, headers: Headers) -> Refusal | None:
        """Status, code and message; None if all is well."""
        if _is_foreign(headers):
            return _FOREIGN
        if asks:
            kind = headers.get("content-type", "").partition(";")[0].strip().lower()
            if kind != "application/json":
                return (
                    415,
                    "wrong_content_type",
                    "The body must be JSON, with the header content-type: application/json.",
                )
            length = headers.get("content-length", "")
            if length.isdecimal() and int(length) > MOST_BYTES:
                bad = too_large(MOST_BYTES)
                return bad.status, bad.code, bad.message
        return None


_FOREIGN: Refusal = (403, "wrong_origin", "Web pages of other servers may not ask here.")


def visitor(scope: Scope) -> str:
    """Who asks: the address."""
    return str((scope.get("client") or ("",))[0])


def _name(host: str) -> str:
    """The name or address in a Host header, without the port; "" if it is none."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _is_foreign(headers: Headers) -> bool:
    """Whether a browser sends this for a page of another server."""
    origin = headers.get("origin")
    if origin is not None:
        return not _same(origin, headers.get("host", ""))
    return headers.get("sec-fetch-site") == "cross-site"


def _same(origin: str, host: str) -> bool:
    """Whether a page of `origin` is this server's, or, if that is local, of this computer."""
    try:
        netloc = urlsplit(origin).netloc
    except ValueError:
        return False
    name = _name(netloc)
    return bool(name) and (
        netloc.lower() == host.lower() or (_is_loopback(name) and _is_loopback(_name(host)))
    )


def _is_loopback(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
