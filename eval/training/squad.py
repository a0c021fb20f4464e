"""Training files in SQuAD's shape, such as CMRC 2018's and DRCD's."""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

__all__ = ["Asked", "Context", "contexts", "drawn"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and its answer, `context.text[start:][:len(answer)]`; start -1: nowhere.

    `group` is the same for a question in several languages; "" where a file does not tell.
    """

    question: str
    answer: str
    start: int
    group: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """The `number`-th text of the files, counted from 1, with what is asked of it."""

    number: int
    title: str
    text: str
    asked: tuple[Asked, ...]

    @property
    def held_out(self) -> bool:
        """One in twenty is not trained on, but used to calibrate and to judge.

        Where one text is told in several languages, all of them are held out or none.
        """
        groups = [asked.group for asked in self.asked if asked.group]
        if groups:
            return any(zlib.crc32(group.encode()) % 20 == 0 for group in groups)
        return self.number % 20 == 0


def contexts(paths: Sequence[Path]) -> Iterator[Context]:
    """All texts of the files; questions of which a list of spans is the answer are left out."""
    number = 0
    for path in paths:
        for entry in json.loads(path.read_text("utf-8"))["data"]:
            for paragraph in entry["paragraphs"]:
                number += 1
                text = paragraph["context"]
                asked = tuple(_asked(qa, text) for qa in paragraph["qas"] if not qa.get("multi"))
                yield Context(number, entry.get("title", ""), text, asked)


def drawn(some: Sequence[Context], questions: int, seed: int) -> list[Context]:
    """The texts with at most so many of their questions, drawn at random, and those asked of."""
    every = [(i, j) for i, context in enumerate(some) for j in range(len(context.asked))]
    if len(every) > questions:
        every = random.Random(seed).sample(every, questions)
    kept: dict[int, list[int]] = {}
    for i, j in sorted(every):
        kept.setdefault(i, []).append(j)
    return [
        replace(some[i], asked=tuple(some[i].asked[j] for j in chosen))
        for i, chosen in kept.items()
    ]


def _asked(qa: dict[str, object], text: str) -> Asked:
    answers = qa["answers"]
    assert isinstance(answers, list)
    question, group = str(qa["question"]), str(qa.get("group") or "")
    if not answers:
        return Asked(question, "", -1, group)
    answer, start = answers[0]["text"], answers[0]["answer_start"]
    if text[start : start + len(answer)] != answer:
        start = text.find(answer)
    return Asked(question, answer, start, group)
