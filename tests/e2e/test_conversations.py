"""Several conversations of one browser: kept, named, found, removed, put back, and taken out."""

from __future__ import annotations

import html
import io
import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from playwright.sync_api import Locator, expect

from qa_bot.ui.texts import say
from tests.e2e.browsing import Site

pytestmark = pytest.mark.e2e

OPENING = "临江图书馆新馆什么时候正式对外开放？"
BRIDGE = "柳堤大桥为什么封闭检修？"
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
SIZES: dict[int, dict[str, Any]] = {
    1280: {"viewport": {"width": 1280, "height": 800}},
    360: {"viewport": {"width": 360, "height": 700}, "has_touch": True, "is_mobile": True},
}
LANGUAGES = {"zh-CN": "zh-Hans", "en-US": "en"}


@dataclass
class Talker:
    """Somebody with conversations, in a language."""

    site: Site
    lang: str

    def button(self, key: str, **values: str | float) -> Locator:
        name = say(self.lang, key, **values)
        return self.site.page.get_by_role("button", name=name, exact=True)

    @property
    def box(self) -> Locator:
        """Where a conversation is found by its words, in the opened list."""
        box = self.site.page.locator("#qa-talks-find").get_by_role("textbox")
        if not box.is_visible():
            self.site.page.locator("#qa-talks > button").click()
            expect(box).to_be_visible()
        return box

    @property
    def listed(self) -> Locator:
        expect(self.box).to_be_visible()
        return self.site.page.locator("#qa-talks-list li")

    def export(self, name: str, folder: Path) -> bytes:
        self.site.page.locator("#qa-exports summary").click()
        with self.site.page.expect_download() as download:
            self.site.page.get_by_role("button", name=name, exact=True).click()
        path = folder / download.value.suggested_filename
        download.value.save_as(path)
        return path.read_bytes()


@pytest.fixture(params=itertools.product(SIZES, LANGUAGES), ids=lambda p: f"{p[0]}-{p[1]}")
def talker(request: pytest.FixtureRequest, visit: Callable[..., Site]) -> Talker:
    width, locale = request.param
    return Talker(visit(locale, accept_downloads=True, **SIZES[width]), LANGUAGES[locale])


def test_several_conversations(talker: Talker) -> None:
    site, page = talker.site, talker.site.page
    site.ask(OPENING)
    talker.button("talk_new").click()
    expect(site.questions).to_have_count(0)
    site.ask(BRIDGE)
    expect(talker.listed).to_have_count(2)
    expect(talker.listed.first).to_contain_text(BRIDGE)
    assert not page.evaluate(WIDE)

    # from one to the other, by the list, by Back, and after a reload
    talker.listed.nth(1).get_by_role("link").click()
    expect(site.questions).to_have_text([OPENING])
    page.wait_for_function("text => qa.place('ask').question === text", arg=OPENING)
    page.go_back()
    expect(site.questions).to_have_text([BRIDGE])
    page.go_forward()
    expect(site.questions).to_have_text([OPENING])
    site.reload()
    expect(site.questions).to_have_text([OPENING])
    site.ask(BRIDGE)
    expect(site.questions).to_have_text([OPENING, BRIDGE])

    # by its words, which stand in the answer, and by the name it was given
    talker.box.fill("3月5日")
    expect(talker.listed).to_have_count(1)
    talker.button("talk_rename_one", name=OPENING).click()
    box = page.locator("#qa-talks-list input")
    expect(box).to_be_focused()
    box.fill("图书馆 library")
    box.press("Enter")
    talker.box.fill("LIBRARY")
    expect(talker.listed).to_have_count(1)
    expect(talker.listed).to_contain_text("图书馆 library")
    talker.box.fill("月球")
    expect(page.locator("#qa-talks-list")).to_contain_text(say(talker.lang, "talks_unmatched"))
    talker.box.fill("")
    expect(talker.listed).to_have_count(2)
    assert not page.evaluate(WIDE)


def test_a_removed_conversation_is_put_back(talker: Talker) -> None:
    site, page = talker.site, talker.site.page
    site.ask(OPENING)
    talker.button("clear").click()
    expect(site.questions).to_have_count(0)
    site.reload()
    expect(page.locator("#qa-chat .qa-welcome")).to_be_visible()
    site.ask(BRIDGE)
    talker.button("clear").click()
    expect(site.questions).to_have_count(0)
    talker.button("undo_remove", title=BRIDGE).click()
    expect(site.questions).to_have_text([BRIDGE])

    # one of the list, while another is shown
    talker.button("talk_new").click()
    expect(site.questions).to_have_count(0)
    site.ask(OPENING)
    expect(talker.listed).to_have_count(2)
    talker.button("remove_article", title=BRIDGE).click()
    expect(talker.listed).to_have_count(1)
    expect(site.questions).to_have_text([OPENING])
    talker.button("undo_remove", title=BRIDGE).click()
    expect(site.questions).to_have_text([BRIDGE])
    expect(talker.listed).to_have_count(2)
    assert not page.evaluate(WIDE)


def test_a_conversation_is_taken_out(talker: Talker, tmp_path: Path) -> None:
    site, page = talker.site, talker.site.page
    page.get_by_role("button", name=say(talker.lang, "filters")).click()
    since = page.get_by_role("tabpanel").get_by_role("textbox", name=say(talker.lang, "since"))
    since.first.fill("2024")
    expect(page.locator("#qa-narrowing .qa-chip")).to_have_count(1)
    quote = site.ask(OPENING).locator(".qa-citation .qa-quote").first.inner_text()
    assert not page.evaluate(WIDE)

    filtered = say(talker.lang, "chip_since", value="2024")
    confident = say(talker.lang, "export_confidence", value="#").partition("#")[0]
    read = {
        "Markdown": talker.export("Markdown", tmp_path).decode(),
        "HTML": talker.export("HTML", tmp_path).decode(),
        "Word": "\n".join(
            p.text for p in Document(io.BytesIO(talker.export("Word", tmp_path))).paragraphs
        ),
    }
    for name, text in read.items():
        for said in (OPENING, quote.strip("“”"), filtered, confident.strip(), "UTC", "何知微"):
            assert said in html.unescape(text).replace("\\", ""), (name, said)
    assert "  title = {{临江图书馆新馆开放}}" in talker.export("BibTeX", tmp_path).decode()
    assert "TI  - 临江图书馆新馆开放\r\n" in talker.export("RIS", tmp_path).decode()
    (reference,) = json.loads(talker.export("CSL-JSON", tmp_path))
    assert reference["container-title"] == "临江日报"
    names = {path.name for path in tmp_path.iterdir()}
    assert {"临江图书馆新馆什么时候正式对外开放.docx"} <= names


def test_the_menu_of_exports_with_the_keyboard(visit: Callable[..., Site]) -> None:
    site = visit("en-US")
    summary = site.page.locator("#qa-exports summary")
    summary.press("Enter")
    expect(site.page.get_by_role("button", name="Markdown")).to_be_visible()
    site.page.keyboard.press("Escape")
    expect(site.page.get_by_role("button", name="Markdown")).to_be_hidden()
    expect(summary).to_be_focused()
    summary.press("Enter")
    site.page.keyboard.press("Tab")
    site.page.keyboard.press("Enter")
    expect(site.page.locator("#qa-judged")).to_have_text(say("en", "export_nothing"))


def test_another_browser_has_its_own(visit: Callable[..., Site]) -> None:
    one = visit()
    one.ask(OPENING)
    one.page.wait_for_function("location.hash.includes('conversation=')")
    other = visit(fragment="#" + one.page.url.partition("#")[2])
    expect(other.answered(0)).to_contain_text("3月5日")
    assert one.page.url != other.page.url  # asked anew, in a conversation of its own
    other.page.locator("#qa-talks > button").click()
    expect(other.page.locator("#qa-talks-list li")).to_have_count(1)
