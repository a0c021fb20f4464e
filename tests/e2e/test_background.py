"""The page while articles cannot be embedded: it says why, and no longer when they can."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from qa_bot import Article, QABot
from qa_bot.index import indexer
from qa_bot.ui import build_app
from qa_bot.ui.texts import say
from qa_bot.ui.web import launch_options
from tests.e2e.browsing import Site


@pytest.mark.parametrize("width", [360])
def test_it_says_what_is_wrong_until_it_works_again(
    visit: Callable[..., Site], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setattr(indexer, "_LONGEST_DELAY", 2.0)
    path = tmp_path / "index"
    with QABot.open(path) as bot:
        app = build_app(bot)
        _, address, _ = app.launch(prevent_thread_lock=True, **launch_options(bot.settings))
        try:
            site = visit(at=address, viewport={"width": width, "height": 800})
            remark = site.page.locator("#qa-background")
            expect(remark).to_be_empty()
            in_the_way = path / "vectors.faiss"
            in_the_way.mkdir()
            site.page.get_by_role("tab", name="文章库").click()
            site.page.locator("#qa-upload input[type=file]").set_input_files(
                {
                    "name": "桥.txt",
                    "mimeType": "text/plain",
                    "buffer": "望江桥通车\n\n本报讯 望江桥昨天通车，全长1.2公里。".encode(),
                }
            )
            begins = say("zh-Hans", "embedding_waits", reason="The vector index cannot be saved")
            expect(remark.locator(".qa-problem")).to_contain_text(begins)
            site.page.get_by_role("tab", name="提问").click()
            expect(site.ask("望江桥有多长？")).to_contain_text("1.2公里")
            expect(remark.locator(".qa-problem")).to_be_visible()
            again = visit(at=address, viewport={"width": width, "height": 800})
            expect(again.page.locator("#qa-background")).to_contain_text(begins)
            in_the_way.rmdir()
            for shown in (site, again):
                expect(shown.page.locator("#qa-background .qa-problem")).to_have_count(0)
            bot.add(Article("渡轮", "渡轮复航了。"))
            assert bot.embedding_fault() is None
        finally:
            app.close()
