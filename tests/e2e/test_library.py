"""The Library tab in a real browser: looking through, undoing, exporting, checking, pasting."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from qa_bot import Article, QABot
from tests.e2e.browsing import Site

pytestmark = pytest.mark.e2e

Visit = Callable[..., Site]

PAGE = """渡口老街修缮完工

本报讯 6月2日，渡口老街修缮工程完工。老街全长四百米，沿街店铺六十二间。
工程历时两年。

青年夜校开课

本报讯 6月3日，青年夜校在文化馆开课。首期开设书法、木工等八门课程。
报名者逾千人。
"""
PHONE = {"viewport": {"width": 360, "height": 700}, "has_touch": True, "is_mobile": True}
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def rows(site: Site) -> Locator:
    return site.page.locator("#qa-library tbody tr")


def heads(site: Site) -> list[str]:
    return site.page.locator("#qa-library tbody .qa-head").all_inner_texts()


def drafts(site: Site) -> Locator:
    return site.page.locator("#qa-preview .qa-draft")


def field(site: Site, number: int, name: str) -> Locator:
    return site.page.locator(f"#qa-draft-{number}-{name}")


def fill_filter(site: Site, text: str) -> None:
    site.page.locator("#qa-filter input, #qa-filter textarea").fill(text)


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


def clean(bot: QABot, *words: str) -> None:
    for word in words:
        for article in bot.articles(contains=word):
            bot.remove(article.id)


def test_sorting_and_filtering(visit: Visit, bot: QABot) -> None:
    site = visit("en-US")
    site.tab("Library")
    expect(rows(site)).to_have_count(bot.count())
    for button, order in (("Date", "-date"), ("Date", "date"), ("Headline", "headline")):
        site.page.locator("#qa-library th").get_by_role("button", name=button).click()
        way = "descending" if order.startswith("-") else "ascending"
        expect(site.page.locator(f"#qa-library th[aria-sort={way}]")).to_contain_text(button)
        wanted = [article.title for article in bot.articles(order=order)]  # type: ignore[arg-type]
        assert heads(site) == wanted
    site.page.get_by_label("Sorted by").select_option("added")
    expect(rows(site).first).to_contain_text(bot.articles(order="added", limit=1)[0].title)

    site.page.get_by_role("combobox", name="Source").click()
    site.page.get_by_role("option", name="Linjiang Post").click()
    expect(rows(site)).to_have_count(1)
    expect(rows(site)).to_contain_text("River ferry")
    site.page.get_by_role("combobox", name="Source").click()
    site.page.get_by_role("option", name="All sources").click()
    expect(rows(site)).to_have_count(bot.count())  # or the one row of before is taken for the next
    site.page.locator("#qa-narrow").get_by_label("From").fill("2024-04")
    site.page.locator("#qa-narrow").get_by_label("Until").fill("2024-04-30")
    expect(rows(site)).to_have_count(1)
    expect(rows(site)).to_contain_text("柳堤大桥因检修封闭")
    site.page.locator("#qa-narrow").get_by_label("Until").fill("2024-99")
    expect(site.page.locator("#qa-library .qa-fault")).to_contain_text("2024-99")


def test_the_offer_to_undo_stays_in_sight(visit: Visit, bot: QABot) -> None:
    before = {a.id for a in bot.articles()}
    site = visit()
    site.page.set_viewport_size({"width": 1280, "height": 240})
    site.tab("文章库")
    expect(rows(site)).to_have_count(len(before))
    rows(site).last.get_by_role("button", name="移除").click()  # it is scrolled to
    expect(rows(site)).to_have_count(len(before) - 1)
    undo = site.page.locator("#qa-status").get_by_role("button", name="撤销移除")
    site.page.mouse.move(640, 120)
    site.page.mouse.wheel(0, 5000)
    expect(rows(site).last).to_be_in_viewport()
    expect(undo).to_be_in_viewport(ratio=1)
    undo.press("Enter")
    expect(rows(site)).to_have_count(len(before))
    assert {a.id for a in bot.articles()} == before


def test_a_removed_article_is_put_back(visit: Visit, bot: QABot) -> None:
    article = next(a for a in bot.articles() if a.title == "柳堤大桥因检修封闭")
    site = visit()
    site.tab("文章库")
    fill_filter(site, article.title)
    expect(rows(site)).to_have_count(1)
    site.page.get_by_role("button", name=f"移除：{article.title}", exact=True).press("Enter")
    expect(rows(site)).to_have_count(0)
    assert article.id not in {a.id for a in bot.articles()}
    undo = site.page.get_by_role("button", name=f"撤销移除：{article.title}")
    expect(undo).to_be_focused()
    undo.press("Enter")
    expect(rows(site)).to_have_count(1)
    expect(site.page.locator("#qa-status")).to_contain_text("已恢复")
    expect(undo).to_have_count(0)
    assert bot.article(article.id) == article
    assert bot.pending() == 0
    site.tab("提问")
    expect(site.ask("柳堤大桥为什么封闭？")).to_contain_text("伸缩缝")


KINDS = [
    ("zh-CN", "文章库", {"viewport": {"width": 1280, "height": 800}}),
    ("en-US", "Library", PHONE),
]


def fill_form(site: Site, **fields: str) -> None:
    for name, value in fields.items():
        site.page.locator(f"#qa-corrections input[name={name}]").fill(value)
    site.page.locator("#qa-corrections button[type=submit]").click()


@pytest.mark.parametrize(("lang", "tab", "window"), KINDS)
def test_the_texts_are_searched(
    visit: Visit, bot: QABot, lang: str, tab: str, window: dict[str, Any]
) -> None:
    site = visit(lang, **window)
    site.tab(tab)
    fill_filter(site, "伸縮縫")  # in the text alone, and in the other script
    expect(rows(site)).to_have_count(1)
    expect(rows(site).locator("mark")).to_have_text("伸缩缝")
    expect(rows(site).locator(".qa-times")).to_contain_text("1")
    rows(site).locator(".qa-head").click()
    expect(site.article.locator("mark")).to_have_text("伸缩缝")
    assert not site.page.evaluate(WIDE)
    site.article.locator(".qa-close").click()
    fill_filter(site, "临江")
    expect(rows(site)).to_have_count(bot.count(contains="临江"))
    site.page.locator("#qa-byline input, #qa-byline textarea").fill("何知微")
    expect(rows(site)).to_have_count(1)
    expect(rows(site)).to_contain_text("临江图书馆新馆开放")


@pytest.mark.parametrize(("lang", "tab", "window"), KINDS)
def test_headings_are_corrected(
    visit: Visit, bot: QABot, lang: str, tab: str, window: dict[str, Any]
) -> None:
    site = visit(lang, **window)
    bot.add(Article("错字的标题", "望江亭今天重开。", id="wrong"), wait=False)
    site.tab(tab)
    fill_filter(site, "望江亭")
    expect(rows(site)).to_have_count(1)
    site.page.locator("#qa-library [data-correct]").press("Enter")
    expect(site.page.locator("#qa-corrections input[name=title]")).to_be_focused()
    expect(rows(site)).to_be_hidden()
    fill_form(site, title="望江亭重开", date="下周三")
    expect(site.page.locator("#qa-corrections .qa-fault")).to_contain_text("下周三")
    expect(site.page.locator("#qa-corrections input[name=title]")).to_have_value("望江亭重开")
    assert not site.page.evaluate(WIDE)
    fill_form(site, date="2024年6月1日", byline="何知微", source="渡口晚报")
    expect(rows(site)).to_contain_text("望江亭重开")
    expect(rows(site)).to_contain_text("2024-06-01")
    expect(site.page.locator("#qa-library [data-correct]")).to_be_focused()
    assert bot.article("wrong").source == "渡口晚报"
    rows(site).locator(".qa-head").click()
    expect(site.article).to_contain_text("渡口晚报")
    site.article.locator(".qa-history summary").click()
    expect(site.article.locator(".qa-history li")).to_have_count(4)
    expect(site.article.locator(".qa-history li del").first).to_have_text("错字的标题")
    site.article.locator(".qa-close").click()
    site.page.locator("#qa-library [data-correct]").click()
    expect(site.page.locator("#qa-corrections input[name=title]")).to_be_focused()
    site.page.keyboard.press("Escape")
    expect(rows(site)).to_be_visible()
    bot.remove("wrong")


@pytest.mark.parametrize(("lang", "tab", "window"), KINDS)
def test_several_are_picked(
    visit: Visit, bot: QABot, tmp_path: Path, lang: str, tab: str, window: dict[str, Any]
) -> None:
    texts = [f"渡船第{n}班照常。" for n in range(23)]
    bot.add([Article(f"渡船{n}", text) for n, text in enumerate(texts)], wait=False)
    site = visit(lang, **window)
    site.tab(tab)
    fill_filter(site, "渡船")
    expect(site.page.locator(".qa-pager span")).to_contain_text("23")
    order = heads(site)
    picked = site.page.locator(".qa-picked")
    expect(picked).to_be_hidden()
    site.page.locator("[data-pickpage]").check()
    expect(picked).to_contain_text("20")
    rows(site).nth(3).locator("[data-pick]").uncheck()
    site.page.locator("[data-page='1']").click()
    expect(rows(site)).to_have_count(3)
    rows(site).first.locator("[data-pick]").check()
    expect(picked).to_contain_text("20")  # of both pages
    assert not site.page.evaluate(WIDE)
    with site.page.expect_download() as download:
        picked.locator("[data-several=export_some]").click()
    download.value.save_as(tmp_path / "some.jsonl")
    assert len((tmp_path / "some.jsonl").read_text("utf-8").splitlines()) == 20
    picked.locator("[data-several=correct]").click()
    fill_form(site, source="渡口晚报")
    expect(site.page.locator("#qa-corrections input")).to_have_count(0)  # it is kept by now
    expect(rows(site)).to_have_count(3)
    assert bot.count(source="渡口晚报") == 20
    picked.locator("[data-several=remove]").click()
    undo = site.page.locator("#qa-status [data-undo]")
    expect(undo).to_be_visible()
    expect(rows(site)).to_have_count(3)
    assert bot.count(contains="渡船") == 3
    expect(undo).to_be_focused()
    undo.press("Enter")
    expect(rows(site)).to_have_count(20)
    assert heads(site) == order
    rows(site).first.locator("[data-pick]").check()
    fill_filter(site, "ferry")  # what is out of sight is not meant
    expect(rows(site)).to_have_count(1)
    expect(picked).to_be_hidden()
    clean(bot, "渡船")


def test_an_export_is_what_the_filter_shows(visit: Visit, bot: QABot, tmp_path: Path) -> None:
    site = visit("en-US")
    site.tab("Library")
    expect(rows(site).first).to_be_visible()
    for words in ("", "River ferry"):
        fill_filter(site, words)
        expected = bot.articles(contains=words)
        expect(rows(site)).to_have_count(len(expected))
        with site.page.expect_download() as download:
            site.page.get_by_role("button", name="Export these articles").click()
        path = tmp_path / f"{len(expected)}.jsonl"
        download.value.save_as(path)
        assert download.value.suggested_filename == "articles.jsonl"
        with QABot.open(tmp_path / f"index{len(expected)}") as other:
            other.add(path, wait=False)
            assert other.articles() == expected


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


def test_the_library_fits_a_phone(visit: Visit, bot: QABot) -> None:
    site = visit("en-US", **PHONE)
    site.tab("Library")
    expect(rows(site).first).to_be_visible()
    site.page.get_by_label("Sorted by").select_option("headline")
    expect(rows(site).first).to_contain_text(bot.articles(order="headline", limit=1)[0].title)
    assert not site.page.evaluate(WIDE)


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
