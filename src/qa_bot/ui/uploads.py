"""What visitors upload: bounded in number, rate and size, and of use to their visitor alone.

A file can only be named by where it lies here: nothing is fetched from an address for a visitor.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse

from qa_bot.server.bodies import PATIENCE, BadBody, Body
from qa_bot.server.limits import Limiter
from qa_bot.server.origin import visitor
from qa_bot.ui.texts import say

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from qa_bot.settings import Settings

__all__ = ["Uploads"]

_GRADIO = "/gradio_api/"
# What Gradio serves besides and the page has no use for: figures of its use, answers fetched from
# elsewhere, files written past the limits of uploads, code and settings of the page.
_CLOSED = re.compile(
    r"/monitoring(/|$)|/gradio_api/(proxy=|process_recording|stream/|deep_link|run-history|runs"
    r"|dev/|profiling/|(undo-)?vibe-)"
)
_MOST_FILES = 5_000  # that lie there at once
_AT_ONCE = 16  # uploads that come in
_MOST_BYTES = 16_000_000  # of what the page sends besides: a pasted text of a million characters


class Uploads:
    """ASGI middleware before Gradio, that lets files in and out.

    An upload needs room: `uploads_mb` of files may lie in `folder` at once, until they are read. A
    file can be named by the visitor alone who uploaded it, and nobody gets one back; what is in
    `exports`, a folder in it, may be fetched. `language` tells the page's language from headers.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        folder: Path,
        exports: Path,
        settings: Settings,
        language: Callable[[Headers], str],
        patience: float = PATIENCE,
    ) -> None:
        self._app, self._folder, self._exports = app, folder, exports
        self._room = int(settings.uploads_mb * 1_000_000)
        self._read_only = settings.read_only
        self._limiter = Limiter(settings.uploads_per_minute)
        self._language = language
        self._patience = patience
        self._owners: dict[str, set[str]] = {}  # visitors by the file that they uploaded
        self._coming: list[_Coming] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on, as ASGI has it."""
        if scope["type"] == "http" and _CLOSED.match(scope["path"]):
            await PlainTextResponse("Not Found", 404)(scope, receive, send)
            return
        if scope["type"] != "http" or not scope["path"].startswith(_GRADIO):
            await self._app(scope, receive, send)
            return
        name = scope["path"].removeprefix(_GRADIO).rstrip("/")
        lang = self._language(Headers(scope=scope))
        try:
            if name == "upload" and scope["method"] == "POST":
                await self._take_in(scope, receive, send, lang)
            elif name.startswith(("file=", "file/")):
                self._check_fetched(name[len("file=") :])
                await self._app(scope, receive, send)
            elif scope["method"] == "POST":
                body = await Body.taken_in(receive, _MOST_BYTES, self._patience)
                self._check_named(body.content, visitor(scope), lang)
                await self._app(scope, body.receive, send)
            else:
                await self._app(scope, receive, send)
        except BadBody as bad:
            await PlainTextResponse(bad.message, bad.status)(scope, receive, send)

    # -- in --------------------------------------------------------------------------------------

    async def _take_in(self, scope: Scope, receive: Receive, send: Send, lang: str) -> None:
        length = Headers(scope=scope).get("content-length", "")
        if self._read_only:
            raise BadBody(403, "read_only", say(lang, "upload_read_only"))
        if not length.isdecimal():
            raise BadBody(411, "no_length", "Uploads need the header content-length.")
        if len(self._coming) >= _AT_ONCE or not self._limiter.allows(visitor(scope)):
            raise BadBody(429, "too_many", say(lang, "upload_too_many"))
        coming = _Coming(int(length), receive, self._patience)
        self._coming.append(coming)
        try:
            held = await run_in_threadpool(self._held)
            held += sum(upload.left for upload in self._coming)
            if held > self._room:
                raise BadBody(413, "no_room", say(lang, "upload_no_room", mb=self._room / 1e6))
            await self._app(scope, coming.receive, self._owned(send, visitor(scope)))
        finally:
            self._coming.remove(coming)
            if not self._coming:
                await run_in_threadpool(self._clear_remains)

    def _held(self) -> int:
        """Bytes that lie there; more than any room where there are too many files."""
        sizes = {}
        for path in _files(self._folder):
            if self._exports not in path.parents:
                with contextlib.suppress(OSError):  # removed meanwhile
                    sizes[str(path)] = path.stat().st_size
        self._owners = {path: owners for path, owners in self._owners.items() if path in sizes}
        return sum(sizes.values()) if len(sizes) <= _MOST_FILES else self._room + 1

    def _clear_remains(self) -> None:
        """Remove what uploads left that broke off, and Gradio: files in no folder of their own."""
        for path in self._folder.iterdir():
            if path.is_file():
                path.unlink(missing_ok=True)

    def _owned(self, send: Send, who: str) -> Send:
        """`send`, that notes whose the files are which the answer names."""
        pieces: list[bytes] = []

        async def noting(message: Message) -> None:
            pieces.append(message.get("body", b""))
            if message["type"] == "http.response.body" and not message.get("more_body"):
                for path in _json(b"".join(pieces)) or []:
                    self._owners.setdefault(str(path), set()).add(who)
            await send(message)

        return noting

    # -- out and back ----------------------------------------------------------------------------

    def _check_fetched(self, path: str) -> None:
        if self._exports not in Path(os.path.abspath(path)).parents:
            raise BadBody(403, "not_served", "This file is not served.")

    def _check_named(self, content: bytes, who: str, lang: str) -> None:
        """:raises BadBody: if the page names a file that is not this visitor's."""
        for path in _paths(_json(content)):
            if who not in self._owners.get(path, ()):
                raise BadBody(403, "not_yours", say(lang, "upload_gone"))


class _Coming:
    """An upload on its way, piece by piece."""

    def __init__(self, length: int, receive: Receive, patience: float) -> None:
        self.left = length
        self._receive, self._patience = receive, patience

    async def receive(self) -> Message:
        """The next piece.

        :raises BadBody: if it does not come in time.
        """
        with anyio.move_on_after(self._patience):
            message = await self._receive()
            self.left = max(0, self.left - len(message.get("body", b"")))
            return message
        raise BadBody(408, "too_slow", "The upload stopped coming: send it again.")


def _files(folder: Path) -> Iterator[Path]:
    return (Path(at, name) for at, _, names in os.walk(folder) for name in names)


def _json(content: bytes) -> Any:
    """:raises BadBody: if it is nested deeper than anything the page sends."""
    try:
        return json.loads(content)
    except RecursionError:
        raise BadBody(400, "too_deep", "The body is nested too deeply.") from None
    except ValueError:  # Gradio says so itself
        return None


def _paths(document: Any) -> Iterator[str]:
    """The files that a document names, in the form in which Gradio does."""
    waiting = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if isinstance(path := value.get("path"), str):
                yield path
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
