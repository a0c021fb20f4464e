"""When an answer's sources appeared."""

from __future__ import annotations

import re
from html import unescape

import pytest

from qa_bot.records import Article, Citation, Hit, Passage
from qa_bot.ui.views.target import Target
from qa_bot.ui.views.timeline import timeline


def article(title: str, published: str) -> Article:
    return Article(title, "一句话。", published=published)


def hit(of: Article) -> Hit:
    return Hit(Passage(1, of.id, 0, 4, of.text), of, 1.0)


def cited(of: Article, number: int) -> Citation:
    return Citation(number, of, of.text[:2], 0, 2)


def links(html: str) -> list[str]:
    return [unescape(href) for href in re.findall(r'href="([^"]+)"', html)]


def test_a_timeline_has_each_article_once_in_order() -> None:
    early, middle = article("早", "2023-01-01"), article("中<i>", "2023-07")
    late, never = article("晚", "2024-01-01"), article("无", "--03-05")
    hits = [hit(late), hit(never), hit(early), hit(middle), hit(early)]
    html = timeline(hits, [cited(late, 1), cited(late, 2)], "zh-Hans")
    targets = [Target.parse(link) for link in links(html)]
    assert [t and t.article_id for t in targets] == [early.id, middle.id, late.id]
    assert targets[2] is not None
    assert (targets[2].start, targets[2].end) == (0, 2)  # the quote, not the passage
    assert html.count("qa-cited") == 1
    places = [float(x) for x in re.findall(r"--x:([\d.]+)%", unescape(html))]
    assert places[0] == 0
    assert 45 < places[1] < 60
    assert places[2] == 100
    assert "<i>" not in html


def test_dots_that_would_touch_are_stacked() -> None:
    days = [article(f"文{n}", f"2023-01-{n:02}") for n in (1, 2, 3)]
    html = timeline([hit(a) for a in [*days, article("末", "2023-12-31")]], [], "en")
    assert re.findall(r"--level:(\d)", html) == ["0", "1", "2", "0"]
    assert "--levels:3" in html


@pytest.mark.parametrize(
    "dates", [[], ["2024-01-01"], ["2024-01-01", "2024-01-01"], ["2024-01-01", "--05-06", ""]]
)
def test_no_timeline_without_two_dates(dates: list[str]) -> None:
    assert timeline([hit(article(f"文{n}", d)) for n, d in enumerate(dates)], [], "en") == ""
