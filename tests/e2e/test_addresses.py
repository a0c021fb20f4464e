"""Every state has an address: Back and Forward lead there, and a link to it can be shared."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Locator, expect

from qa_bot import QABot
from qa_bot.ui.texts import say
from tests.e2e.browsing import Site, squeezed

pytestmark = pytest.mark.e2e

Visit = Callable[..., Site]

OPENING = "临江图书馆新馆什么时候正式对外开放？"
BRIDGE = "柳堤大桥为什么封闭检修？"
SIZES: dict[int, dict[str, Any]] = {
    1280: {"viewport": {"width": 1280, "height": 800}},
    360: {"viewport": {"width": 360, "height": 700}, "has_touch": True, "is_mobile": True},
}
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
LANGUAGES = {"zh-CN": "zh-Hans", "en-US": "en"}


@pytest.fixture(params=itertools.product(SIZES, LANGUAGES), ids=lambda p: f"{p[0]}-{p[1]}")
def opened(request: pytest.FixtureRequest, visit: Visit) -> tuple[Site, str]:
    """The page at a size and in a language, and that language."""
    width, locale = request.param
    return visit(locale, **SIZES[width]), LANGUAGES[locale]


def fragment(site: Site) -> str:
    return unquote(urlsplit(site.page.url).fragment)


def has_address(site: Site, *parts: str) -> None:
    site.page.wait_for_function(
        "parts => parts.every((part) => decodeURIComponent(location.hash).includes(part))",
        arg=list(parts),
    )


def tab(site: Site, lang: str, name: str) -> Locator:
    return site.page.get_by_role("tab", name=say(lang, f"tab_{name}"))


def test_back_and_forward_lead_through_all_that_was_done(opened: tuple[Site, str]) -> None:
    site, lang = opened
    page = site.page
    assert fragment(site) == ""
    first = site.ask(OPENING)
    has_address(site, f"question={OPENING}")
    site.ask(BRIDGE)
    has_address(site, f"question={BRIDGE}")
    first.locator("a.qa-cite").first.click()
    expect(site.article.locator("mark").first).to_be_in_viewport()
    has_address(site, "article=", f"question={BRIDGE}")
    page.go_back()
    expect(site.article).to_have_count(0)
    page.go_forward()
    expect(site.article.locator("mark").first).to_be_in_viewport()
    site.article.locator(".qa-close").click()
    expect(site.article).to_have_count(0)
    has_address(site, f"question={BRIDGE}")
    assert "article" not in fragment(site)

    tab(site, lang, "library").click()
    expect(page.locator("#qa-library tbody tr").first).to_be_visible()
    assert fragment(site) == "library"
    page.locator("#qa-library .qa-head").first.click()
    expect(site.article).to_be_visible()
    page.go_back()
    expect(site.article).to_have_count(0)
    page.go_back()
    expect(page.locator("#qa-chat")).to_be_visible()
    expect(tab(site, lang, "ask")).to_have_attribute("aria-selected", "true")
    page.go_back()  # the first question, which comes to the top
    has_address(site, f"question={OPENING}")
    expect(site.questions.first).to_be_in_viewport()
    expect(site.questions).to_have_count(2)
    page.go_back()
    site.page.wait_for_function("location.hash === ''")


def test_a_shared_answer_is_asked_again_with_its_filter(visit: Visit, opened: Any) -> None:
    site, lang = opened
    page = site.page
    page.get_by_role("button", name=say(lang, "filters")).click()
    since = page.get_by_role("tabpanel").get_by_role("textbox", name=say(lang, "since")).first
    since.fill("2024-04")
    expect(page.locator("#qa-narrowing .qa-chip")).to_have_count(1)
    site.ask(BRIDGE)
    has_address(site, "since=2024-04", f"question={BRIDGE}")
    page.go_back()
    has_address(site, "since=2024-04")
    page.go_back()
    expect(page.locator("#qa-narrowing .qa-chip")).to_have_count(0)
    expect(since).to_have_value("")
    page.go_forward()
    expect(page.locator("#qa-narrowing .qa-chip")).to_have_count(1)
    page.go_forward()
    has_address(site, "since=2024-04", f"question={BRIDGE}")

    # a reload asks nothing again
    site.reload()
    expect(site.questions).to_have_count(1)
    expect(page.locator("#qa-narrowing .qa-chip")).to_have_count(1)
    page.wait_for_timeout(500)
    expect(site.questions).to_have_count(1)

    other = visit("zh-CN", fragment=f"#{urlsplit(page.url).fragment}")
    expect(other.answered(0)).to_contain_text("伸缩缝")
    expect(other.questions).to_have_text([BRIDGE])
    expect(other.page.locator("#qa-narrowing .qa-chip")).to_have_count(1)
    expect(other.page.locator(".qa-found")).not_to_contain_text("临江图书馆新馆开放")


def test_a_follow_up_is_shared_as_it_was_understood(visit: Visit) -> None:
    site = visit("en-US")
    site.ask(OPENING)
    answer = site.ask("那它的面积呢？")
    expect(answer.locator(".qa-asked")).to_contain_text("临江图书馆新馆")
    understood = answer.locator(".qa-asked").get_attribute("title")
    has_address(site, f"question={understood}")
    other = visit("en-US", fragment=f"#{urlsplit(site.page.url).fragment}")
    expect(other.answered(0)).to_contain_text("2.6万平方米")


def test_a_link_to_a_quote_opens_at_the_quote(visit: Visit, opened: tuple[Site, str]) -> None:
    site, lang = opened
    site.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    answer = site.ask(BRIDGE)
    answer.locator("a.qa-cite").first.click()
    quote = squeezed(site.article.locator("mark").first.inner_text())
    site.article.get_by_role("button", name=say(lang, "copy_link")).click()
    expect(site.article.get_by_role("button", name=say(lang, "copied"))).to_be_visible()
    link = site.page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(f"{site.address}#article/")
    other = visit(fragment=link.removeprefix(site.address))
    expect(other.article.locator("mark").first).to_be_in_viewport()
    assert squeezed(other.article.locator("mark").first.inner_text()) == quote
    expect(other.questions).to_have_count(0)
    other.page.keyboard.press("Escape")
    expect(other.article).to_have_count(0)
    assert fragment(other) == ""
    other.page.go_back()
    expect(other.article.locator("mark").first).to_be_in_viewport()


@pytest.mark.parametrize("way", ["back", "escape", "cross"])
def test_on_a_phone_an_article_is_a_sheet(visit: Visit, way: str) -> None:
    site = visit("en-US", **SIZES[360])
    answer = site.ask(BRIDGE)
    mark = answer.locator("a.qa-cite").first
    mark.tap()
    sheet = site.page.locator("dialog:modal")
    expect(sheet.locator("mark").first).to_be_in_viewport()
    box = sheet.bounding_box()
    assert box
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 360, 700)
    cross = sheet.locator(".qa-close")
    sheet.evaluate("node => node.scrollTo(0, node.scrollHeight)")
    expect(cross).to_be_in_viewport(ratio=1)
    target = cross.bounding_box()
    assert target
    assert min(target["width"], target["height"]) >= 44
    if way == "back":
        site.page.go_back()
    elif way == "escape":
        site.page.keyboard.press("Escape")
    else:
        cross.tap()
    expect(site.article).to_have_count(0)
    expect(mark).to_be_focused()
    expect(answer).to_be_visible()
    has_address(site, f"question={BRIDGE}")
    assert "article" not in fragment(site)
    site.page.go_forward()
    expect(sheet.locator("mark").first).to_be_in_viewport()


def test_several_articles_are_closed_at_once(visit: Visit) -> None:
    site = visit("en-US")
    answer = site.ask(OPENING)
    answer.locator("a.qa-cite").first.click()
    expect(site.article).to_contain_text("临江图书馆新馆开放")
    site.ask(BRIDGE)
    expect(site.article).to_have_count(0)
    site.page.locator("#qa-chat a.qa-cite").last.click()
    expect(site.article).to_contain_text("伸缩缝")
    site.page.locator("#qa-chat a.qa-cite").first.click()
    expect(site.article).to_contain_text("临江图书馆新馆开放")
    site.page.go_back()
    expect(site.article).to_contain_text("伸缩缝")
    site.page.go_forward()
    expect(site.article).to_contain_text("临江图书馆新馆开放")
    site.article.locator(".qa-close").click()
    expect(site.article).to_have_count(0)
    has_address(site, f"question={BRIDGE}")
    site.page.go_back()
    has_address(site, "article=", f"question={OPENING}")
    expect(site.article).to_contain_text("临江图书馆新馆开放")


def test_the_library_s_place_has_an_address(visit: Visit, bot: QABot, opened: Any) -> None:
    site, lang = opened
    page = site.page
    rows = page.locator("#qa-library tbody tr")
    box = page.locator("#qa-filter input, #qa-filter textarea")
    tab(site, lang, "library").click()
    expect(rows).to_have_count(bot.count())
    page.get_by_label(say(lang, "order")).select_option("headline")
    has_address(site, "library?", "order=headline")
    box.press_sequentially("柳堤大桥")
    has_address(site, "library?", "find=柳堤大桥", "order=headline")
    expect(rows).to_have_count(1)
    address = urlsplit(page.url).fragment
    page.go_back()  # what was typed is one step
    expect(rows).to_have_count(bot.count())
    expect(box).to_have_value("")
    expect(page.get_by_label(say(lang, "order"))).to_have_value("headline")
    page.go_forward()
    expect(rows).to_have_count(1)

    other = visit(fragment=f"#{address}")
    expect(other.page.locator("#qa-library tbody tr")).to_have_count(1)
    expect(other.page.locator("#qa-filter input, #qa-filter textarea")).to_have_value("柳堤大桥")
    assert fragment(other) == unquote(address)
    other.page.locator("#qa-library .qa-head").first.click()
    has_address(other, "article=", "find=柳堤大桥")
    third = visit(fragment=f"#{urlsplit(other.page.url).fragment}")
    expect(third.article.locator("h2")).to_be_visible()
    expect(third.page.locator("#qa-library tbody tr")).to_have_count(1)


def test_the_library_is_narrowed_to_a_name(visit: Visit, bot: QABot, opened: Any) -> None:
    site, lang = opened
    page = site.page
    bot.names()  # all are known by now
    rows = page.locator("#qa-library tbody tr")
    chip = page.locator("#qa-library .qa-chip")
    tab(site, lang, "library").click()
    expect(rows).to_have_count(bot.count())
    box = page.get_by_label(say(lang, "field_name"))
    box.click()
    box.press_sequentially("若溪")
    page.get_by_role("option", name="沈若溪").click()
    expect(chip).to_contain_text(say(lang, "chip_name", value="沈若溪"))
    expect(rows).to_have_count(1)
    has_address(site, "library?", "name=沈若溪")
    assert not page.evaluate(WIDE)

    other = visit(fragment="#library?name=沈若溪&find=柳堤路")
    expect(other.page.locator("#qa-library tbody tr")).to_have_count(1)
    expect(other.page.locator("#qa-name input")).to_have_value("沈若溪")

    chip.get_by_role("link").click()
    expect(chip).to_have_count(0)
    expect(rows).to_have_count(bot.count())
    expect(box).to_have_value("")
    page.go_back()
    expect(rows).to_have_count(1)

    box.click()
    box.fill("Rosa Lind")  # known from no Chinese article
    box.press("Enter")
    page.get_by_role("link", name=say(lang, "find_words", words="Rosa Lind")).click()
    expect(rows).to_have_count(1)
    has_address(site, "find=Rosa Lind")


def test_a_name_of_the_collection_leads_to_the_library(opened: Any) -> None:
    site, lang = opened
    page = site.page
    tab(site, lang, "collection").click()
    count = say(lang, "articles", count=1)
    page.get_by_role("link", name=f"沈若溪: {count}").click()
    page.get_by_role("link", name=say(lang, "in_library")).click()
    expect(page.locator("#qa-library tbody tr")).to_have_count(1)
    expect(page.locator("#qa-library .qa-chip")).to_contain_text("沈若溪")
    has_address(site, "library?", "name=沈若溪")
    page.go_back()
    expect(page.locator("#qa-chosen .qa-passage")).to_have_count(1)


def test_a_figure_of_the_collection_has_an_address(visit: Visit, opened: Any) -> None:
    site, lang = opened
    page = site.page
    tab(site, lang, "collection").click()
    expect(page.locator("#qa-charts .qa-ranks").first).to_be_visible()
    count = say(lang, "articles", count=2)
    page.get_by_role("link", name=f"临江日报: {count}", exact=True).click()
    expect(page.locator("#qa-chosen .qa-passage")).to_have_count(2)
    has_address(site, "collection?figure=source/0/临江日报")
    page.locator("#qa-chosen .qa-passage").first.click()
    expect(site.article.locator("h2")).to_be_visible()
    other = visit(fragment=f"#{urlsplit(page.url).fragment}")
    expect(other.article.locator("h2")).to_be_visible()
    other.page.keyboard.press("Escape")
    expect(other.page.locator("#qa-chosen .qa-passage")).to_have_count(2)
    page.go_back()
    expect(site.article).to_have_count(0)
    page.go_back()
    expect(page.locator("#qa-chosen .qa-passage")).to_have_count(0)
    page.go_forward()
    expect(page.locator("#qa-chosen .qa-passage")).to_have_count(2)


def test_an_address_says_its_language(visit: Visit) -> None:
    site = visit("zh-CN", fragment="?lang=en#library")
    expect(site.page.get_by_role("tab", name="Library")).to_have_attribute("aria-selected", "true")
    expect(site.page.locator("html")).to_have_attribute("lang", "en")
    expect(site.page.locator("#qa-library .qa-pager")).to_contain_text("of")  # of handlers, too
    expect(site.page.get_by_role("link", name="English")).to_have_attribute("aria-current", "true")
    site.speak("繁體中文", "文章庫")
    assert "lang=zh-Hant" in site.page.url
    assert fragment(site) == "library"
    later = Site(site.page.context.new_page(), site.address).open()  # it is kept
    expect(later.page.get_by_role("tab", name="文章庫")).to_be_visible()
    later.page.wait_for_function("location.search === '?lang=zh-Hant'")


def test_odd_addresses_do_no_harm(visit: Visit) -> None:
    odd = ("#library?from=99&order=x&source=y", "#nonsense?a=b", "#ask/Who%3F", "#article/x/0-1/z")
    for address in odd:
        site = visit("en-US", fragment=address)
        expect(site.page.get_by_role("tab", selected=True)).to_have_count(1)
    site = visit("en-US", fragment="#library?from=99")
    expect(site.page.locator("#qa-library tbody tr").first).to_be_visible()
