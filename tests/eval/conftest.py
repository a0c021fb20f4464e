"""A small evaluation set."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from measure import Result
from report import Report, machine, versions

DOCUMENTS = [
    {
        "id": "bridge",
        "title": "青江大桥通车",
        "text": "青江大桥昨日正式通车。大桥全长3.5公里，总投资12亿元。市长李明出席了仪式。",
        "date": "2024-05-01",
    },
    {
        "id": "library",
        "title": "新图书馆开放",
        "text": "市图书馆新馆上周六开放，藏书80万册。馆长王芳说，新馆每天开放到晚上十点。",
    },
    {
        "id": "football",
        "title": "City wins the cup",
        "text": "The city's football club won the cup on Sunday. Anna Berg scored both goals.",
        "lang": "en",
    },
]
QUESTIONS = [
    {
        "id": "q1",
        "question": "青江大桥全长多少公里？",
        "answers": ["3.5公里"],
        "gold_ids": ["bridge"],
        "answerable": True,
        "lang": "zh",
        "kind": "number",
    },
    {
        "id": "q2",
        "question": "新图书馆的馆长是谁？",
        "answers": ["王芳"],
        "gold_titles": ["新图书馆 开放"],
        "answerable": True,
        "lang": "zh",
        "kind": "who",
    },
    {
        "id": "q3",
        "question": "Who scored the goals in the cup final?",
        "answers": ["Anna Berg"],
        "gold_ids": ["football"],
        "answerable": True,
        "lang": "en",
        "kind": "who",
    },
    {
        "id": "q4",
        "question": "月球基地什么时候建成？",
        "answers": [],
        "gold_ids": [],
        "answerable": False,
        "lang": "zh",
        "kind": "absent",
    },
]


def write_jsonl(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small evaluation set."""
    place = tmp_path / "small"
    place.mkdir()
    write_jsonl(place / "corpus.jsonl", DOCUMENTS)
    write_jsonl(place / "questions.jsonl", QUESTIONS)
    return place


def result(name: str, group: str = "a", /, **values: float | None) -> Result:
    return Result(
        name, group, True, values=values, refused=False, search_s=0.01, details={"text": "secret"}
    )


def a_report(*results: Result) -> Report:
    return Report(
        set="small",
        also=("other",),
        made="2024-08-09T10:00:00+00:00",
        command="python eval/run.py small",
        model="m",
        dimension=384,
        settings={},
        versions=versions(),
        machine=machine(),
        articles=3,
        passages=4,
        refused=("x.pdf: empty",),
        missing_golds=(),
        planned=len(results),
        results=results,
    )
