"""Adding in a real browser: uploads, pages checked before they are added, pasted text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from qa_bot import QABot
from tests.e2e.browsing import Site
from tests.e2e.shelves import KINDS, PHONE, WIDE, Visit, clean, rows

pytestmark = pytest.mark.e2e
PAGE = """渡口老街修缮完工

本报讯 6月2日，渡口老街修缮工程完工。老街全长四百米，沿街店铺六十二间。
工程历时两年。

青年夜校开课

本报讯 6月3日，青年夜校在文化馆开课。首期开设书法、木工等八门课程。
报名者逾千人。
"""


def drafts(site: Site) -> Locator:
    return site.page.locator("#qa-preview .qa-draft")


def field(site: Site, number: int, name: str) -> Locator:
    return site.page.locator(f"#qa-draft-{number}-{name}")


def check_upload(site: Site, *paths: Path) -> None:
    """Uploads with "check before adding" on, and waits for the drafts."""
    site.page.locator("#qa-check input").check()
    site.page.locator("#qa-upload input[type=file]").set_input_files(list(paths))
    expect(drafts(site).first).to_be_visible()


def paste(site: Site, text: str, source: str = "") -> None:
    if not site.page.locator("#qa-paste textarea").first.is_visible():
        site.page.locator("#qa-paste > button").click()
    site.page.locator("#qa-paste textarea").first.fill(text)
    boxes = site.page.locator("#qa-paste input, #qa-paste textarea")
    boxes.nth(1).fill(source)
    site.page.locator("#qa-paste button.primary").click()


def finished(site: Site) -> Locator:
    """The status when all is in, vectors too."""
    status = site.page.locator("#qa-status")
    expect(status.locator(".qa-report")).to_be_visible()
    expect(status.locator(".qa-note, .qa-problem").first).to_be_visible()
    expect(status.locator(".qa-progress")).to_have_count(0)
    return status


@pytest.mark.parametrize("phone", [False, True])
def test_a_page_is_checked_before_it_is_added(
    visit: Visit, bot: QABot, tmp_path: Path, phone: bool
) -> None:
    path, broken = tmp_path / "渡口日报.txt", tmp_path / "broken.pdf"
    path.write_text(PAGE, encoding="utf-8")
    broken.write_bytes(b"%PDF-1.4 not really")
    site = visit(**(PHONE if phone else {}))
    site.tab("文章库")
    before = bot.count()
    check_upload(site, path, broken)
    expect(drafts(site)).to_have_count(2)
    expect(field(site, 0, "title")).to_be_focused()
    expect(site.page.locator("#qa-status .qa-refused")).to_contain_text("broken.pdf")
    assert bot.count() == before
    assert not site.page.evaluate(WIDE)

    # joined with the next, and split again where the second one began
    title = field(site, 1, "title").input_value()
    field(site, 0, "byline").fill("何知微")
    drafts(site).nth(0).get_by_role("button", name="与下一篇合并").click()
    expect(drafts(site)).to_have_count(1)
    expect(field(site, 0, "byline")).to_have_value("何知微")
    expect(field(site, 0, "title")).to_be_focused()
    drafts(site).locator("summary").click()
    site.page.get_by_role("button", name=f"从这里开始新的一篇：{title}").click()
    expect(drafts(site)).to_have_count(2)
    expect(field(site, 1, "title")).to_have_value(title)
    expect(field(site, 1, "title")).to_be_focused()
    assert not site.page.evaluate(WIDE)

    # a date that is none is said to be none, and not added; what is typed meanwhile stays
    field(site, 1, "date").fill("下周三")
    field(site, 1, "source").fill("渡口日报")
    expect(drafts(site).nth(1).locator(".qa-fault")).to_contain_text("下周三")
    expect(field(site, 1, "source")).to_have_value("渡口日报")
    site.page.get_by_role("button", name="添加 2 篇文章").click()
    expect(field(site, 1, "date")).to_be_focused()
    assert bot.count() == before
    field(site, 1, "date").fill("2024年6月3日")
    field(site, 1, "title").fill(f"青年夜校开课{'（手机）' if phone else ''}")
    expect(site.page.locator(".qa-fault")).to_have_count(0)
    expect(field(site, 1, "date")).to_have_value("2024-06-03")
    site.page.get_by_role("button", name="添加 2 篇文章").click()
    status = finished(site)
    expect(status.locator(".qa-refused")).to_contain_text("broken.pdf")
    expect(drafts(site)).to_have_count(0)
    new = bot.articles(contains="青年夜校开课", limit=1)[0]
    assert (new.published, new.source, new.path) == ("2024-06-03", "渡口日报", path.name)
    assert bot.articles(contains="渡口老街", limit=1)[0].byline == "何知微"
    expect(rows(site).first).to_be_visible()
    clean(bot, "青年夜校", "渡口老街")


@pytest.mark.parametrize(("lang", "tab", "window"), KINDS)
def test_what_an_upload_lacks_is_said_once(
    visit: Visit, bot: QABot, tmp_path: Path, lang: str, tab: str, window: dict[str, Any]
) -> None:
    path = tmp_path / "news.jsonl"
    rows = [f'{{"text": "灯塔第{n}次检修{lang}。"}}' for n in range(8)]
    path.write_text("\n".join(rows), "utf-8")
    site = visit(lang, **window)
    site.tab(tab)
    site.page.locator("#qa-defaults > button").click()
    site.page.locator("#qa-default-source input, #qa-default-source textarea").fill("灯塔报")
    date = site.page.locator("#qa-default-date input, #qa-default-date textarea")
    date.fill("soon")
    site.page.locator("#qa-upload input[type=file]").set_input_files(path)
    expect(site.page.locator("#qa-status .qa-problem")).to_contain_text("soon")
    date.fill("2024-05")
    site.page.locator("#qa-upload input[type=file]").set_input_files(path)
    expect(finished(site).locator(".qa-files")).to_contain_text("news.jsonl")
    expect(site.page.locator("#qa-status .qa-files")).to_contain_text("8")
    expect(site.page.locator("#qa-status .qa-outcomes")).to_be_hidden()
    assert not site.page.evaluate(WIDE)
    assert bot.count(source="灯塔报", since="2024-05", until="2024-05") == 8
    clean(bot, "灯塔")


def test_steps_are_taken_back_and_drafts_left_out(visit: Visit, bot: QABot) -> None:
    before = bot.count()
    site = visit("en-US")
    site.tab("Library")
    site.page.locator("#qa-check input").check()
    paste(site, PAGE, "Ferry Post")
    expect(drafts(site)).to_have_count(2)
    expect(field(site, 1, "source")).to_have_value("Ferry Post")
    drafts(site).nth(0).get_by_role("button", name="Leave out").click()
    expect(drafts(site)).to_have_count(1)
    expect(field(site, 0, "title")).to_have_value("青年夜校开课")
    site.page.get_by_role("button", name="Undo last step").click()
    expect(drafts(site)).to_have_count(2)
    site.page.get_by_role("button", name="Discard all").click()
    expect(drafts(site)).to_have_count(0)
    expect(rows(site).first).to_be_visible()
    assert bot.count() == before


def test_text_is_pasted(visit: Visit, bot: QABot) -> None:
    site = visit()
    site.tab("文章库")
    paste(site, " ")
    expect(site.page.locator("#qa-status .qa-problem")).to_contain_text("还没有文本")
    paste(site, "石拱桥限行\n\n本报讯 7月1日起，石拱桥禁止货车通行，为期三个月。", "渡口日报")
    expect(finished(site).locator(".qa-added")).to_contain_text("石拱桥限行")
    expect(site.page.locator("#qa-paste textarea").first).to_have_value("")
    (article,) = bot.articles(contains="石拱桥限行")
    assert article.source == "渡口日报"
    expect(rows(site).first).to_contain_text("石拱桥限行")
    clean(bot, "石拱桥限行")


def test_nothing_is_injected_into_a_preview(visit: Visit, tmp_path: Path) -> None:
    evil = '<img src=x onerror="window.pwned=1"> ${window.pwned=1} {{value}} "><script>x</script>'
    path = tmp_path / "evil.jsonl"
    path.write_text('{"title": "T", "text": "One."}', encoding="utf-8")
    site = visit("en-US")
    site.tab("Library")
    check_upload(site, path)
    for name in ("title", "byline", "source"):
        field(site, 0, name).fill(evil)
    field(site, 0, "date").fill(evil)
    field(site, 0, "title").focus()
    expect(drafts(site).locator(".qa-fault")).to_contain_text("onerror")
    expect(field(site, 0, "title")).to_have_value(evil)
    assert not site.page.locator("#qa-preview [onerror], #qa-preview script").count()
    site.page.get_by_role("button", name="Discard all").click()
    expect(drafts(site)).to_have_count(0)


def test_a_folder_is_dropped_or_chosen(visit: Visit, bot: QABot, tmp_path: Path) -> None:
    folder = tmp_path / "灯塔"
    (folder / "a" / "b").mkdir(parents=True)
    for name in ("one.txt", "a/two.txt", "a/b/three.txt", ".hidden.txt"):
        (folder / name).write_text(f"灯塔{name}检修公告\n\n灯塔检修期间停航，{name}。", "utf-8")
    site = visit()
    site.tab("文章库")
    box = site.page.locator("#qa-upload").bounding_box()
    assert box is not None
    pointer = site.page.context.new_cdp_session(site.page)
    for kind in ("dragEnter", "dragOver", "drop"):
        data = {"items": [], "files": [str(folder)], "dragOperationsMask": 1}
        at = {"x": box["x"] + 60, "y": box["y"] + 30}
        pointer.send("Input.dispatchDragEvent", {"type": kind, **at, "data": data})
    expect(finished(site).locator(".qa-added")).to_have_count(3)
    assert bot.count(contains="灯塔") == 3

    # a file that is gone when it is to be read is named, and ends nothing
    chooser = "#qa-folder input"
    site.page.evaluate(
        """(chooser) => document.querySelector(chooser).addEventListener('change', (event) => {
          event.stopImmediatePropagation();
          window.chosen = new DataTransfer();
          for (const file of event.target.files) window.chosen.items.add(file);
        }, { once: true })""",
        chooser,
    )
    (folder / "four.txt").write_text("灯塔四号公告\n\n灯塔四号恢复通航。", "utf-8")
    site.page.locator(chooser).set_input_files(folder)
    site.page.wait_for_function("window.chosen")
    (folder / "a" / "two.txt").unlink()
    site.page.evaluate(
        """(chooser) => {
          const input = document.querySelector(chooser);
          input.files = window.chosen.files;
          input.dispatchEvent(new Event('change', { bubbles: true }));
        }""",
        chooser,
    )
    expect(finished(site).locator(".qa-refused")).to_contain_text("two.txt")
    expect(site.page.locator("#qa-status .qa-added")).to_have_count(1)
    expect(site.page.locator("#qa-status .qa-skipped")).to_have_count(2)
    site.complaints.clear()  # the browser's own, that the file is gone
    clean(bot, "灯塔")
