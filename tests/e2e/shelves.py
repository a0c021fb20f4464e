"""What the tests of the Library tab do on it."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator

from qa_bot import QABot
from tests.e2e.browsing import Site

Visit = Callable[..., Site]
PHONE = {"viewport": {"width": 360, "height": 700}, "has_touch": True, "is_mobile": True}
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def rows(site: Site) -> Locator:
    return site.page.locator("#qa-library tbody tr")


def clean(bot: QABot, *words: str) -> None:
    for word in words:
        for article in bot.articles(contains=word):
            bot.remove(article.id)


KINDS = [
    ("zh-CN", "文章库", {"viewport": {"width": 1280, "height": 800}}),
    ("en-US", "Library", PHONE),
]
