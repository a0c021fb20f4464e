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
    from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["Password", "hashed", "parsed"]

_N, _R, _P = 2**14, 8, 1  # scrypt (RFC 7914): 16 MB and some 50 ms a try
_FORM = "scrypt"
_STARTING = "/gradio_api/startup-events"  # Gradio asks itself for it; it tells nothing
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
    """ASGI middleware: asks every visitor for the password (HTTP Basic; any user name will do).

    `salt` and `wanted` are what `parsed` gives.
    """

    def __init__(self, app: ASGIApp, salt: bytes, wanted: bytes) -> None:
        self.app = app
        self._salt, self._wanted = salt, wanted
        # so that only a visitor's first request costs the time that makes guessing slow
        self._secret = secrets.token_bytes(32)
        self._known: set[bytes] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
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
        headers = [(b"www-authenticate", b'Basic realm="qa_bot", charset="UTF-8"')]
        headers.append((b"content-type", b"text/plain; charset=utf-8"))
        await send({"type": "http.response.start", "status": 401, "headers": headers})
        await send({"type": "http.response.body", "body": "Password required. 需要密码。".encode()})

    def _is_right(self, header: bytes) -> bool:
        token = hmac.digest(self._secret, header, "sha256")
        if token in self._known:
            return True
        kind, _, value = header.partition(b" ")
        try:
            password = base64.b64decode(value, validate=True).partition(b":")[2].decode()
        except (binascii.Error, UnicodeDecodeError):
            return False
        right = kind.lower() == b"basic" and hmac.compare_digest(
            _digest(password, self._salt), self._wanted
        )
        if right and len(self._known) < _MOST_KNOWN:
            self._known.add(token)
        return right
