"""Makes the screenshots in this folder: the page over the sample articles, in a real Chromium.

    python docs/screenshots.py

`QA_BOT_CHROMIUM` names the browser (default: /usr/bin/chromium).
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))  # for tests.scripted

from tests.scripted import Script, served

from qa_bot import QABot
from qa_bot.ui import build_app
from qa_bot.ui.web import launch_options

HERE = Path(__file__).parent
SAMPLES = HERE.parent / "eval" / "articles"
PAGE = SAMPLES / "pages" / "2024-03-12_A01.txt"
CHROMIUM = os.environ.get("QA_BOT_CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
QUESTION = "中心医院临黛院区有多少张床位？"
WRITTEN = "中心医院临黛院区设床位1200张，首批开放600张[1]。院区由建筑师李明远于1987年设计[1]。"
ENGLISH = "Who chaired the talks between the night market and the residents?"


def ask(page: Page, question: str) -> None:
    before = page.locator("#qa-chat .qa-question").count()
    box = page.locator("#qa-question textarea")
    box.fill(question)
    box.press("Enter")
    expect(page.locator("#qa-chat .qa-question")).to_have_count(before + 1)
    expect(page.locator("#qa-chat .qa-stage")).to_have_count(0)


def open_citation(page: Page) -> None:
    page.locator("#qa-chat .qa-citation").last.click()
    expect(page.locator(".qa-article mark").first).to_be_in_viewport()
    page.mouse.move(0, 0)


def cited(page: Page) -> None:
    ask(page, QUESTION)


def opened(page: Page) -> None:
    ask(page, QUESTION)
    open_citation(page)


def library(page: Page) -> None:
    page.get_by_role("tab").nth(1).click()
    expect(page.locator("#qa-library tbody tr").first).to_be_visible()


def preview(page: Page) -> None:
    library(page)
    page.locator("#qa-check input").check()
    page.locator("#qa-upload input[type=file]").set_input_files(str(PAGE))
    expect(page.locator(".qa-draft").first).to_be_visible()
    page.locator(".qa-draft summary").first.click()
    page.locator("#qa-preview").scroll_into_view_if_needed()
    page.mouse.move(0, 0)


def collection(page: Page) -> None:
    page.get_by_role("tab").nth(2).click()
    expect(page.locator("#qa-charts .qa-ranks").nth(3)).to_be_visible()
    page.locator("#qa-charts .qa-bars a").nth(13).click()
    expect(page.locator("#qa-chosen h2")).to_be_visible()
    page.mouse.move(0, 0)


def model(page: Page) -> None:
    """A language model's answer; a script plays the model, so that the picture stays the same."""
    with served(Script(["ready", WRITTEN])) as address:
        page.get_by_role("tab").nth(3).click()
        page.locator("#qa-model-url").get_by_role("textbox").fill(address)
        page.locator("#qa-model-name").get_by_role("textbox").fill("demo")
        page.locator(".qa-model button.primary").click()
        expect(page.locator("#qa-model-status .qa-note")).to_be_visible()
        page.get_by_role("tab").nth(0).click()
        ask(page, QUESTION)
    open_citation(page)


def english(page: Page) -> None:
    ask(page, ENGLISH)
    open_citation(page)


SHOTS: list[tuple[str, Callable[[Page], None], dict[str, Any]]] = [
    ("ask", cited, {"locale": "zh-CN", "viewport": DESKTOP}),
    ("article", opened, {"locale": "zh-CN", "viewport": DESKTOP}),
    ("library", library, {"locale": "zh-CN", "viewport": DESKTOP}),
    ("preview", preview, {"locale": "zh-CN", "viewport": DESKTOP}),
    ("collection", collection, {"locale": "zh-CN", "viewport": DESKTOP}),
    ("model", model, {"locale": "zh-CN", "viewport": DESKTOP}),
    (
        "phone",
        cited,
        {"locale": "zh-CN", "viewport": PHONE, "device_scale_factor": 2, "is_mobile": True},
    ),
    ("dark", english, {"locale": "en-US", "viewport": DESKTOP, "color_scheme": "dark"}),
]


def shoot(browser: Browser, address: str) -> None:
    for name, do, options in SHOTS:
        page = browser.new_context(**options).new_page()
        page.goto(address)
        expect(page.locator("#qa-chat .qa-note")).to_be_visible()
        do(page)
        page.screenshot(path=HERE / f"{name}.png")
        page.context.close()


def main() -> None:
    expect.set_options(timeout=60_000)
    with tempfile.TemporaryDirectory() as folder, QABot.open(Path(folder) / "index") as bot:
        bot.add(SAMPLES)
        app = build_app(bot)
        _, address, _ = app.launch(prevent_thread_lock=True, **launch_options(bot.settings))
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            shoot(browser, address)
            browser.close()
        app.close()


if __name__ == "__main__":
    main()
