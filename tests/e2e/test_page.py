"""What a user does on the page, done by a real browser."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Locator, expect

from qa_bot import QABot
from qa_bot.ui.texts import locale
from tests.conftest import heed_interrupts
from tests.e2e.browsing import EVIL, Site, squeezed

pytestmark = pytest.mark.e2e

Visit = Callable[..., Site]

ROOT = Path(__file__).parents[2]

OPENING = "临江图书馆新馆什么时候正式对外开放？"
BRIDGE = "柳堤大桥为什么封闭检修？"
DUMP = """县医院新楼启用

本报讯 5月20日，梧桐县医院门诊新楼正式启用。新楼高十二层，总投资
四亿元，设有床位六百张。

院长陆鸣说，新楼启用后每天可接诊病人三千五百人次。
"""


def marked(site: Site) -> str:
    return squeezed("".join(site.article.locator("mark").all_text_contents()))


def quoted(citation: Locator) -> str:
    return squeezed(citation.locator(".qa-quote").inner_text().strip())


def test_an_answer_cites_and_its_citation_opens_the_quote(visit: Visit) -> None:
    site = visit()
    answer = site.ask(OPENING)
    expect(answer).to_contain_text("3月5日")
    citation = answer.locator(".qa-citation").first
    expect(citation).to_contain_text("临江图书馆新馆开放")
    expect(citation).to_contain_text("2024-03-05")

    citation.click()
    expect(site.article.locator("h2")).to_have_text("临江图书馆新馆开放")
    expect(site.article).to_contain_text("何知微")
    expect(site.article.locator("mark").first).to_be_in_viewport()
    assert marked(site) == quoted(citation)

    # a number in the text opens the same as the entry in the list
    site.page.locator(".qa-close:visible").click()
    expect(site.article).to_have_count(0)
    answer.locator(".qa-cite").first.press("Enter")
    expect(site.article.locator("mark").first).to_be_in_viewport()
    assert marked(site) == quoted(citation)


def test_found_passages_stand_at_the_side(visit: Visit) -> None:
    site = visit()
    site.ask(OPENING)
    passage = site.page.locator(".qa-found .qa-passage").first
    expect(passage).to_contain_text("临江图书馆新馆开放")
    expect(passage).to_contain_text("回答已引用：1")  # and not the quote once more
    more = site.page.locator(".qa-found summary")
    expect(site.page.locator(".qa-found details .qa-passage").first).to_be_hidden()
    more.click()
    expect(site.page.locator(".qa-found details .qa-passage").first).to_be_visible()
    passage.click()
    expect(site.article.locator("mark").first).to_be_in_viewport()


def test_no_answer_looks_different(visit: Visit) -> None:
    site = visit()
    answer = site.ask("去年全国的小麦产量是多少？")
    expect(answer.locator(".qa-badge")).to_have_text("文章中没有答案")
    expect(answer.locator(".qa-citation")).to_have_count(0)
    expect(answer.locator(".qa-passage").first).to_be_visible()


def test_old_citations_stay_right_after_another_question_and_a_reload(visit: Visit) -> None:
    site = visit()
    first = site.ask(OPENING)
    second = site.ask(BRIDGE)
    expect(second).to_contain_text("伸缩缝")

    for _ in range(2):
        first.locator(".qa-cite").first.click()
        expect(site.article.locator("h2")).to_have_text("临江图书馆新馆开放")
        assert marked(site) == quoted(first.locator(".qa-citation").first)
        second.locator(".qa-cite").first.click()
        expect(site.article.locator("h2")).to_have_text("柳堤大桥因检修封闭")
        assert marked(site) == quoted(second.locator(".qa-citation").first)
        site.reload()
        expect(site.questions).to_have_count(2)

    site.page.get_by_role("button", name="清空对话").click()
    expect(site.questions).to_have_count(0)
    site.reload()
    expect(site.page.locator("#qa-chat .qa-welcome")).to_be_visible()
    expect(site.questions).to_have_count(0)


def test_asking_again_and_filters(visit: Visit) -> None:
    site = visit()
    site.ask(OPENING)
    site.page.get_by_role("button", name="按日期和来源筛选").click()
    site.page.get_by_label("起始日期").fill("nonsense")
    site.page.get_by_role("button", name="重新回答").click()
    expect(site.page.locator(".qa-problem")).to_contain_text("nonsense")
    site.page.get_by_label("起始日期").fill("2024-04")
    site.page.get_by_role("button", name="重新回答").click()
    expect(site.page.locator(".qa-problem")).to_have_count(0)
    expect(site.page.locator(".qa-found")).to_contain_text("柳堤大桥因检修封闭")
    expect(site.page.locator(".qa-found")).not_to_contain_text("临江图书馆新馆开放")
    expect(site.questions).to_have_count(1)


def test_nothing_is_injected(visit: Visit) -> None:
    site = visit()
    question = "青石巷改造工程的投诉热线是多少？<img src=x onerror='window.pwned=1'> **?** $y^2$"
    answer = site.ask(question)
    expect(site.questions.last).to_have_text(question)
    citation = answer.locator(".qa-citation", has_text="青石巷").first
    for literal in ("[1](http://evil.example/a)", "$E=mc^2$", "${window.pwned=1}", "**12345**"):
        expect(citation).to_contain_text(literal)
    citation.click()
    expect(site.article.locator("h2")).to_have_text(EVIL.title)
    expect(site.article).to_contain_text(EVIL.text)
    site.page.mouse.move(5, 5)
    hostile_tags = ("[onerror]", "[onload]", "[onclick]", "script", "img", ".katex", "code", "b")
    for hostile in hostile_tags:
        expect(site.page.locator(f"#qa-chat .prose {hostile}")).to_have_count(0)
        expect(site.page.locator(f".qa-side .prose {hostile}")).to_have_count(0)
    assert not site.page.locator("a[href^='javascript'], a[href*='evil.example']").count()
    site.tab("文章库")
    expect(site.page.locator("#qa-library")).to_contain_text(EVIL.title)


def test_upload_ask_and_remove(visit: Visit, bot: QABot, tmp_path: Path) -> None:
    dump, broken = tmp_path / "梧桐日报 5-21.txt", tmp_path / "broken.pdf"
    dump.write_text(DUMP, encoding="gb18030")
    broken.write_bytes(b"%PDF-1.4 not really")
    site = visit()
    site.tab("文章库")
    status = site.upload(dump, broken)
    expect(status.locator(".qa-refused")).to_contain_text("broken.pdf")
    expect(status.locator(".qa-added")).to_contain_text("梧桐日报 5-21.txt")
    added = bot.articles(limit=1)[0]
    assert added.path == dump.name

    expect(site.upload(dump).locator(".qa-skipped")).to_be_visible()

    site.tab("提问")
    answer = site.ask("梧桐县医院门诊新楼什么时候正式启用？")
    expect(answer).to_contain_text("5月20日")
    answer.locator(".qa-citation").first.click()
    expect(site.article).to_contain_text(dump.name)

    site.tab("文章库")
    site.page.locator("#qa-filter input, #qa-filter textarea").fill(added.title)
    expect(site.page.locator("#qa-library tbody tr")).to_have_count(1)
    site.page.get_by_role("button", name=f"移除：{added.title}", exact=True).click()
    expect(site.page.locator("#qa-library tbody tr")).to_have_count(0)
    assert added.id not in {article.id for article in bot.articles()}

    # the old answer still stands, and says that its source is gone
    site.tab("提问")
    answer.locator(".qa-cite").first.click()
    expect(site.article).to_contain_text("已不在文章库中")


@pytest.mark.parametrize(
    ("locale", "tab", "welcome", "lang"),
    [
        ("en-US", "Library", "What would you like to know?", "en"),
        ("zh-CN", "文章库", "想了解什么？", "zh-CN"),
        ("zh-TW", "文章庫", "想了解什麼？", "zh-TW"),
        ("zh-HK", "文章庫", "想了解什麼？", "zh-TW"),
    ],
)
def test_the_page_speaks_the_browser_s_language(
    visit: Visit, locale: str, tab: str, welcome: str, lang: str
) -> None:
    site = visit(locale)
    expect(site.page.locator("#qa-chat")).to_contain_text(welcome)
    expect(site.page.locator("html")).to_have_attribute("lang", lang)
    site.tab(tab)
    expect(site.page.locator("#qa-library table")).to_be_visible()
    if lang != "en":  # no label of Gradio's own is left in English
        shown = site.page.locator("#qa-upload").inner_text()
        assert "upload" not in shown.lower()


def test_a_phone_of_360_pixels(visit: Visit) -> None:
    site = visit(viewport={"width": 360, "height": 700}, has_touch=True, is_mobile=True)
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    answer = site.ask(OPENING)
    assert not site.page.evaluate(wide)
    tabs = site.page.get_by_role("tab", name="提问").bounding_box()
    assert tabs
    assert tabs["y"] + tabs["height"] <= 90  # the page is the answer's
    for name in ("找到的段落", "重新回答", "提问"):
        target = site.page.get_by_role("button", name=name, exact=True).bounding_box()
        assert target
        assert target["height"] >= 42
        assert target["y"] + target["height"] <= 700
    passage = site.page.locator(".qa-found .qa-passage").first
    expect(passage).not_to_be_in_viewport()
    site.page.get_by_role("button", name="找到的段落").tap()
    expect(passage).to_be_in_viewport()
    answer.locator(".qa-citation").first.tap()
    expect(site.article.locator("mark").first).to_be_in_viewport()
    assert not site.page.evaluate(wide)
    site.article.locator(".qa-close").tap()
    site.tab("文章库")
    expect(site.page.locator("#qa-library tbody tr").first).to_be_visible()
    assert not site.page.evaluate(wide)


def test_two_users_at_once(visit: Visit) -> None:
    one, two = visit(), visit("en-US")
    one.send(BRIDGE)
    two.send("How much is a single ticket for the ferry?")
    expect(one.answered(0)).to_contain_text("伸缩缝")
    expect(two.answered(0)).to_contain_text("four yuan")
    expect(one.questions).to_have_count(1)
    expect(two.questions).to_have_count(1)
    expect(two.page.locator("#qa-chat")).not_to_contain_text("伸缩缝")


def test_a_citation_opens_in_a_new_tab(visit: Visit, bot: QABot) -> None:
    article = next(a for a in bot.articles() if a.title == "柳堤大桥因检修封闭")
    site = visit()
    href = site.ask(BRIDGE).locator(".qa-cite").first.get_attribute("href")
    assert href
    other = visit(fragment=href)
    expect(other.article.locator("h2")).to_have_text(article.title)
    assert marked(other)


def test_files_of_the_server_are_not_served(visit: Visit, address: str, bot: QABot) -> None:
    site = visit()
    for path in (Path(__file__), bot.path / "articles.sqlite3", Path("/etc/hostname")):
        url = f"{address}gradio_api/file={quote(str(path))}"
        assert site.page.request.get(url).status in {403, 404}


def test_first_start_adds_the_samples_and_offers_questions(
    browser: Browser, tmp_path: Path
) -> None:
    command = [sys.executable, str(ROOT / "app.py"), "--index", str(tmp_path), "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, preexec_fn=heed_interrupts
    ) as server:
        try:
            assert server.stdout
            address = server.stdout.readline().split()[-1]
            page = browser.new_context(locale="zh-CN").new_page()
            site = Site(page, address).open()
            example = locale("zh-Hans").examples[0]
            page.get_by_text(example.question).click()
            expect(site.answered(0)).to_be_visible()
            expect(site.questions).to_have_text([example.question])
            expect(page.locator(".qa-found .qa-passage").first).to_contain_text(example.headline)
            site.check()
            page.context.close()
        finally:
            server.send_signal(signal.SIGINT)
            server.communicate()
    assert server.returncode == 0


def test_the_language_is_chosen_by_hand(visit: Callable[..., Site]) -> None:
    site = visit("zh-CN")
    site.speak("English", "Library")
    answer = site.ask("How many people does the boat carry?")
    expect(answer.locator(".qa-sure, .qa-likely, .qa-unsure")).to_contain_text("quote")
    site.speak("繁體中文", "文章庫")


def test_one_article_is_asked_about_alone(visit: Callable[..., Site]) -> None:
    site = visit("en-US")
    site.ask("How many people does the boat carry?").locator("a.qa-cite").first.click()
    site.article.get_by_role("link", name="Ask about this article only").click()
    expect(site.page.locator("#qa-only")).to_contain_text("River ferry")
    expect(site.ask("柳堤大桥为什么封闭？").locator(".qa-badge")).to_be_visible()
    site.page.locator("#qa-only a").click()
    expect(site.page.locator("#qa-only")).not_to_contain_text("River ferry")
    expect(site.ask("柳堤大桥为什么封闭？")).to_contain_text("伸缩缝老化")


def test_a_quote_is_shown_and_copied_with_its_source(visit: Callable[..., Site]) -> None:
    site = visit("en-US", permissions=["clipboard-read", "clipboard-write"])
    number = site.ask("How many people does the boat carry?").locator("a.qa-cite").first
    quote = number.get_attribute("title") or ""
    assert "120 people" in quote
    number.click()
    site.article.get_by_role("button", name="Copy the quote").click()
    expect(site.article.get_by_role("button", name="Copied")).to_be_visible()
    copied = site.page.evaluate("navigator.clipboard.readText()")
    assert (
        copied == f"“{quote}” (River ferry returns after eleven years, Linjiang Post, 2023-05-01)"
    )
