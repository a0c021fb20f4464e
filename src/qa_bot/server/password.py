"""Who may use the page: whoever has the password, where one is set."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import logging
import secrets
from typing import TYPE_CHECKING

from anyio import CapacityLimiter, to_thread
from starlette.responses import PlainTextResponse

from qa_bot.errors import SettingsError
from qa_bot.server.limits import Limiter
from qa_bot.server.origin import visitor
from qa_bot.server.problems import problem

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["Password", "hashed", "parsed"]

log = logging.getLogger(__name__)

_N, _R, _P = 2**14, 8, 1  # scrypt (RFC 7914): 16 MB and some 50 ms a try
_FORM = "scrypt"
_STARTING = "/gradio_api/startup-events"  # Gradio asks itself for it; it tells nothing
_FOR_PROGRAMS = ("/api/", "/v1/", "/mcp")
_MOST_KNOWN = 10_000
_TRIES_PER_MINUTE = 10  # of one visitor who gives wrong ones
_AT_ONCE = 2  # tries that are worked out, for each takes a core and its memory
_MOST_WAITING = 100
_LOGGED_PER_MINUTE = 60


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

    HTTP Basic, where any user name will do, or, for OpenAI's clients, as a bearer token. Who gives
    wrong ones may try again some times a minute, which the log tells; who is known goes on.

    `salt` and `wanted` are what `parsed` gives.
    """

    def __init__(self, app: ASGIApp, salt: bytes, wanted: bytes) -> None:
        self.app = app
        self._salt, self._wanted = salt, wanted
        # so that only a visitor's first request costs the time that makes guessing slow
        self._secret = secrets.token_bytes(32)
        self._known: set[bytes] = set()
        self._tries = Limiter(_TRIES_PER_MINUTE)
        self._told = Limiter(_LOGGED_PER_MINUTE)
        self._at_once = CapacityLimiter(_AT_ONCE)
        self._pending = 0  # counted here: a task stands in the limiter's queue only some steps on

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on, as ASGI has it."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        if scope.get("path") == _STARTING:
            await self.app(scope, receive, send)
            return
        given = dict(scope["headers"]).get(b"authorization", b"")
        status = await self._status(given, visitor(scope))
        if status == 200:
            await self.app(scope, receive, send)
        else:
            await _refusal(status, scope)(scope, receive, send)

    async def _status(self, header: bytes, who: str) -> int:
        """200 if the password is right, 401 if not, 429 or 503 if it is not looked at."""
        token = hmac.digest(self._secret, header, "sha256")
        if token in self._known:
            return 200
        if not (password := _password(header)):
            return 401
        if self._pending >= _AT_ONCE + _MOST_WAITING:
            return 503
        if not self._tries.allows(who):
            return 429
        self._pending += 1
        try:
            digest = await to_thread.run_sync(_digest, password, self._salt, limiter=self._at_once)
        finally:
            self._pending -= 1
        if hmac.compare_digest(digest, self._wanted):
            self._tries.give_back(who)
            if len(self._known) < _MOST_KNOWN:
                self._known.add(token)
            return 200
        if self._told.allows(""):
            log.warning("A wrong password from %s.", who)
        return 401


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


_SAID = {
    401: (
        "password_required",
        "A password is required: send it by HTTP Basic, or as the api_key of a client.",
        "Password required. 需要密码。",
    ),
    429: (
        "too_many",
        "Too many wrong passwords: wait a minute.",
        "Too many wrong passwords: wait a minute. 密码错误次数过多，请稍等一分钟。",
    ),
    503: (
        "busy",
        "Many are giving a password at the moment: try again in a minute.",
        "Many are giving a password at the moment: try again in a minute. 请稍等一分钟再试。",
    ),
}


def _refusal(status: int, scope: Scope) -> Response:
    """What a program understands, where programs ask; else a browser's own question."""
    code, for_programs, for_people = _SAID[status]
    said: Response
    if scope.get("path", "").startswith(_FOR_PROGRAMS):
        said = problem(status, code, for_programs)
    else:
        said = PlainTextResponse(for_people, status)
    if status == 401:
        said.headers["www-authenticate"] = 'Basic realm="qa_bot", charset="UTF-8"'
    else:
        said.headers["retry-after"] = "60"
    return said
