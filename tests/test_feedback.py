from __future__ import annotations

import json
from pathlib import Path

import pytest

from qa_bot import QABot, QABotError
from qa_bot.feedback import Feedback, FileLog


def test_a_judgement_keeps_all_it_is_about(library: QABot, tmp_path: Path) -> None:
    feedback = Feedback(FileLog(tmp_path / "feedback.jsonl"))
    right = library.ask("柳堤大桥为什么封闭？")
    refusal = library.ask("月球基地什么时候建成？")
    feedback.add(Feedback.facts_of(right), "right")
    feedback.add(Feedback.facts_of(right), "wrong_source")
    feedback.add(Feedback.facts_of(refusal), "right")
    with (tmp_path / "feedback.jsonl").open("a") as file:
        file.write("half a li")
    records = list(feedback.records())
    assert [r["verdict"] for r in records] == ["right", "wrong_source", "right"]
    assert records[0]["text"] == right.text
    for place in (*records[0]["citations"], *records[0]["passages"]):
        article = library.article(place["article"])
        assert article.text[place["start"] : place["end"]] == place.get(
            "quote", article.text[place["start"] : place["end"]]
        )
    first, second = feedback.questions()
    assert (first["question"], first["answers"]) == (right.question, [right.short])
    assert first["gold_ids"] == [right.citations[0].article.id]
    assert (second["answerable"], second["answers"]) == (False, [])


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [({"question": "q"}, "splendid"), ({}, "right"), ({"question": "q" * 50_000}, "right")],
)
def test_what_is_no_judgement_is_refused(
    tmp_path: Path, facts: dict[str, object], verdict: str
) -> None:
    feedback = Feedback(FileLog(tmp_path / "feedback.jsonl"))
    with pytest.raises(QABotError):
        feedback.add(facts, verdict)
    assert not list(feedback.records())


_WHOLE = {"question": "q", "answerable": True, "short": "x", "citations": []}


@pytest.mark.parametrize(
    "changed",
    [
        {"citations": [1]},
        {"citations": [{"article": "a"}]},
        {"citations": [{"article": "a", "start": 0, "end": 1, "quote": 5}]},
        {"citations": {"a": 1}},
        {"short": ["x"]},
        {"answerable": "yes"},
        {"asked": 1},
        {"passages": [None]},
    ],
)
def test_forged_facts_are_refused_and_read_over(tmp_path: Path, changed: dict[str, object]) -> None:
    feedback = Feedback(FileLog(tmp_path / "feedback.jsonl"))
    with pytest.raises(QABotError):
        feedback.add(_WHOLE | changed, "right")
    forged = _WHOLE | changed | {"verdict": "right"}
    (tmp_path / "feedback.jsonl").write_text(
        json.dumps(forged) + "\n", encoding="utf-8"
    )  # by an older version
    feedback.add(_WHOLE, "right")
    assert [q["question"] for q in feedback.questions()] == ["q"]


def test_verdict_and_time_are_not_the_visitor_s(tmp_path: Path) -> None:
    feedback = Feedback(FileLog(tmp_path / "feedback.jsonl"))
    feedback.add(_WHOLE | {"verdict": "EVIL", "at": "1999"}, "right")
    (record,) = feedback.records()
    assert record["verdict"] == "right"
    assert record["at"] != "1999"
