"""How answers are judged by kind, on answers made by hand."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

import kinds
from qa_bot import Answer, Article, Citation
from qa_bot.records import Listed

ROOT = Path(__file__).parents[2]
ASKED = kinds.Question("1", "fact", "zh", "水磨坊的门票多少钱？", answerable=True)
MILL = Article("水磨坊开放", "水磨坊的门票为12元。")


def answered(text: str, short: str = "") -> Answer:
    return Answer("", text, short, (), (), answerable=True, confidence=0.9, language="zh-Hans")


def test_of_each_list_one_string_must_be_there() -> None:
    question = replace(ASKED, must=[["12元", "十二元"], ["1,200"]])
    assert kinds.missing(question, answered("门票十二元，来了1200人")) == ""
    assert kinds.missing(question, answered("门票12元")) == "lacks 1,200"
    assert kinds.missing(replace(question, need=1), answered("門票12元")) == ""


def test_a_quote_counts_too() -> None:
    citation = Citation(1, MILL, MILL.text, 0, len(MILL.text))
    answer = replace(answered("门票"), citations=(citation,))
    assert kinds.missing(replace(ASKED, must=[["12元"]]), answer) == ""


def test_what_must_not_be_said_may_be_quoted() -> None:
    question = replace(ASKED, must_not=["20元"])
    assert kinds.missing(question, answered("20元")) == "says 20元"
    assert kinds.missing(question, answered("12元\n\n去年还是20元。 [1]")) == ""


def test_a_count() -> None:
    question = replace(ASKED, count=3)
    assert kinds.missing(question, replace(answered("三篇"), total=3)) == ""
    assert kinds.missing(question, answered("共有3篇文章。")) == ""
    assert kinds.missing(question, answered("共有13篇文章。")) == "counts None, not 3"


def test_listed_articles() -> None:
    question = replace(ASKED, articles=["水磨坊开放"])
    assert kinds.missing(question, answered("一篇")) == "does not list 水磨坊开放"
    assert kinds.missing(question, replace(answered("一篇"), articles=(Listed(MILL),))) == ""


def test_an_order() -> None:
    question = replace(ASKED, must=[["春天"], ["秋天"]], ordered=True)
    assert kinds.missing(question, answered("春天，秋天")) == ""
    assert kinds.missing(question, answered("秋天，春天")) == "in another order"


@pytest.mark.parametrize(
    ("verdict", "text", "why"),
    [
        ("yes", "是。门票12元。", ""),
        ("yes", "不是。门票12元。", "says the contrary of yes"),
        ("no", "No. It costs 12.", ""),
        ("no", "Yes. It costs 12.", "says the contrary of no"),
    ],
)
def test_a_verdict(verdict: str, text: str, why: str) -> None:
    assert kinds.missing(replace(ASKED, verdict=verdict), answered(text)) == why


def test_what_is_to_be_refused_is_right_unanswered() -> None:
    refused = replace(answered("没有答案"), answerable=False, state="not_found")
    asked = replace(ASKED, answerable=False)
    assert kinds.judge(asked, refused, 0).right
    assert kinds.judge(asked, answered("12元"), 0).why == "answered"
    judged = kinds.judge(ASKED, refused, 0)
    assert (judged.right, judged.why) == (False, "not_found")


def test_the_likeliest_sentences_are_possible_and_not_right() -> None:
    unsure = replace(answered("12元"), answerable=False, state="possible")
    judged = kinds.judge(replace(ASKED, must=[["12元"]]), unsure, 0)
    assert (judged.right, judged.possible) == (False, True)


def test_the_table_has_a_row_a_kind_and_one_of_all() -> None:
    right = kinds.judge(ASKED, answered("12元"), 0)
    wrong = kinds.judge(replace(ASKED, kind="count", count=3), answered("12元"), 0)
    shown = io.StringIO()
    Console(file=shown, width=100).print(kinds.table([right, wrong], "kind"))
    rows = [line.replace("│", " ").split() for line in shown.getvalue().splitlines()]
    assert ["count", "1", "0", "0.0", "0", "1", "1"] in rows
    assert ["fact", "1", "1", "100.0", "0", "0", "0"] in rows
    assert ["all", "2", "1", "50.0", "0", "1", "1"] in rows


def test_the_open_and_the_held_out_questions_share_none() -> None:
    halves = [
        [q.id for q in kinds.read_questions(ROOT / folder / "samples.jsonl")]
        for folder in ("eval/kinds", "tests/held_out")
    ]
    for ids in halves:
        assert ids
        assert len(set(ids)) == len(ids)
    # said without the ids: what is held out is not shown
    assert not set(halves[0]) & set(halves[1]), "a question is in both halves"
