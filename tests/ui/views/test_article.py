"""The opened article and its marks."""

from __future__ import annotations

import html
import re

import pytest

from qa_bot.records import Answer, Article, Citation
from qa_bot.ui.texts import say
from qa_bot.ui.views.answer import answer
from qa_bot.ui.views.article import article as opened
from qa_bot.ui.views.target import Target
from tests.ui.shown import Seen, an_article, cited


def test_only_web_addresses_become_links() -> None:
    web = an_article(url="https://daily.example/a?b=1&c=2")
    seen = Seen(opened(web, Target.of(web), "en"))
    assert "https://daily.example/a?b=1&c=2" in [a.get("href") for _, a in seen.tags]
    evil = an_article(url="javascript:alert(1)")
    assert "javascript" not in opened(evil, Target.of(evil), "en")


@pytest.mark.parametrize(
    "quote", ["二。", "一。二。", "一。二。\n三。", "三。\n\n<四>。", "<四>。"]
)
def test_the_quote_is_marked(quote: str) -> None:
    article = an_article("一。二。\n三。\n\n<四>。五。")
    citation = cited(article, quote)
    target = Target.of(article, citation.start, citation.end)
    seen = Seen(opened(article, target, "zh-Hans"))
    assert re.sub(r"\s", "", seen.inside["mark"]) == re.sub(r"\s", "", quote)
    assert re.sub(r"\s", "", article.text) in re.sub(r"\s", "", seen.text)


def test_a_changed_article_is_shown_without_a_mark() -> None:
    old, new = an_article("Old text.", id="7"), an_article("New text, longer.", id="7")
    seen = Seen(opened(new, Target.of(old, 0, 3), "en"))
    assert "mark" not in seen.inside
    assert say("en", "changed") in seen.text


def test_what_else_the_answer_quotes_is_marked_paler() -> None:
    text = "One is here.\nTwo is there. Three is gone."
    source = Article("T", text, id="a")
    spans = [(0, 12), (13, 26), (20, 40)]
    citations = [
        Citation(number, source, text[a:b], a, b) for number, (a, b) in enumerate(spans, 1)
    ]
    given = Answer("?", "One. [1] Two. [2]", "", tuple(citations), (), True, 1, "en")
    href = Seen(answer(given, "en")).all("qa-cite")[1]["href"]
    target = Target.parse(href)
    assert target is not None
    assert target.others == ((0, 12), (20, 40))
    shown = html.unescape(opened(source, target, "en"))
    assert re.findall(r"<mark>(.*?)</mark>", shown) == ["Two is ", "there."]
    assert re.findall(r'<mark class="qa-also">(.*?)</mark>', shown) == [
        "One is here.",
        " Three is gone."[:14],
    ]
