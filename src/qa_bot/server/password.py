"""Who may use the page: whoever has the password, where one is set."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING

from qa_bot.errors import SettingsError

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["Password", "hashed", "parsed"]

_N, _R, _P = 2**14, 8, 1  # scrypt (RFC 7914): 16 MB and some 50 ms a try
_FORM = "scrypt"
_STARTING = "/gradio_api/startup-events"  # Gradio asks itself for it; it tells nothing
_FOR_PROGRAMS = ("/api/", "/v1/", "/mcp")
_MOST_KNOWN = 10_000


def hashed(password: str) -> str:
    """What QA_BOT_PASSWORD_HASH is to be for this password; anew at each call."""
    salt = secrets.token_bytes(16)
    return f"{_FORM}${salt.hex()}${_digest(password, salt).hex()}"


def _digest(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=_N, r=_R, p=_P)


def parsed(text: str) -> tuple[bytes, bytes]:
    """Salt and digest of what `hashed` made.

    :raises SettingsError: if it is something else.
    """
    try:
        form, salt, digest = text.split("$")
        if form == _FORM and salt and digest:
            return bytes.fromhex(salt), bytes.fromhex(digest)
    except ValueError:
        pass
    raise SettingsError(
        "QA_BOT_PASSWORD_HASH is not a password's hash: make one with `qa-bot password`."
    )


class Password:
    """ASGI middleware: asks every visitor for the password.

    HTTP Basic, where any user name will do, or, for OpenAI's clients, as a bearer token.

    `salt` and `wanted` are what `parsed` gives.
    """

    def __init__(self, app: ASGIApp, salt: bytes, wanted: bytes) -> None:
        self.app = app
        self._salt, self._wanted = salt, wanted
        # so that only a visitor's first request costs the time that makes guessing slow
        self._secret = secrets.token_bytes(32)
        self._known: set[bytes] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on, as ASGI has it."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        from starlette.concurrency import run_in_threadpool

        if scope.get("path") == _STARTING:
            await self.app(scope, receive, send)
            return
        given = dict(scope["headers"]).get(b"authorization", b"")
        if given and await run_in_threadpool(self._is_right, given):
            await self.app(scope, receive, send)
            return
        await _refusal(scope)(scope, receive, send)

    def _is_right(self, header: bytes) -> bool:
        token = hmac.digest(self._secret, header, "sha256")
        if token in self._known:
            return True
        password = _password(header)
        right = bool(password) and hmac.compare_digest(_digest(password, self._salt), self._wanted)
        if right and len(self._known) < _MOST_KNOWN:
            self._known.add(token)
        return right


def _password(header: bytes) -> str:
    """The password in an Authorization header; "" if it holds none."""
    kind, _, value = header.partition(b" ")
    try:
        if kind.lower() == b"basic":
            return base64.b64decode(value, validate=True).partition(b":")[2].decode()
        if kind.lower() == b"bearer":
            return value.strip().decode()
    except (binascii.Error, UnicodeDecodeError):
        pass
    return ""


def _refusal(scope: Scope) -> Response:
    """What a program understands, where programs ask; else a browser's own question."""
    headers = {"www-authenticate": 'Basic realm="qa_bot", charset="UTF-8"'}
    if scope.get("path", "").startswith(_FOR_PROGRAMS):
        from qa_bot.server.problems import problem

        said = problem(
            401,
            "password_required",
            "A password is required: send it by HTTP Basic, or as the api_key of a client.",
        )
        said.headers.update(headers)
        return said
    from starlette.responses import PlainTextResponse

    return PlainTextResponse("Password required. 需要密码。", 401, headers)
