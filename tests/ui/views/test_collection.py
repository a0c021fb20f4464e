"""The charts as HTML: what they show, where their links lead, and that nothing gets injected."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import unquote

import pytest

from qa_bot.collection.periods import PeriodCount
from qa_bot.collection.statistics import Figures, NameCount
from qa_bot.index.records import SourceCount
from qa_bot.records import Article
from qa_bot.ui.views.collection import PAGE, Choice, chosen, collection
from qa_bot.ui.views.target import Target

FIGURES = Figures(
    "now",
    1234,
    "month",
    [PeriodCount("2024-03", 4), PeriodCount("2024-04", 0), PeriodCount("2024-05", 8)],
    coarse=3,
    undated=2,
    sources=[SourceCount("<b>晚报</b> ${1}", 7), SourceCount("", 1)],
    chinese=9,
    names={"person": [NameCount('梁"若溪', 2)], "place": [], "body": []},
)


def article(title: str, published: str) -> Article:
    return Article(title, "一句话。", published=published)


def links(html: str) -> list[str]:
    return [unescape(href) for href in re.findall(r'href="([^"]+)"', html)]


def figure(href: str) -> Choice | None:
    return Choice.parse(unquote(href.removeprefix("#collection?figure=")))


@pytest.mark.parametrize("lang", ["en", "zh-Hans", "zh-Hant"])
def test_every_figure_is_a_link_with_words(lang: str) -> None:
    html = collection(FIGURES, lang)
    asked = [figure(link) for link in links(html)]
    assert asked == [
        Choice("when", "2024-03", 0),
        Choice("when", "2024-05", 0),
        Choice("when", "coarse", 0),
        Choice("when", "undated", 0),
        Choice("source", "<b>晚报</b> ${1}", 0),
        Choice("source", "", 0),
        Choice("person", '梁"若溪', 0),
    ]
    labels = [unescape(label) for label in re.findall(r'<a [^>]*aria-label="([^"]+)"', html)]
    assert len(labels) == 5  # the other two say it in their text
    assert all(re.search(r"\d", label) for label in labels)
    assert "<b>" not in html
    assert "${" not in html
    assert '梁"' not in html


def test_bars_are_as_high_as_their_figures() -> None:
    html = collection(FIGURES, "en")
    assert re.findall(r"--v:([\d.]+)", unescape(html))[:2] == ["0.5000", "1.0000"]
    assert len(re.findall(r"<li>", html.split("</ol>")[0])) == 3  # the empty month has its place


def test_nothing_counted_and_nothing_there() -> None:
    assert collection(None, "en") == ""
    empty = Figures("now", 0, "day", [], 0, 0, [])
    assert "No articles yet" in collection(empty, "en")
    undated = Figures("now", 2, "day", [], 0, 2, [SourceCount("", 2)])
    assert links(collection(undated, "en"))[0] == "#collection?figure=when%2F0%2Fundated"


def test_the_list_of_a_figure_turns_its_pages() -> None:
    shown = [article(f"文{n}<i>", "2024-05-01") for n in range(PAGE)]
    html = chosen(shown, 50, Choice("source", "晚/报", 20), "en")
    found = links(html)
    turns = [Choice("source", "晚/报", 0), Choice("source", "晚/报", 40)]
    assert found[-2:] == [turn.href for turn in turns]
    assert [figure(href) for href in found[-2:]] == turns
    targets = [Target.parse(link) for link in found[1:-2]]  # the first leads to the library
    assert [target and target.article_id for target in targets] == [a.id for a in shown]
    assert "<i>" not in html
    assert "21–40 of 50" in unescape(html)


@pytest.mark.parametrize("figure", ["", "when/0", "when/x/2024", "when"])
def test_what_is_no_figure_of_a_chart(figure: str) -> None:
    assert Choice.parse(figure) is None


@pytest.mark.parametrize(
    ("choice", "href"),
    [
        (Choice("person", "梁若溪"), "#library?name=%E6%A2%81%E8%8B%A5%E6%BA%AA"),
        (Choice("body", "a&b"), "#library?name=a%26b"),
        (Choice("source", "Post"), "#library?source=Post"),
        (Choice("source", ""), ""),  # the library knows no filter for these
        (Choice("when", "2024-05"), ""),
    ],
)
def test_articles_of_a_figure_are_shown_in_the_library(choice: Choice, href: str) -> None:
    html = chosen([article("一", "2024-05-01")], 1, choice, "en")
    assert [link for link in links(html) if link.startswith("#library")] == [href] * bool(href)
