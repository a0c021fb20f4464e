"""One real server with the real model for all of these tests, and a real Chromium.

`QA_BOT_CHROMIUM` names the browser (default: /usr/bin/chromium).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from qa_bot import QABot
from qa_bot.api import with_api
from qa_bot.ui import build_app
from qa_bot.ui.web import launch_options
from tests.e2e.browsing import EVIL, Site

CHROMIUM = os.environ.get("QA_BOT_CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def bot(tmp_path_factory: pytest.TempPathFactory, library: QABot) -> Iterator[QABot]:
    with QABot.open(tmp_path_factory.mktemp("e2e") / "index") as bot:
        bot.add([*library.articles(), EVIL])
        yield bot


@pytest.fixture(scope="session")
def address(bot: QABot) -> Iterator[str]:
    app = build_app(bot)
    options = with_api(launch_options(bot.settings), bot, host="127.0.0.1")
    _, address, _ = app.launch(prevent_thread_lock=True, **options)
    yield address
    app.close()


# Not for the session: while it is open, no other test can run an event loop.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).is_file():
        pytest.fail(
            f"No browser at {CHROMIUM}. Install chromium, or name one with QA_BOT_CHROMIUM.",
            pytrace=False,
        )
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Site]]:
    """Opens the page as a new user; at the end of the test every user's page is checked."""
    sites: list[Site] = []

    def open_it(locale: str = "zh-CN", fragment: str = "", at: str = "", **options: Any) -> Site:
        context = browser.new_context(locale=locale, **options)
        site = Site(context.new_page(), at or address)
        sites.append(site)
        return site.open(fragment)

    yield open_it
    for site in sites:
        site.check()
        site.page.context.close()
