from __future__ import annotations

import pytest

from qa_bot.questions import align, answer_kind, candidates, names
from qa_bot.shortening import short_answer
from qa_bot.terms import content_terms


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("一共捐了多少钱？", "money"),
        ("總投資是多少", "money"),
        ("How much does a ticket cost?", "money"),
        ("今年增长了百分之几？", "percent"),
        ("大桥是哪一年建成的", "year"),
        ("几点开门？", "time"),
        ("什麼時候開幕？", "date"),
        ("When does it open?", "date"),
        ("いつ開幕しますか", "date"),
        ("有多少人参加？", "number"),
        ("Wie viele Bücher gibt es?", "number"),
        ("谁出席了会议？", "person"),
        ("Who is the captain?", "person"),
        ("有哪些公交线路改道？", "list"),
        ("展览在哪里举行？", "place"),
        ("Where is the museum?", "place"),
        ("大会的主题是什么？", "quoted"),
        ("为什么封闭？", "reason"),
        ("Why was it closed?", "reason"),
        ("介绍一下新馆", "other"),
    ],
)
def test_kinds(question: str, kind: str) -> None:
    assert answer_kind(question) == kind


@pytest.mark.parametrize(
    ("kind", "sentence", "spans"),
    [
        ("money", "投资3.2亿元，票价20元，约$5 million。", ["3.2亿元", "20元", "$5 million"]),
        ("percent", "增长12.5%，占百分之三十。", ["12.5%", "百分之三十"]),
        ("date", "4月10日至16日封闭，2023年5月1日开放。", ["4月10日至16日", "2023年5月1日"]),
        ("date", "It opens on 1 May 2023 or May 2, 2024.", ["1 May 2023", "May 2, 2024"]),
        (
            "number",
            "2024年8月9日，120位代表乘41辆车，2024岚浦有9路、31路车。",
            ["120位", "41辆", "9路", "31路"],
        ),
        ("number", "The boat carries 120 people in 2024.", ["120 people"]),
        ("date", "until October 2025", ["October 2025"]),
        ("year", "建于1987年，2003年翻修。", ["1987年", "2003年"]),
        ("quoted", "主题是“春到柳堤”。", ["“春到柳堤”"]),
        ("person", "馆长沈若溪说，Rosa Lind也来了。", ["沈若溪", "Rosa Lind"]),
    ],
)
def test_candidates(kind: str, sentence: str, spans: list[str]) -> None:
    assert [sentence[a:b] for a, b in candidates(kind, sentence)] == spans  # type: ignore[arg-type]


def test_aligning_keeps_every_offset() -> None:
    text = "總投資３.２億元，「圖書館」①㍿ ﬁ"
    assert len(align(text)) == len(text)
    assert align("總投資３.２億元") == "总投资3.2亿元"


@pytest.mark.parametrize(
    ("question", "sentence", "short"),
    [
        (
            "他们给临江大学赠了多少钱？",
            "他们给市医院赠款3000万元，给临江大学赠款2.5亿元。",
            "2.5亿元",
        ),
        (
            "大桥什么时候封闭？",
            "市交通局昨天发布通告，大桥将于4月10日至4月16日全封闭检修。",
            "4月10日至4月16日",
        ),
        ("馆长是谁？", "馆长沈若溪说，欢迎大家。", "沈若溪"),
        ("大会的主题是什么？", "本次大会以“春到柳堤”为主题。", "春到柳堤"),
        ("How many people does the boat carry?", "The boat carries 120 people.", "120 people"),
        ("为什么封闭？", "原因是伸缩缝老化。", ""),
    ],
)
def test_the_short_answer_is_the_span_nearest_to_what_was_asked(
    question: str, sentence: str, short: str
) -> None:
    weights = dict.fromkeys(content_terms(question), 1.0)
    assert short_answer(answer_kind(question), sentence, weights) == short


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("他们给清华大学赠了多少钱？", ["清华大学"]),
        ("第七屆書展哪天開幕？", ["第七届"]),
        ("2023年的书展有多少人参加？", ["2023"]),
        ("新馆总投资是多少？", []),
    ],
)
def test_names(question: str, found: list[str]) -> None:
    assert names(question) == found
