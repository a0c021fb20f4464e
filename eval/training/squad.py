"""Training files in SQuAD's shape, such as CMRC 2018's and DRCD's."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Asked", "Context", "contexts"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and its answer, `context.text[start:][:len(answer)]`; start -1: nowhere."""

    question: str
    answer: str
    start: int


@dataclass(frozen=True, slots=True)
class Context:
    """The `number`-th text of the files, counted from 1, with what is asked of it."""

    number: int
    title: str
    text: str
    asked: tuple[Asked, ...]

    @property
    def held_out(self) -> bool:
        """One in twenty is not trained on, but used to calibrate and to judge."""
        return self.number % 20 == 0


def contexts(paths: Sequence[Path]) -> Iterator[Context]:
    number = 0
    for path in paths:
        for entry in json.loads(path.read_text("utf-8"))["data"]:
            for paragraph in entry["paragraphs"]:
                number += 1
                text = paragraph["context"]
                asked = tuple(_asked(qa, text) for qa in paragraph["qas"])
                yield Context(number, entry.get("title", ""), text, asked)


def _asked(qa: dict[str, object], text: str) -> Asked:
    answers = qa["answers"]
    assert isinstance(answers, list)
    answer, start = answers[0]["text"], answers[0]["answer_start"]
    if text[start : start + len(answer)] != answer:
        start = text.find(answer)
    return Asked(str(qa["question"]), answer, start)
