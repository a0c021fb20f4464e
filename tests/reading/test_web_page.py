"""Web pages: whole articles with their own headline and author, and nothing from beside them."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa_bot.reading import read_file
from qa_bot.records import Article

STORY = (
    "沙洲镇的旧磨坊昨天改成了阅览室，守磨坊四十年的裴立仁捐出三百本书。",
    "镇长说，阅览室每天开到晚上九点，孩子放学后可以在这里写作业。",
    "下个月还要在二楼办一个展览，讲磨坊从水车到电机的一百年。",
)
RELATED = "".join(
    f'<div class="box"><img src="{n}.jpg"><span>{title}</span><a href="/{n}">专栏</a></div>'
    for n, title in enumerate(
        ("灯塔为何停电？原因查明", "渔船夜里翻沉", "老街要不要拆？听听他们说")
    )
)
RANKED = "".join(
    f'<li><span>{n}</span><a href="/{n}">{title}</a><em>评论 {n}2 赞 {n}1</em></li>'
    for n, title in enumerate(("采石场爆炸两人受伤", "候车亭一夜之间不见了", "鸽子为什么都飞走了"))
)


def web_page(
    head: str, above: str = "", below: str = "", paragraphs: tuple[str, ...] = STORY
) -> str:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<html><head>{head}</head><body>{above}<div class=text>{body}</div>{below}</body></html>"
    )


def read_page(folder: Path, page: str) -> Article:
    (folder / "page.html").write_text(page, "utf-8")
    (article,) = read_file(folder / "page.html")
    return article


def test_lists_of_links_teasers_and_legal_words_are_not_the_article(tmp_path: Path) -> None:
    below = (
        f"<div><h4>热点</h4><ul>{RANKED}</ul></div><div><h4>专栏</h4>{RELATED}</div>"
        "<div class=statement><p>【免责声明】本文仅代表作者观点，请读者仅作参考。</p></div>"
        '<div id="comments"><p>一位读者说，这个阅览室他天天去，可惜书太少了一点。</p></div>'
    )
    page = web_page("<title>旧磨坊成了阅览室</title>", "<h1>旧磨坊成了阅览室</h1>", below)
    article = read_page(tmp_path, page)
    assert article.title == "旧磨坊成了阅览室"
    assert article.text == "\n\n".join(STORY)


def test_a_statement_alone_does_not_hide_a_short_story(tmp_path: Path) -> None:
    statement = (
        "<div class=statement><p>【免责声明】本文仅代表作者本人观点，与本网无关。本网对文中陈述"
        "保持中立，不对所含内容的准确性提供任何保证。请读者仅作参考，并自行承担全部责任。</p></div>"
    )
    page = web_page("<title>短讯</title>", below=statement, paragraphs=STORY[:1])
    assert read_page(tmp_path, page).text == STORY[0]


def test_a_body_in_several_containers_is_whole(tmp_path: Path) -> None:
    sentence = (
        "The mill at Sandbank was turned into a reading room, and {} helped to carry the {} in."
    )
    paragraphs = [
        sentence.format(who, what)
        + " It took most of an afternoon, with tea and a good deal of talk."
        for who in ("the baker", "two ferrymen", "a retired judge")
        for what in ("shelves", "books", "lamps")
    ]
    grids = "<div class=ad>Advertisement</div>".join(
        "<div class=grid><div class=column>"
        + "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs[n : n + 3])
        + "</div></div>"
        for n in (0, 3, 6)
    )
    page = f"<html><body><main><article><h1>Reading room</h1>{grids}</article></main></body></html>"
    article = read_page(tmp_path, page)
    assert article.text == "\n\n".join(paragraphs)
    assert article.title == "Reading room"


def test_the_headline_is_what_the_page_is_called(tmp_path: Path) -> None:
    title = '守磨坊的人写"告别信"捐书'
    latest = "<h2>最新文章</h2><ul><li><h3><a href='/1'>灯塔停电</a></h3></li></ul>"
    others = f"<div class=side>{latest}</div>"
    page = web_page(f"<title>{title}_沙洲网</title>", f"<h2>{title}</h2>", others)
    assert read_page(tmp_path, page).title == title
    page = web_page("<title>守磨坊的人捐书_沙洲网</title>", below=others)
    assert read_page(tmp_path, page).title == "守磨坊的人捐书"


@pytest.mark.parametrize(
    ("head", "above", "byline"),
    [
        ('<meta name="author" content="裴立">', "", "裴立"),
        ('<meta name="author" content="name, email@example.com">', "", ""),
        ('<meta property="og:site_name" content="沙洲网版权所有">', "", ""),
        ("", '<div class="author">1043</div>', ""),
        ("", '<div class="author">沙洲手机网友 Ip</div>', ""),
        ("", '<div class="author">版权声明 来源：沙洲报 复制链接</div>', ""),
    ],
)
def test_byline_of_a_web_page(tmp_path: Path, head: str, above: str, byline: str) -> None:
    article = read_page(tmp_path, web_page(f"<title>阅览室</title>{head}", above))
    assert article.byline == byline
    assert article.source in ("", "沙洲网")


def test_byline_printed_at_the_ends_of_the_text(tmp_path: Path) -> None:
    opened = ("（记者 佘望川）沙洲镇昨天下了一场大雪，渡船停了半天，学校照常上课。", *STORY)
    assert read_page(tmp_path, web_page("<title>大雪</title>", paragraphs=opened)).byline == (
        "记者 佘望川"
    )
    closed = (*STORY, "雪要下到星期五，镇里已经备好了沙子和盐。（文/图 佘望川）")
    assert read_page(tmp_path, web_page("<title>大雪</title>", paragraphs=closed)).byline == (
        "文/图 佘望川"
    )
