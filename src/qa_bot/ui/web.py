"""The page as it travels: its language, its colours."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import gradio as gr
from gradio.themes import Base
from starlette.datastructures import Headers
from starlette.requests import cookie_parser

from qa_bot.ui import temporary
from qa_bot.ui.markup import fill
from qa_bot.ui.texts import LOCALES, language_of, locale
from qa_bot.ui.uploads import Uploads

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from qa_bot.settings import Settings

__all__ = ["LANGUAGE_COOKIE", "Page", "asset", "i18n", "language", "launch_options"]

LANGUAGE_COOKIE = "qa_bot_language"
_STYLES = ("page", "ask", "article", "library", "collection")


def asset(name: str) -> str:
    """The text of a file in `static/`."""
    return files("qa_bot.ui").joinpath("static", name).read_text(encoding="utf-8")


def language(request: gr.Request) -> str:
    """The interface language of whoever sent this request."""
    return _language(request.headers, request.query_params.get("lang"))


def _language(headers: Headers, named: str | None = None) -> str:
    """The one in the address, else the one chosen on the page, else the browser's."""
    cookies = cookie_parser(headers.get("cookie", ""))  # of which others may be odd
    chosen = cookies.get(LANGUAGE_COOKIE, "")
    tag = next((tag for tag in (named, chosen) if tag in LOCALES), None)
    return tag or language_of(headers.get("accept-language"))


def i18n() -> gr.I18n:
    return gr.I18n(**{name: locale(lang).labels for lang, name in LOCALES.items()})


def _theme() -> Base:
    """Fonts of the reader's own system, paper and ink, one accent."""
    sans = ["system-ui", "-apple-system", "Segoe UI", "sans-serif"]
    return Base(
        primary_hue=gr.themes.colors.red,
        neutral_hue=gr.themes.colors.stone,
        radius_size=gr.themes.sizes.radius_sm,
        font=sans,
        font_mono=["ui-monospace", "Consolas", "monospace"],
    ).set(
        body_background_fill="#fbfaf7",
        body_background_fill_dark="#171614",
        block_background_fill="transparent",
        block_background_fill_dark="transparent",
        block_border_width="0px",
        block_shadow="none",
        button_primary_background_fill="#8f1d1d",
        button_primary_background_fill_hover="#751515",
        button_primary_background_fill_dark="#a33030",
        button_primary_text_color="#ffffff",
    )


class Page:
    """ASGI middleware: tells the page its language before Gradio's scripts look for one.

    Gradio knows zh-CN and zh-TW only, and shows zh-HK, zh-Hant or plain zh in English.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/":
            await self.app(scope, receive, send)
            return
        named = parse_qs(scope["query_string"].decode("latin-1")).get("lang", [""])[0]
        lang = _language(Headers(scope=scope), named)
        await self.app(scope, receive, _Answer(send, lang).send)


class _Answer:
    """The page itself, held back until the language can be put into it."""

    def __init__(self, send: Send, lang: str) -> None:
        self._send, self._lang = send, lang
        self._start: Message = {}
        self._body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        if message["type"] == "http.response.body":
            self._body += message.get("body", b"")
            if message.get("more_body"):
                return
            message = self._finished()
            await self._send(self._start)
        await self._send(message)

    def _finished(self) -> Message:
        script = fill("page_language", locale=LOCALES[self._lang])
        body = self._body.replace(b'lang="en"', f'lang="{LOCALES[self._lang]}"'.encode(), 1)
        body = body.replace(b"<head>", b"<head>" + script.encode(), 1)
        kept = [pair for pair in self._start["headers"] if pair[0] != b"content-length"]
        self._start["headers"] = [
            *kept,
            (b"content-length", str(len(body)).encode()),
            (b"vary", b"Accept-Language, Cookie"),
            (b"cache-control", b"no-cache"),
        ]
        return {"type": "http.response.body", "body": body}


def launch_options(settings: Settings) -> dict[str, Any]:
    """What every launch of the page has in common.

    :raises SettingsError: if the password's hash is none.
    """
    from starlette.middleware import Middleware

    from qa_bot.server.password import Password, parsed

    wanted = settings.password_hash.get_secret_value()
    password = [Middleware(Password, *parsed(wanted))] if wanted else []
    files = Middleware(
        Uploads,
        folder=temporary.uploads(),
        exports=temporary.exports(),
        settings=settings,
        language=_language,
    )
    return {
        "app_kwargs": {"middleware": [*password, Middleware(Page), files]},
        "css": "".join(asset(f"{name}.css") for name in _STYLES),
        "theme": _theme(),
        "i18n": i18n(),
        "footer_links": [],
        "run_history": False,
        "ssr_mode": False,
        "share": False,
        "enable_monitoring": False,
        "quiet": True,
        # A file a little too large is refused by name; of a huge one not even the bytes come in.
        "max_file_size": int(settings.max_file_mb * 4_000_000),
    }
