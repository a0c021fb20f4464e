"""The real server over an index, without its networks loaded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from qa_bot import QABot, load_settings
from qa_bot.api import with_api
from qa_bot.server.heads import bounded_heads
from qa_bot.ui import build_app
from qa_bot.ui.web import launch_options


@contextmanager
def serving(path: Path, **settings: Any) -> Iterator[httpx.Client]:
    """A client of the server over the index at `path`."""
    with (
        QABot.open(path, settings=load_settings(**settings)) as bot,
        serving_bot(bot) as http,
    ):
        yield http


@contextmanager
def serving_bot(bot: QABot) -> Iterator[httpx.Client]:
    """A client of the server of `bot`."""
    app = build_app(bot)
    options = with_api(launch_options(bot.settings), bot, host="127.0.0.1")
    with bounded_heads():
        _, address, _ = app.launch(prevent_thread_lock=True, **options)
    try:
        with httpx.Client(base_url=address, timeout=120) as http:
            yield http
    finally:
        app.close()
