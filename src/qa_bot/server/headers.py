"""What every answer of the server tells browsers, refusals included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["HEADERS", "SecurityHeaders"]

# The browser itself refuses whatever is not of this server. Gradio needs inline and built scripts.
HEADERS = {
    "content-security-policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        "connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; "
        "form-action 'self'; frame-src 'none'; frame-ancestors 'none'"
    ),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",  # for browsers that do not know frame-ancestors
    "permissions-policy": (
        "camera=(), microphone=(), geolocation=(), display-capture=(), payment=(), usb=()"
    ),
}


class SecurityHeaders:
    """ASGI middleware before all others, so that whatever they answer has the headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, as ASGI has it; where that fails before a word is said, with 500."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def headed(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        try:
            await self._app(scope, receive, headed)
        except Exception:
            if not begun:  # else Starlette would answer, without them
                await PlainTextResponse("Internal Server Error", 500)(scope, receive, headed)
            raise
