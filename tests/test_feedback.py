from __future__ import annotations

from pathlib import Path

import pytest

from qa_bot import QABot, QABotError
from qa_bot.feedback import Feedback


def test_a_judgement_keeps_all_it_is_about(library: QABot, tmp_path: Path) -> None:
    feedback = Feedback(tmp_path / "feedback.jsonl")
    right = library.ask("柳堤大桥为什么封闭？")
    refusal = library.ask("月球基地什么时候建成？")
    feedback.add(Feedback.facts_of(right), "right")
    feedback.add(Feedback.facts_of(right), "wrong_source")
    feedback.add(Feedback.facts_of(refusal), "right")
    with feedback.path.open("a") as file:
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
    feedback = Feedback(tmp_path / "feedback.jsonl")
    with pytest.raises(QABotError):
        feedback.add(facts, verdict)
    assert not list(feedback.records())
