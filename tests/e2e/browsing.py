"""The page as one user sees it, and what that user does."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from qa_bot import Article

EVIL = Article(
    "施工<script>window.pwned=1</script>公告 **粗** $x^2$",
    '青石巷施工公告：<img src=x onerror="window.pwned=1">青石巷改造工程的投诉热线是 '
    "[1](http://evil.example/a) $E=mc^2$ `code` ${window.pwned=1} {{value}} **12345**。",
    byline='<svg onload="window.pwned=1">',
    source="<b>临江日报</b>",
    published="2024-06-01",
    url="javascript:window.pwned=1",
    lang='zh-Hans" onclick="window.pwned=1',
)

expect.set_options(timeout=60_000)  # the machine may be busy


@dataclass
class Site:
    """The page as one user sees it."""

    page: Page
    address: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("websocket", lambda socket: self.requests.append(socket.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._listen)

    def _listen(self, message: Any) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def open(self, fragment: str = "") -> Site:
        self.page.goto(self.address + fragment)
        self.page.wait_for_function("window.qa")
        self.page.evaluate("qa.restored")  # and now it shows what its address says
        return self

    def reload(self) -> None:
        """What the old page still waited for is cut off, and it complains: that is not counted."""
        before = list(self.complaints)
        self.page.reload()
        expect(self.page.locator("#qa-chat")).to_be_visible()
        self.complaints[:] = before

    def speak(self, language: str, tab: str) -> None:
        """Chooses the page's language, which loads it anew: see `reload`."""
        before = list(self.complaints)
        self.page.get_by_role("link", name=language).click()
        expect(self.page.get_by_role("tab", name=tab)).to_be_visible()
        self.complaints[:] = before

    @property
    def questions(self) -> Locator:
        return self.page.locator("#qa-chat .qa-question")

    @property
    def article(self) -> Locator:
        return self.page.locator(".qa-article:visible")

    def send(self, question: str) -> None:
        box = self.page.locator("#qa-question textarea")
        box.fill(question)
        box.press("Enter")

    def ask(self, question: str) -> Locator:
        """The finished answer."""
        before = self.questions.count()
        self.send(question)
        return self.answered(before)

    def answered(self, before: int) -> Locator:
        expect(self.questions).to_have_count(before + 1)
        expect(self.page.locator("#qa-chat .qa-stage")).to_have_count(0)
        return self.page.locator("#qa-chat .qa-answer").nth(before)

    def tab(self, name: str) -> None:
        self.page.get_by_role("tab", name=name).click()

    def upload(self, *paths: Path) -> Locator:
        """Uploads from the library tab; gives the status when all is done, vectors too."""
        status = self.page.locator("#qa-status")
        before = status.inner_text()
        self.page.locator("#qa-upload input[type=file]").set_input_files(list(paths))
        expect(status).not_to_have_text(before)
        expect(status.locator(".qa-report")).to_be_visible()
        expect(status.locator(".qa-note, .qa-problem")).to_be_visible()  # which comes at the end
        expect(status.locator(".qa-progress")).to_have_count(0)
        return status

    def check(self) -> None:
        """Nobody else was asked for anything, nothing was injected, nothing went wrong."""
        hosts = {urlsplit(url).netloc for url in self.requests if not url.startswith("data:")}
        assert hosts <= {urlsplit(self.address).netloc, ""}, hosts
        assert self.page.evaluate("window.pwned") is None
        assert not self.complaints, self.complaints


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)
