"""Markdown, with real files."""

from __future__ import annotations

from qa_bot.reading import read
from qa_bot.reading.markdown import front_matter, plain_text
from qa_bot.records import Article, Refusal
from tests.reading.samples import HANS, Make, articles, refusal, squeezed, whole


def test_markdown_with_front_matter(make: Make) -> None:
    path = make(
        "a.md",
        "---\ntitle: 区长：种树要紧\ndate: 2024年3月12日\nsource: '东湖日报'\n"
        "author: [林一, 陈二]\n"
        "id: 007\nurl: https://example.com/a # 地址\n---\n\n# 区长：种树要紧\n\n"
        "**本报讯** 3月12日，[东湖区](https://example.com)举行\n植树节活动。\n\n"
        "- 第一项\n- 第二项\n\n3. 第三点\n\n| 树种 | 棵数 |\n|---|---|\n| 水杉 | 2000 |\n",
    )
    (article,) = articles(path)
    assert article.title == "区长：种树要紧"
    assert article.published == "2024-03-12"
    assert article.source == "东湖日报"
    assert article.byline == "林一, 陈二"
    assert article.id == "007"
    assert article.url == "https://example.com/a"
    assert article.text == (
        "本报讯 3月12日，东湖区举行植树节活动。\n\n第一项\n第二项\n\n3. 第三点\n\n"
        "水杉，棵数：2000。"
    )


def test_markdown_title_is_its_first_heading(make: Make) -> None:
    (article,) = articles(make("2024-03-12.md", f"## 要闻\n\n# 植树节\n\n{HANS}"))
    assert article.title == "植树节"
    assert article.text.startswith("要闻\n\n本报讯")
    assert "#" not in article.text
    assert article.published == "2024-03-12"
    assert article.lang == "zh-Hans"


def test_markdown_that_is_a_plain_dump_is_split_like_one(make: Make) -> None:
    assert squeezed(HANS) in whole(articles(make("a.markdown", HANS)))


def test_markdown_front_matter_alone_is_refused(make: Make) -> None:
    assert "holds no text" in refusal(make("a.md", "---\ntitle: 空\n---\n"))


def test_front_matter_keeps_what_is_none() -> None:
    dump = "---\n第一行没有字段\n---\n正文"
    assert front_matter(dump) == ({}, dump)
    assert front_matter("---\ntags:\n  - 甲\n  - 乙\nid: null\n---\n正文") == (
        {"tags": "甲, 乙", "id": ""},
        "正文",
    )


def test_markdown_text_reads_cleanly() -> None:
    markdown = "一行\n又*一*行。\n新行 `code` ~~旧~~ ![图注](a.png)<br>下\n\n"
    markdown += "> 引文\n\n```\n原样\n```\nsoft\nwrap"
    assert plain_text(r"2\*3 \# 4") == "2*3 # 4"
    assert plain_text("第一段没有句号\n\u3000\u3000第二段") == "第一段没有句号\n第二段"
    assert plain_text(markdown) == (
        "一行又一行。\n新行 code 旧 图注\n下\n\n引文\n\n原样\n\nsoft wrap"
    )


def test_a_date_of_front_matter_that_is_not_understood(make: Make) -> None:
    path = make("a.md", "---\ntitle: 通车\ndate: someday\n---\n\n桥梁通车了。\n")
    article, refused = read([path])
    assert isinstance(article, Article)
    assert article.title == "通车"
    assert isinstance(refused, Refusal)
    assert "someday" in refused.reason
