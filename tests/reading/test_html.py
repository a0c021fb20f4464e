"""HTML files, with real libraries."""

from __future__ import annotations

import pytest

from qa_bot.reading.html import visible_text
from tests.reading.samples import HANS, JA, PAGE, Make, articles, refusal, squeezed


@pytest.mark.parametrize(
    ("declared", "written"),
    [("utf-8", "utf-8"), ("gb2312", "gb18030"), ("gb2312", "utf-8"), ("utf-8", "gb18030")],
)
def test_html(make: Make, declared: str, written: str) -> None:
    (article,) = articles(make("a.html", PAGE.format(charset=declared).encode(written)))
    assert article.title == "东湖区植树"
    assert article.byline == "林一"
    assert article.published == "2024-03-12"
    assert article.source == "东湖日报"
    assert article.url == "https://example.com/a/1.html"
    assert article.text.startswith("本报讯 3月12日，东湖区举行植树节活动")
    assert article.text.endswith("四十吨。")
    assert article.text.count("\n\n") == 2
    assert "首页" not in article.text
    assert "脚本" not in article.text


def test_html_declared_gb2312_with_characters_outside_it(make: Make) -> None:
    page = "<meta http-equiv=Content-Type content='text/html; charset=gb2312'>"
    page += "<p>朱镕基、陶喆、㐱。</p>"
    (article,) = articles(make("a.htm", page.encode("gb18030")))
    assert article.text == "朱镕基、陶喆、㐱。"


def test_html_in_which_no_article_is_found_gives_its_visible_text(make: Make) -> None:
    (article,) = articles(
        make("a.html", "<title>短讯</title><div>甲<b>乙</b>丙</div><div>丁</div>")
    )
    assert article.title == "短讯"
    assert squeezed(article.text) == "甲乙丙丁"


def test_html_without_text_is_refused(make: Make) -> None:
    page = "<html><head><title>x</title></head><body><script>load()</script></body></html>"
    assert "holds no text" in refusal(make("a.html", page))


def test_html_lists_and_tables(make: Make) -> None:
    rows = "".join(f"<tr><td>树种{n}</td><td>{n}00棵</td></tr>" for n in range(3))
    items = "".join(f"<li>第{n}条措施是多种树、种好树、管好树。</li>" for n in range(3))
    paragraphs = "".join(f"<p>{part}</p>" for part in HANS.split("\n"))
    page = f"<article>{paragraphs}<ul>{items}</ul><table>{rows}</table><p>{JA}</p></article>"
    (article,) = articles(make("a.html", page))
    assert "树种1 100棵\n树种2 200棵" in article.text
    assert "第0条措施是多种树、种好树、管好树。\n第1条" in article.text
    assert "|" not in article.text


def test_xhtml_with_declaration_and_entities(make: Make) -> None:
    page = (
        '<?xml version="1.0" encoding="gb2312"?><!DOCTYPE html [<!ENTITY a "哈哈哈哈">'
        '<!ENTITY b "&a;&a;&a;&a;">]>'
        "<html><body><p>正文在此，一句话。&b;&lt;完&gt;</p></body></html>"
    )
    (article,) = articles(make("a.html", page.encode("gb18030")))
    assert "正文在此，一句话。" in article.text
    assert "哈哈哈哈哈哈" not in article.text


def test_visible_text() -> None:
    page = "<head><title>不要</title></head><p>一&amp;二<br>三</p><style>p{}</style>"
    page += "<td>四</td><td>五</td><ul><li>六</li><li>七</li></ul>"
    assert visible_text(page) == "一&二\n三\n\n四 五\n\n六\n七"
