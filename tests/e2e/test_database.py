"""The page over a database: it says that the database is away, and works again when it is back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

import seekdb
from qa_bot import QABot
from qa_bot.ui import build_app
from qa_bot.ui.texts import say
from qa_bot.ui.web import launch_options
from tests.conftest import ARTICLES
from tests.e2e.browsing import Site

AWAY = say("zh-Hans", "index_away")
QUESTION = "新馆总投资是多少钱？"


def test_it_says_so_and_comes_back_by_itself(
    visit: Callable[..., Site],
    own: seekdb.Seekdb,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with QABot.open(own.address("page_e2e")) as bot:
        bot.add(ARTICLES)
        app = build_app(bot)
        _, address, _ = app.launch(prevent_thread_lock=True, **launch_options(bot.settings))
        try:
            site = visit(at=address)
            own.kill()
            site.page.get_by_label("问题").fill(QUESTION)
            site.page.get_by_role("button", name="提问").click()
            expect(site.page.locator("#qa-chat .qa-problem")).to_have_text(AWAY)
            site.page.get_by_role("tab", name="文章库").click()
            expect(site.page.locator("#qa-library")).to_have_text(AWAY)
            site.page.get_by_role("tab", name="馆藏概览").click()
            expect(site.page.locator("#qa-counting")).to_contain_text(AWAY)
            own.start()
            site.page.get_by_role("tab", name="文章库").click()
            expect(site.page.locator("#qa-library")).to_contain_text(ARTICLES[0].title)
            site.page.get_by_role("tab", name="提问").click()
            answer = site.ask(QUESTION)
            expect(answer).to_contain_text("3.2亿元")
        finally:
            app.close()
