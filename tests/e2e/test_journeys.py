"""What each tab is for, from end to end: in Chinese and English, on a desk and on a phone."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from qa_bot import Article, QABot
from qa_bot.ui.texts import say
from tests.e2e.browsing import Site, squeezed

pytestmark = pytest.mark.e2e

WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
SIZES: dict[str, dict[str, Any]] = {
    "desk": {"viewport": {"width": 1280, "height": 800}},
    "phone": {"viewport": {"width": 360, "height": 700}, "has_touch": True, "is_mobile": True},
}
LANGUAGES = {"zh-CN": "zh-Hans", "en-US": "en"}
QUESTION = "柳堤大桥为什么封闭检修？"
PAGE = """码头灯会开幕

本报讯 6月2日，码头灯会开幕。灯会设彩灯三百二十盏，免费开放。

社区食堂试营业

本报讯 6月3日，槐荫社区食堂试营业。食堂设座位八十个。
"""


@dataclass
class Reader:
    """Somebody at the page, in a language and at a size."""

    site: Site
    lang: str

    def says(self, key: str, **values: str | float) -> str:
        return say(self.lang, key, **values)

    def button(self, key: str, **values: str | float) -> Locator:
        return self.site.page.get_by_role("button", name=self.says(key, **values), exact=True)

    def fits(self) -> None:
        assert not self.site.page.evaluate(WIDE)


@pytest.fixture(params=itertools.product(LANGUAGES, SIZES), ids="-".join)
def reader(request: pytest.FixtureRequest, visit: Callable[..., Site]) -> Reader:
    locale, size = request.param
    return Reader(visit(locale, accept_downloads=True, **SIZES[size]), LANGUAGES[locale])


@pytest.fixture
def undated(bot: QABot) -> Iterator[Article]:
    """An article whose year nobody gave."""
    article = Article("灯塔修缮", "灯塔的修缮今天开始。", published="--06-30")
    bot.add(article)
    yield article
    bot.remove(article.id)


def test_asking(reader: Reader, bot: QABot, undated: Article, tmp_path: Path) -> None:
    site, page = reader.site, reader.site.page
    answer = site.ask(QUESTION)
    expect(answer.locator(".qa-sure, .qa-likely, .qa-unsure")).to_be_visible()
    expect(page.locator(".qa-found .qa-passage").first).to_be_visible()
    reader.fits()

    # to the quote, and back
    answer.locator("a.qa-cite").first.click()
    mark = site.article.locator("mark").first
    expect(mark).to_be_in_viewport()
    quote = answer.locator(".qa-citation .qa-quote").first.inner_text()
    assert squeezed(mark.inner_text()) in squeezed(quote)
    reader.fits()
    page.keyboard.press("Escape")
    expect(site.article).to_have_count(0)

    # this article alone
    answer.locator("a.qa-cite").first.click()
    site.article.get_by_role("link", name=reader.says("only_this")).click()
    expect(page.locator("#qa-only")).to_contain_text("柳堤大桥")
    refused = site.ask("How many people does the boat carry?")
    expect(refused.locator(".qa-badge")).to_have_text(reader.says("not_found"))
    expect(refused.locator(".qa-passage").first).to_be_visible()
    page.locator("#qa-only a").click()
    expect(page.locator("#qa-only")).not_to_contain_text("柳堤大桥")

    # within dates, which leave out what has no year
    page.get_by_role("button", name=reader.says("filters")).click()
    since = page.get_by_role("tabpanel").get_by_role("textbox", name=reader.says("since"))
    since.first.fill("2024-04")
    reader.button("retry").click()
    left_out = page.locator(".qa-side .qa-note", has_text=reader.says("undated_left_out", count=1))
    expect(left_out).to_be_visible()
    expect(page.locator(".qa-found")).not_to_contain_text(undated.title)
    expect(site.questions).to_have_count(2)
    since.first.fill("")
    reader.fits()

    # an opinion, the conversation as a file, and its end
    first = page.locator("#qa-chat .qa-answer").first
    first.get_by_role("link", name=reader.says("verdict_right"), exact=True).click()
    judged = reader.says("judged", verdict=reader.says("verdict_right"))
    expect(page.locator("#qa-judged")).to_contain_text(judged)
    assert list(bot.feedback.records())[-1]["question"] == QUESTION
    page.locator("#qa-exports summary").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Markdown", exact=True).click()
    download.value.save_as(tmp_path / "conversation.md")
    text = (tmp_path / "conversation.md").read_text("utf-8")
    assert QUESTION in text
    assert "[^" in text
    site.reload()
    expect(site.questions).to_have_count(2)
    reader.button("clear").click()
    expect(site.questions).to_have_count(0)
    reader.fits()


def test_the_library(reader: Reader, bot: QABot, tmp_path: Path) -> None:
    site, page = reader.site, reader.site.page
    path, broken = tmp_path / "码头日报.txt", tmp_path / "broken.pdf"
    path.write_text(PAGE, encoding="gb18030")
    broken.write_bytes(b"%PDF-1.4 not really")
    rows = page.locator("#qa-library tbody tr")
    drafts = page.locator("#qa-preview .qa-draft")
    site.tab(reader.says("tab_library"))
    expect(rows.first).to_be_visible()
    reader.fits()
    before = bot.count()
    try:
        # looked at before it is added: corrected, joined, split, one left out
        page.locator("#qa-check input").check()
        page.locator("#qa-upload input[type=file]").set_input_files([path, broken])
        expect(drafts).to_have_count(2)
        expect(page.locator("#qa-status .qa-refused")).to_contain_text("broken.pdf")
        reader.fits()
        page.locator("#qa-draft-0-byline").fill("陆鸣")
        drafts.nth(0).get_by_role("button", name=reader.says("merge")).click()
        expect(drafts).to_have_count(1)
        reader.button("undo_step").click()
        expect(drafts).to_have_count(2)
        page.locator("#qa-draft-0-date").fill("2024-06-02")
        page.locator("#qa-draft-0-source").fill("码头日报")
        drafts.nth(1).get_by_role("button", name=reader.says("leave_out")).click()
        expect(drafts).to_have_count(1)
        assert bot.count() == before
        reader.button("proof_add", count=1).click()
        status = page.locator("#qa-status")
        expect(status.locator(".qa-added")).to_contain_text(path.name)
        expect(status.locator(".qa-refused")).to_contain_text("broken.pdf")
        expect(status.locator(".qa-progress")).to_have_count(0)
        (new,) = bot.articles(contains="码头灯会")
        assert (new.byline, new.published, new.source) == ("陆鸣", "2024-06-02", "码头日报")

        # the whole page at once
        page.locator("#qa-check input").uncheck()
        again = path.rename(tmp_path / "码头晚报.txt")
        expect(site.upload(again).locator(".qa-added").first).to_contain_text(again.name)
        assert bot.count() == before + 3  # with its byline the first one is another article

        # looked through
        page.get_by_label(reader.says("order")).select_option("headline")
        expect(rows.first).to_contain_text(bot.articles(order="headline", limit=1)[0].title)
        page.locator("#qa-filter input, #qa-filter textarea").fill("社区食堂")
        expect(rows).to_have_count(1)
        rows.locator(".qa-head").click()
        expect(site.article).to_contain_text("座位八十个")
        page.locator(".qa-close:visible").click()
        reader.fits()

        # exported, removed, and put back
        with page.expect_download() as download:
            reader.button("export_articles").click()
        download.value.save_as(tmp_path / "articles.jsonl")
        assert "社区食堂" in (tmp_path / "articles.jsonl").read_text("utf-8")
        title = bot.articles(contains="社区食堂")[0].title
        reader.button("remove_article", title=title).click()
        expect(rows).to_have_count(0)
        assert bot.count() == before + 2
        reader.button("undo_remove", title=title).click()
        expect(rows).to_have_count(1)
        reader.fits()

        # and it answers
        site.tab(reader.says("tab_ask"))
        expect(site.ask("码头灯会设了多少盏彩灯？")).to_contain_text("三百二十盏")
    finally:
        for article in (*bot.articles(contains="码头灯会"), *bot.articles(contains="社区食堂")):
            bot.remove(article.id)
    assert bot.count() == before


def test_the_collection(reader: Reader) -> None:
    site, page = reader.site, reader.site.page
    site.tab(reader.says("tab_collection"))
    expect(page.locator("#qa-charts .qa-ranks").first).to_be_visible()
    expect(page.locator("#qa-counting")).to_be_hidden()
    reader.fits()
    two = reader.says("articles", count=2)
    page.get_by_role("link", name=f"临江日报: {two}", exact=True).click()
    chosen = page.locator("#qa-chosen .qa-passage")
    expect(chosen).to_have_count(2)
    page.locator(".qa-bars a").last.click()
    expect(page.locator("#qa-chosen h2")).to_be_focused()
    chosen.first.click()
    expect(site.article.locator("h2")).to_be_visible()
    reader.fits()
    page.keyboard.press("Escape")
    expect(site.article).to_have_count(0)
