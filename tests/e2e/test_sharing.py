"""A page that is shared: a password before it, opinions on its answers, many who ask at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from qa_bot import QABot, load_settings
from qa_bot.server.password import hashed
from qa_bot.ui import build_app
from qa_bot.ui.web import launch_options
from tests.e2e.browsing import Site

pytestmark = pytest.mark.e2e

BRIDGE = "柳堤大桥为什么封闭检修？"


def test_an_opinion_is_kept(visit: Callable[..., Site], bot: QABot) -> None:
    site = visit()
    before = len(list(bot.feedback.records()))
    answer = site.ask(BRIDGE)
    answer.get_by_role("link", name="出处有误").click()
    expect(site.page.locator("#qa-judged")).to_contain_text("已记下：出处有误")
    site.reload()  # the conversation is the browser's, and can be judged later too
    site.page.locator("#qa-chat").get_by_role("link", name="回答正确").click()
    expect(site.page.locator("#qa-judged")).to_contain_text("已记下：回答正确")
    wrong, right = list(bot.feedback.records())[before:]
    assert (wrong["verdict"], right["verdict"]) == ("wrong_source", "right")
    assert right["question"] == BRIDGE
    assert "伸缩缝老化" in right["citations"][0]["quote"]


def test_a_password_and_a_rate(browser: Browser, bot: QABot) -> None:
    settings = load_settings(password_hash=hashed("sesame"), questions_per_minute=1, read_only=True)
    with QABot.open(bot.path, settings=settings) as shared:
        app = build_app(shared, shared=True)
        _, address, _ = app.launch(prevent_thread_lock=True, **launch_options(settings))
        try:
            stranger = browser.new_context()
            assert stranger.request.get(address).status == 401
            assert stranger.request.get(f"{address}gradio_api/info").status == 401
            stranger.close()
            context = browser.new_context(
                locale="en-US", http_credentials={"username": "", "password": "sesame"}
            )
            site = Site(context.new_page(), address).open()
            expect(site.ask("How many people does the boat carry?")).to_contain_text("120")
            expect(site.ask("What does a single ticket cost?")).to_contain_text("wait a minute")
            site.tab("Language model")
            expect(site.page.get_by_role("button", name="Use this model")).to_have_count(0)
            site.tab("Library")
            expect(site.page.locator("#qa-library .qa-table")).to_be_visible()
            expect(site.page.locator("#qa-upload, #qa-paste, [data-remove]")).to_have_count(0)
            site.check()
            context.close()
        finally:
            app.close()
