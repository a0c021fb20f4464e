"""A language model in the page: set for the session, checked, and its failure told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import Site
from tests.scripted import Script, served

pytestmark = pytest.mark.e2e

SAID = "柳堤大桥封闭是因为伸缩缝老化[1]。该桥由工程师李明远于1987年设计[1]。"
QUESTION = "柳堤大桥为什么封闭？"


def use(site: Site, address: str, key: str) -> None:
    site.tab("语言模型")
    page = site.page
    url = page.locator("#qa-model-url textarea, #qa-model-url input")
    url.fill(address)
    page.locator("#qa-model-name textarea, #qa-model-name input").fill("m")
    page.locator("#qa-model-key input").fill(key)
    # once more: what is typed while the tab is still drawn does not always reach the page's state
    url.fill("")
    url.fill(address)
    expect(url).to_have_value(address)
    page.get_by_role("button", name="使用这个模型").click()


def test_its_sentences_are_checked_and_it_may_fail(
    visit: Callable[..., Site], tmp_path: Path
) -> None:
    site = visit()
    script = Script(
        ["ready", SAID, "柳堤大桥什么时候封闭？", "柳堤大桥将于4月10日至4月16日封闭[1]。"]
    )
    with served(script) as address:
        use(site, address, "sk-secret-4711")
        status = site.page.locator("#qa-model-status")
        expect(status).to_contain_text("可以使用：m")
        expect(site.page.locator("#qa-model-key input")).to_have_value("")
        site.tab("提问")
        answer = site.ask(QUESTION)
        expect(answer.locator(".qa-doubt")).to_contain_text("1987")
        expect(answer.locator(".qa-warning")).to_contain_text("2 句中有 1 句")
        answer.locator("a.qa-cite").first.click()
        expect(site.article.locator("mark")).to_contain_text("伸缩缝老化")
        followed = site.ask("什么时候？")
        expect(followed.locator(".qa-asked")).to_contain_text("柳堤大桥什么时候封闭？")
        expect(followed.locator(".qa-checked")).to_be_visible()
    # the server is gone: the quotes are there all the same, and one line says why
    alone = site.ask(QUESTION)
    expect(alone).to_contain_text("伸缩缝老化")
    expect(alone.locator(".qa-warning")).to_contain_text("无法连接")

    site.reload()
    expect(site.questions).to_have_count(3)
    first = site.page.locator("#qa-chat .qa-answer").first
    expect(first.locator(".qa-doubt")).to_contain_text("1987")
    first.locator("a.qa-cite").first.click()
    expect(site.article.locator("mark")).to_contain_text("伸缩缝老化")
    assert "sk-secret-4711" not in site.page.content()
    assert "sk-secret-4711" not in site.page.evaluate("JSON.stringify(localStorage)")

    site.page.locator("#qa-exports summary").click()
    with site.page.expect_download() as download:
        site.page.get_by_role("button", name="Markdown", exact=True).click()
    path = tmp_path / "conversation.md"
    download.value.save_as(path)
    text = path.read_text(encoding="utf-8")
    assert text.count("\n## ") == 3
    assert "sk-secret-4711" not in text
    for line in text.splitlines():
        if line.startswith("[^"):
            assert text.count(line.split(":")[0]) >= 2  # a footnote, and where it is called


def test_an_address_where_nobody_is_is_not_taken(visit: Callable[..., Site]) -> None:
    site = visit()
    with served(Script()) as address:
        pass
    use(site, address, "")
    expect(site.page.locator("#qa-model-status .qa-problem")).to_contain_text("无法连接")
    site.tab("提问")
    answer = site.ask(QUESTION)
    expect(answer).to_contain_text("伸缩缝老化")
    expect(answer.locator(".qa-warning")).to_have_count(0)


def test_an_answer_can_be_stopped_and_what_was_written_stays(visit: Callable[..., Site]) -> None:
    site = visit(viewport={"width": 360, "height": 740})
    script = Script(["ready", SAID], ends="done")
    with served(script) as address:
        use(site, address, "")
        expect(site.page.locator("#qa-model-status")).to_contain_text("可以使用：m")
        site.tab("提问")
        script.ends = "drip"
        site.send(QUESTION)
        expect(site.page.locator("#qa-chat .qa-stage")).to_have_text("语言模型正在写……")
        expect(site.page.locator("#qa-chat .qa-answer")).to_contain_text("伸缩缝老化")
        expect(site.page.locator("#qa-send")).to_be_hidden()
        site.page.get_by_role("button", name="停止").click()
        answer = site.answered(0)
        expect(answer).to_contain_text("伸缩缝老化")
        expect(answer.locator(".qa-warning")).to_contain_text("已停止")
        assert script.gone.wait(20)  # nor does the model go on
    expect(site.page.locator("#qa-stop")).to_be_hidden()
    expect(site.page.locator(".qa-found .qa-passage").first).to_be_visible()
    site.reload()
    expect(site.page.locator("#qa-chat .qa-stopped")).to_contain_text("伸缩缝老化")
