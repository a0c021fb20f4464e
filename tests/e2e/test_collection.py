"""The Collection tab in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from qa_bot import Article, QABot
from tests.e2e.browsing import EVIL, Site

pytestmark = pytest.mark.e2e

Visit = Callable[..., Site]


def opened(visit: Visit) -> Site:
    site = visit()
    site.tab("馆藏概览")
    expect(site.page.locator("#qa-charts .qa-ranks").first).to_be_visible()
    expect(site.page.locator("#qa-counting")).to_be_hidden()
    return site


def test_a_bar_leads_to_its_articles_and_into_one(visit: Visit) -> None:
    site = opened(visit)
    site.page.get_by_role("link", name="2024年4月: 1 篇文章").click()
    expect(site.page.locator("#qa-chosen h2")).to_have_text("2024年4月: 1 篇文章")
    expect(site.page.locator("#qa-chosen h2")).to_be_focused()
    listed = site.page.locator("#qa-chosen .qa-passage")
    expect(listed).to_have_count(1)
    listed.click()
    expect(site.article.locator("h2")).to_have_text("柳堤大桥因检修封闭")
    expect(site.page.locator("#qa-chosen h2")).to_be_hidden()
    site.page.keyboard.press("Escape")
    expect(site.article).to_have_count(0)
    expect(listed).to_be_focused()


def test_sources_and_names_lead_to_their_articles(visit: Visit) -> None:
    site = opened(visit)
    site.page.get_by_role("link", name="临江日报: 2 篇文章", exact=True).click()
    expect(site.page.locator("#qa-chosen .qa-passage")).to_have_count(2)
    site.page.get_by_role("link", name="沈若溪: 1 篇文章").click()
    expect(site.page.locator("#qa-chosen .qa-passage")).to_have_text(
        ["临江图书馆新馆开放 临江日报 · 2024-03-05"]
    )
    # a source that would be HTML is words
    site.page.get_by_role("link", name=EVIL.source).click()
    expect(site.page.locator("#qa-chosen h2")).to_contain_text(EVIL.source)
    expect(site.page.locator("#qa-chosen .qa-head")).to_have_text(EVIL.title)


def test_arrow_keys_move_along_the_bars(visit: Visit) -> None:
    site = opened(visit)
    bars = site.page.locator(".qa-bars a")
    bars.first.focus()
    site.page.keyboard.press("ArrowRight")
    expect(bars.nth(1)).to_be_focused()
    site.page.keyboard.press("End")
    expect(bars.last).to_be_focused()
    site.page.keyboard.press("Enter")
    expect(site.page.locator("#qa-chosen h2")).to_be_focused()
    expect(bars.last).to_have_attribute("aria-current", "true")


def test_the_figures_follow_the_library(visit: Visit, bot: QABot) -> None:
    site = opened(visit)
    new = Article(
        "灯塔重修", "望潮灯塔的重修在六月开始。", published="2024-06-30", source="望潮周报"
    )
    try:
        bot.add([new])
        site.tab("文章库")
        site.tab("馆藏概览")
        expect(site.page.get_by_role("link", name="望潮周报: 1 篇文章")).to_be_visible()
    finally:
        bot.remove(new.id)


def test_the_sources_of_an_answer_stand_in_time(visit: Visit) -> None:
    site = visit()
    answer = site.ask("临江图书馆新馆什么时候正式对外开放？")
    dots = site.page.locator(".qa-timeline a")
    expect(dots.nth(1)).to_be_visible()
    cited = site.page.locator(".qa-timeline .qa-cited").first
    number = answer.locator(".qa-cite").first.inner_text()
    expect(cited).to_have_text(number)
    cited.click()
    expect(site.article.locator("mark").first).to_be_in_viewport()
    expect(site.page.locator(".qa-timeline")).to_be_hidden()
