"""The Library tab in a real browser: looking through, correcting, undoing, exporting."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from qa_bot import Article, QABot
from tests.e2e.browsing import Site
from tests.e2e.shelves import KINDS, PHONE, WIDE, Visit, clean, rows

pytestmark = pytest.mark.e2e


def heads(site: Site) -> list[str]:
    return site.page.locator("#qa-library tbody .qa-head").all_inner_texts()


def fill_filter(site: Site, text: str) -> None:
    site.page.locator("#qa-filter input, #qa-filter textarea").fill(text)


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


def test_the_library_fits_a_phone(visit: Visit, bot: QABot) -> None:
    site = visit("en-US", **PHONE)
    site.tab("Library")
    expect(rows(site).first).to_be_visible()
    site.page.get_by_label("Sorted by").select_option("headline")
    expect(rows(site).first).to_contain_text(bot.articles(order="headline", limit=1)[0].title)
    assert not site.page.evaluate(WIDE)
