"""Articles before they are added, and how the page tells the pace of adding."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import gradio as gr
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.drafts import Defaults, Draft, articles, corrected, drafts_of, merged, split
from qa_bot.errors import QABotError
from qa_bot.records import Article
from qa_bot.text.dates import typed_date
from qa_bot.text.sentences import sentence_breaks
from qa_bot.ui.pace import Pace
from qa_bot.ui.preview import Preview, Proofs, checkable
from qa_bot.ui.views.proof import proof

ONE = Article(
    "甲", "第一句。第二句。\n\n第三句。", published="2024-06-02", byline="何知微", path="p.txt"
)
TWO = Article("乙", "Another text. It ends.", source="Post", published="--06-03", path="p.txt")


# Dates that someone typed


@pytest.mark.parametrize(
    ("typed", "iso"),
    [
        ("", ""),
        ("  ", ""),
        ("2024", "2024"),
        ("2024-8", "2024-08"),
        ("2024/8/9", "2024-08-09"),
        ("2024年8月9日", "2024-08-09"),
        ("9 August 2024", "2024-08-09"),
        ("08-09", "--08-09"),
        ("8/9", "--08-09"),
        ("--08-09", "--08-09"),
        ("8月9日", "--08-09"),
        ("02-29", "--02-29"),
    ],
)
def test_typed_dates(typed: str, iso: str) -> None:
    assert typed_date(typed) == iso
    shown = iso.removeprefix("--")
    assert typed_date(shown) == iso  # what the field then shows means the same


@pytest.mark.parametrize(
    "typed", ["yesterday", "下周三", "2024-13", "2024-02-30", "02-30", "24", "<b>"]
)
def test_what_is_no_date_is_said_to_be_none(typed: str) -> None:
    with pytest.raises(QABotError, match="2024-08-09, 2024-08 or 2024"):
        typed_date(typed)


# Drafts


def test_nothing_done_changes_nothing() -> None:
    assert articles(drafts_of([ONE, TWO])) == [ONE, TWO]
    own = replace(ONE, id="own-1")
    assert articles(drafts_of([own])) == [own]


def test_corrections_are_taken_over() -> None:
    rows = [[" New  title ", "2024年6月5日", "", "晚报"], ["乙", "06-03", "", "Post"]]
    fixed = corrected(drafts_of([ONE, TWO]), rows)
    assert fixed[0].date == "2024-06-05"
    first, second = articles(fixed)
    assert (first.title, first.byline, first.source) == ("New title", "", "晚报")
    assert first.published == "2024-06-05"
    assert first.id == first.digest()[:16] != ONE.id
    assert second == TWO


def test_a_date_that_is_none_stops_adding_and_stays_to_be_corrected() -> None:
    fixed = corrected(drafts_of([ONE]), [["甲", "someday", "何知微", ""]])
    assert (fixed[0].date, fixed[0].valid) == ("someday", False)
    with pytest.raises(QABotError, match="someday"):
        articles(fixed)


@pytest.mark.parametrize("junk", [None, "x", [], [[1, 2]], [["a", "b", "c", "d"]] * 3])
def test_fields_that_do_not_fit_are_ignored(junk: object) -> None:
    drafts = drafts_of([ONE, TWO])
    assert corrected(drafts, junk) == drafts


def test_merging_loses_no_word() -> None:
    (both,) = articles(merged(drafts_of([ONE, TWO]), 0))
    assert both.text == "第一句。第二句。\n\n第三句。\n\n乙\n\nAnother text. It ends."
    assert (both.title, both.byline, both.source) == ("甲", "何知微", "Post")
    assert both.published == ONE.published
    assert merged(drafts_of([ONE, TWO]), 1) == drafts_of([ONE, TWO])  # there is no next one
    (untitled,) = articles(merged(drafts_of([replace(ONE, title="", id=""), TWO]), 0))
    assert untitled.title == "乙"
    assert untitled.text.count("乙") == 0


def test_splitting_at_a_headline_undoes_merging() -> None:
    both = merged(drafts_of([ONE, TWO]), 0)
    at = both[0].article.text.index("乙")
    first, second = articles(split(both, 0, at))
    assert (first.title, first.text) == (ONE.title, ONE.text)
    assert (second.title, second.text, second.lang) == (TWO.title, TWO.text, "en")


@given(st.text(alphabet="甲乙。！a. \nB,", max_size=60), st.data())
def test_a_split_keeps_every_character(text: str, data: st.DataObject) -> None:
    drafts = drafts_of([Article("T", text)])
    breaks = list(sentence_breaks(text))
    at = data.draw(st.sampled_from(breaks)) if breaks else 0
    parts = split(drafts, 0, at)
    whole = "".join(
        draft.article.title * (n > 0) + draft.article.text for n, draft in enumerate(parts)
    )
    assert re.sub(r"\s", "", whole) == re.sub(r"\s", "", text)
    assert len(parts) == (2 if text[:at].strip() and text[at:].strip() else 1)


def test_a_split_is_at_a_sentence_only() -> None:
    drafts = drafts_of([ONE])
    for at in (-1, 0, 1, 99):
        assert split(drafts, 0, at) == drafts
    assert len(split(drafts, 0, 4)) == 2
    assert split(drafts, 5, 4) == drafts


# The preview


def request(lang: str = "en") -> gr.Request:
    return cast(Any, SimpleNamespace(headers={"accept-language": lang}, query_params={}))


def event(**data: object) -> gr.EventData:
    return cast(Any, SimpleNamespace(_data=data))


def test_steps_of_a_preview() -> None:
    with gr.Blocks():
        preview = Preview()
    rows = [["甲", "x", "", ""], ["乙", "", "", ""]]
    changes = preview.act(Proofs(drafts_of([ONE, TWO])), event(act="check", fields=rows), request())
    proofs = changes[preview.proofs]
    assert "is no date" in html.unescape(changes[preview.panel])
    for act, left in (("merge", 1), ("undo", 2), ("drop", 1), ("drop", 0)):
        fields = [[d.article.title, d.date, "", ""] for d in proofs.drafts]
        changes = preview.act(proofs, event(act=act, n="0", fields=fields), request())
        proofs = changes[preview.proofs]
        assert len(proofs.drafts) == left
    assert changes[preview.panel] == ""
    nonsense = event(act="__class__", n="x", at=None, fields=3)
    before = Proofs(drafts_of([ONE]))
    assert preview.act(before, nonsense, request())[preview.proofs] == before


def test_every_sentence_but_the_first_can_begin_an_article() -> None:
    shown = proof((Draft.of(ONE),), "en")
    ats = [int(at) for at in re.findall(r'data-act="split" data-n="0" data-at="(\d+)"', shown)]
    assert ats == list(sentence_breaks(ONE.text))
    assert 'data-act="merge"' not in shown  # there is no next one
    assert proof((), "en") == ""


def test_too_much_is_not_for_the_eye() -> None:
    assert checkable([ONE, TWO])
    assert not checkable([ONE] * 61)
    assert not checkable([Article("T", "x" * 400_001)])


# The pace


def test_the_pace_is_that_of_the_last_seconds() -> None:
    now = 0.0
    pace = Pace(lambda: now)
    assert pace.measure(0, 100) is None
    now = 1.0
    assert pace.measure(50, 100) is None  # too soon to tell
    now = 5.0
    assert pace.measure(50, 100) == (10.0, 5.0)
    for _ in range(40):  # then it slows down
        now += 1.0
        measured = pace.measure(50 + int(now - 5), 1000)
    assert measured is not None
    assert measured[0] == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize(
    ("total", "left"), [(50, "1 s"), (640, "60 s"), (1640, "3 min"), (100_040, "2.8 h")]
)
def test_the_pace_in_words(total: int, left: str) -> None:
    now = 0.0
    pace = Pace(lambda: now)
    assert pace.tell(0, total, "en") == ""
    now = 4.0
    assert pace.tell(40, total, "en") == f" · 10 a second, about {left} left"


@pytest.mark.parametrize(
    ("published", "date", "filled"),
    [
        ("", "2024年", "2024"),
        ("", "8月9日", "--08-09"),
        ("--08-09", "2024", "2024-08-09"),
        ("--08-09", "2024-05-01", "2024-08-09"),
        ("--08-09", "05-01", "--08-09"),
        ("2020", "2024-05-01", "2020"),
        ("", "", ""),
    ],
)
def test_defaults_are_for_what_is_missing(published: str, date: str, filled: str) -> None:
    article = Article("甲", "第一句。", published=published, id="own")
    assert Defaults("日报", date).fill(article) == replace(article, published=filled, source="日报")
    sourced = replace(article, source="Post")
    assert Defaults("日报").fill(sourced) is sourced
    assert not Defaults(date="soon").valid
    nameless = Article("甲", "第一句。")
    assert Defaults("日报").fill(nameless).id == nameless.id
