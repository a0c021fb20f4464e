"""How an answer looks that is sure, one that is not, none, a list of articles, and a greeting."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, expect

from qa_bot import QABot
from qa_bot.ui import build_app
from qa_bot.ui.texts import say
from qa_bot.ui.web import launch_options
from tests.e2e.browsing import Site, squeezed

pytestmark = [pytest.mark.e2e, pytest.mark.parametrize("width", [1280, 360])]

Visit = Callable[..., Site]

OPENING = "临江图书馆新馆什么时候正式对外开放？"


@pytest.fixture(scope="module")
def unsure(bot: QABot) -> Iterator[str]:
    """The address of a server over the same articles, to which no answer is sure enough."""
    settings = bot.settings.model_copy(update={"answer_threshold": 1.0})
    with QABot.open(bot.path, settings=settings) as doubting:
        app = build_app(doubting)
        _, address, _ = app.launch(prevent_thread_lock=True, **launch_options(settings))
        yield address
        app.close()


def fits(site: Site) -> None:
    """Whether nothing stands out of the window at the side."""
    assert not site.page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )


def opens(site: Site, link: Locator, headline: str) -> None:
    link.click()
    expect(site.article.locator("h2")).to_have_text(headline)
    site.page.locator(".qa-close:visible").click()
    expect(site.article).to_have_count(0)


def test_a_sure_answer(visit: Visit, width: int) -> None:
    site = visit(viewport={"width": width, "height": 800})
    answer = site.ask(OPENING)
    expect(answer.locator(".qa-badge")).to_have_count(0)
    expect(answer.locator(".qa-sure, .qa-likely, .qa-unsure")).to_have_count(1)
    expect(answer.locator(".qa-listed")).to_have_count(0)
    fits(site)


def test_an_unsure_answer_quotes_what_may_be_one(visit: Visit, unsure: str, width: int) -> None:
    site = visit(at=unsure, viewport={"width": width, "height": 800})
    answer = site.ask(OPENING)
    expect(answer.locator(".qa-badge")).to_have_text("不确定")
    expect(answer.locator(".qa-text")).to_have_text("文章没有明确回答。可能相关的是：")
    expect(answer.locator(".qa-sure, .qa-likely, .qa-unsure")).to_have_count(0)
    citation = answer.locator(".qa-citation").first
    expect(citation).to_contain_text("3月5日")
    citation.click()
    expect(site.article.locator("mark").first).to_be_visible()
    marked = squeezed("".join(site.article.locator("mark").all_text_contents()))
    assert marked == squeezed(citation.locator(".qa-quote").inner_text())
    fits(site)


def test_no_answer_names_what_is_unknown_and_links_the_closest(visit: Visit, width: int) -> None:
    site = visit(locale="en-US", viewport={"width": width, "height": 800})
    answer = site.ask("Who won the chess world championship?")
    expect(answer.locator(".qa-badge")).to_have_text("Not in the articles")
    expect(answer.locator(".qa-label")).to_have_text("Closest articles")
    closest = answer.locator(".qa-passage").first
    expect(answer).not_to_contain_text("do not answer")  # the badge has said so
    opens(site, closest, closest.locator(".qa-head").inner_text())
    fits(site)


def test_a_count_opens_its_articles(visit: Visit, width: int) -> None:
    site = visit(viewport={"width": width, "height": 800})
    answer = site.ask("有几篇文章提到“柳堤”？")
    expect(answer.locator(".qa-short")).to_have_text("2篇文章提到“柳堤”，共3次。")
    expect(answer.locator(".qa-cite")).to_have_count(2)
    expect(answer.locator(".qa-citation")).to_have_count(0)  # the text says it all
    expect(answer.locator(".qa-sure, .qa-likely, .qa-unsure")).to_have_count(0)
    listed = answer.locator(".qa-listed .qa-passage")
    expect(listed.first).to_be_hidden()
    answer.get_by_text("2 篇文章：全部列出").click()
    expect(listed).to_have_count(2)
    expect(listed.nth(1)).to_contain_text("临江日报 · 2024-04-08 · 提到 2 次")
    opens(site, listed.nth(1), "柳堤大桥因检修封闭")
    listed.first.focus()
    site.page.keyboard.press("ArrowDown")
    expect(listed.nth(1)).to_be_focused()
    fits(site)


def test_a_greeting_gives_questions_to_click(visit: Visit, width: int) -> None:
    site = visit(viewport={"width": width, "height": 800})
    answer = site.ask("你好")
    expect(answer.locator(".qa-feedback, .qa-citation, .qa-sure")).to_have_count(0)
    expect(site.page.locator(".qa-found")).to_have_count(0)
    example = answer.locator(".qa-examples a").first
    question = example.inner_text()
    fits(site)
    example.click()
    asked = site.answered(1)
    expect(site.questions.nth(1)).to_have_text(question)
    expect(asked.locator(".qa-cite").first).to_be_visible()


def test_a_filter_in_force_is_seen_and_lifted(visit: Visit, width: int) -> None:
    site = visit(viewport={"width": width, "height": 800})
    page, chips = site.page, site.page.locator("#qa-narrowing .qa-chip")
    expect(chips).to_have_count(0)
    page.get_by_role("button", name=say("zh-Hans", "filters")).click()
    since = page.get_by_role("tabpanel").get_by_role("textbox", name=say("zh-Hans", "since")).first
    since.fill("2031")
    expect(chips).to_have_text(["自 2031 起 ×"])
    refused = site.ask(OPENING)
    again = refused.get_by_role("link", name=say("zh-Hans", "ask_unfiltered"))
    expect(again).to_be_visible()
    fits(site)
    # once without it, which leaves it in force
    again.click()
    expect(site.questions).to_have_count(2)
    answer = page.locator("#qa-chat .qa-answer").last
    expect(answer).to_contain_text("3月5日")
    expect(chips).to_have_count(1)
    chips.get_by_role("link").click()
    expect(chips).to_have_count(0)
    expect(since).to_have_value("")
    fits(site)


@pytest.mark.parametrize("lang", ["zh-CN", "en-US"])
def test_a_question_over_the_limit_is_said_to_be_and_kept(
    visit: Visit, width: int, lang: str
) -> None:
    site = visit(lang, viewport={"width": width, "height": 800})
    question = "大桥封闭" * 500 + "吗？"
    site.send(question)
    expect(site.page.locator("#qa-judged .qa-problem")).to_contain_text("2,002")
    expect(site.page.locator("#qa-question textarea")).to_have_value(question)
    expect(site.questions).to_have_count(0)
    fits(site)
    expect(site.ask(OPENING)).to_contain_text("3月5日")
    expect(site.page.locator("#qa-judged .qa-problem")).to_have_count(0)
