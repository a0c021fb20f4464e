"""Pages become articles: fixtures with exact expectations, and what holds for any text at all."""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pages import judge_page
from qa_bot.newspaper import split_page
from qa_bot.newspaper.columns import split_blocks
from qa_bot.newspaper.furniture import without_furniture
from qa_bot.records import Article

PAGES = sorted((Path(__file__).parents[1] / "fixtures" / "pages").glob("*.txt"))
BRACKETS_AND_HYPHENS = "（）()【】〔〕[]-\u00ad\u2010"


def fields(article: Article) -> dict[str, str]:
    return {name: getattr(article, name) for name in ("title", "byline", "published", "text")}


def characters(text: str) -> Counter[str]:
    return Counter("".join(text.split()))


def assert_nothing_lost(page: str, articles: list[Article]) -> None:
    """Only furniture, brackets around bylines and hyphens may go, and nothing may be added."""
    given_ = characters(page)
    kept = Counter[str]()
    for article in articles:
        kept += characters(article.title + article.byline + article.text)
    assert not kept - given_, "characters were invented"
    _, taken = without_furniture(list(split_blocks(page)))
    furniture = characters("".join(taken.lines))
    lost = given_ - kept - furniture
    assert set(lost) <= set(BRACKETS_AND_HYPHENS), f"lost: {lost}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_page(page: Path) -> None:
    text = page.read_text("utf-8")
    articles = split_page(text, path=page.name)
    expected = json.loads(page.with_suffix(".json").read_text("utf-8"))
    assert [fields(article) for article in articles] == expected
    assert_nothing_lost(text, articles)


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\u2028"])
def test_any_newline_style_gives_the_same(newline: str) -> None:
    text = next(page for page in PAGES if page.stem == "kicker_and_deck").read_text("utf-8")
    as_read = [fields(article) for article in split_page(text)]
    assert len(as_read) == 2
    assert [fields(a) for a in split_page(text.replace("\n", newline))] == as_read


FRAGMENTS = [
    "",
    "",
    "",
    "本报讯 昨天，临澜市召开了一次会议。",
    "本报讯（记者 顾南）8月3日，渡口开航。",
    "会议讨论了半天，最后决定把渡口的",
    "名字改回去。（许知遥）",
    "（许知遥、段其昌）",
    "（记者 顾南 通讯员 沈星）",
    "本报记者 顾南",
    "渡口改名",
    "谁来摆渡？",
    "新华社临澜5月6日电 渡口开航。",
    "“这是一句没有说完的",
    "话。”他说。",
    "2024年8月10日 星期六 A01 要闻",
    "2024年8月10日",
    "责编 顾南 版式 沈星",
    "A02",
    "By Jane Doe",
    "PORT SELBY — The ferry is back.",
    "It was a hyphen-",
    "ated word, and the line went on",
    "Old Ferry Returns",
    "一、第一条；",
    "https://www.example.org/a",
    "　　缩进的一行，",
    "图为渡口。 卫星辰 摄",
    "（完）",
    "-",
    "（",
    "）",
]


@settings(max_examples=400)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=25))
def test_nothing_is_lost_from_any_arrangement(lines: list[str]) -> None:
    page = "\n".join(lines)
    assert_nothing_lost(page, split_page(page))


@settings(max_examples=300)
@given(st.text(max_size=300))
def test_never_raises_and_loses_nothing_of_any_text(text: str) -> None:
    assert_nothing_lost(text, split_page(text))


@settings(max_examples=150)
@given(st.lists(st.text("天地人和的，。“”（）ab -1\n", max_size=40), max_size=12))
def test_any_paragraphs_without_headlines_are_one_article(blocks: list[str]) -> None:
    page = "\n\n".join(f"{block.strip()}。" for block in blocks)
    assert len(split_page(page)) == (1 if page.strip() else 0)


def test_empty_page_has_no_article() -> None:
    assert split_page("") == split_page(" \n\u3000\n") == []


def test_fields_are_passed_on() -> None:
    (article,) = split_page(
        "渡口改名\n\n渡口昨天改了名字。", path="a/b.txt", source="晨报", url="http://x.example/1"
    )
    assert (article.path, article.source, article.url) == ("a/b.txt", "晨报", "http://x.example/1")
    assert (article.title, article.text) == ("渡口改名", "渡口昨天改了名字。")
    assert article.lang == "zh-Hans"
    assert split_page("渡口昨天改了名字。", lang="ja")[0].lang == "ja"


@pytest.mark.parametrize(
    ("text", "path", "published", "expected"),
    [
        ("本报讯 5月16日，渡口开航。", "", "", "--05-16"),
        ("本报讯 昨天，渡口开航。", "", "", ""),
        ("本报讯 2023年5月16日，渡口开航。", "", "", "2023-05-16"),
        ("本报讯 5月16日，渡口开航。", "2024-08-10_A01.txt", "", "2024-08-10"),
        ("本报讯 5月16日，渡口开航。", "017_9bd07723bc41ee02.txt", "", "--05-16"),
        ("本报讯 5月16日，渡口开航。", "2024-08-10_A01.txt", "2024-08-11", "2024-08-11"),
        ("本报讯 5月16日，渡口开航。", "", "2024", "2024-05-16"),
        ("本报讯 5月16日，渡口开航。", "", "9 August 2024", "2024-08-09"),
        ("2024年4月7日 星期日 第A01版\n\n本报讯 5月16日，渡口开航。", "", "", "2024-04-07"),
        ("Sunday, April 7, 2024\n\nThe ferry is back.", "", "", "2024-04-07"),
        ("本报讯 5月16日，渡口开航。", "", "someday", "--05-16"),
        ("渡口修好了。1937年7月7日，它毁于战火。", "", "", ""),
    ],
)
def test_published(text: str, path: str, published: str, expected: str) -> None:
    (article,) = split_page(text, path=path, published=published)
    assert article.published == expected


def test_a_quotation_and_its_source_do_not_end_an_article() -> None:
    page = "读诗\n\n“渡口有人归。”（柳如风）\n\n好在归字。\n\n“船去不见人。”（江南）\n\n好在去字。"
    (article,) = split_page(page)
    assert article.byline == ""
    assert "（柳如风）" in article.text


@pytest.mark.e2e
def test_a_megabyte_is_quick() -> None:
    page = (PAGES[0].parent / "titles_in_the_middle.txt").read_text("utf-8")
    started = time.process_time()
    articles = split_page(page * (1_000_000 // len(page.encode())))
    assert time.process_time() - started < 10  # about one second on an ordinary machine
    assert len(articles) > 500


@pytest.mark.e2e
@pytest.mark.parametrize(
    "text",
    [
        "（\n" * 20_000,
        "“" * 50_000,
        "2024年8月" * 10_000,
        "A " * 50_000,
        "ab-\n" * 20_000,
        "今天，\n\n" * 20_000,
        "渡口\n" * 50_000,
        " 今天大家在渡口开会讨论了半天\n" * 20_000,
    ],
    ids=["brackets", "quotes", "dates", "capitals", "hyphens", "unfinished", "short", "indented"],
)
def test_no_text_takes_more_than_linear_time(text: str) -> None:
    started = time.process_time()
    split_page(text)
    assert time.process_time() - started < 10


def test_most_articles_of_messy_pages_come_out_right() -> None:
    """A bound below what is reached, so that a change that loses a kind of page is noticed."""
    pages = sorted((Path(__file__).parents[2] / "eval" / "page_dumps").glob("*.txt"))
    verdicts = [wrong for page in pages for _, wrong in judge_page(page)]
    assert len(verdicts) > 150
    assert sum(not wrong for wrong in verdicts) >= 0.7 * len(verdicts)
