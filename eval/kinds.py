"""Ask questions of all kinds over a set of articles, and judge the answers by kind.

    python eval/kinds.py QUESTIONS.jsonl --articles PATH [--ids FILE] [--out FOLDER] [--show KIND]

QUESTIONS has a question a line (eval/README.md tells its fields); PATH is a folder or a file that
qa_bot reads, `--ids` a file with the ids of the rows of a corpus that are taken. Conversations are
asked turn by turn, with the answers that were given as history.
"""

from __future__ import annotations

import json
import re
import tempfile
import unicodedata
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from qa_bot import Answer, Article, QABot, Turn
from qa_bot.text.terms import simplify

SURE = 0.4  # confidence from which on an answer is shown as fairly sure


@dataclass(frozen=True)
class Question:
    """A question, and what its answer must hold: of each list in `must` one string."""

    id: str
    kind: str
    lang: str
    question: str
    answerable: bool
    must: list[list[str]] = field(default_factory=list)
    need: int | None = None
    must_not: list[str] = field(default_factory=list)
    count: int | None = None
    articles: list[str] = field(default_factory=list)
    article_ids: list[str] = field(default_factory=list)
    ordered: bool = False
    verdict: str = ""
    conversation: str = ""
    turn: int = 0


@dataclass(frozen=True)
class Judged:
    """A question's outcome: `right`; `possible` where the likeliest sentences hold it; or not."""

    id: str
    kind: str
    lang: str
    conversation: str
    answerable: bool
    right: bool
    possible: bool
    state: str
    answered_kind: str
    confidence: float
    seconds: float
    question: str
    asked: str
    text: str
    why: str


def plain(text: str) -> str:
    """`text` as it is compared: one script, width and case, without white space and commas."""
    text = simplify(unicodedata.normalize("NFKC", text)).casefold()
    return re.sub(r"[\s,，]", "", text)


def missing(question: Question, answer: Answer) -> str:
    """What the answer lacks, or has and must not have; "" if it is right."""
    quotes = [citation.quote for citation in answer.citations]
    whole = plain("\n".join([answer.text, answer.short, *quotes]))
    own = plain("\n".join(line for line in answer.text.split("\n") if "[" not in line))
    if bad := [text for text in question.must_not if plain(text) in own]:
        return f"says {bad[0]}"
    if question.count is not None and not _counted(question.count, answer):
        return f"counts {answer.total}, not {question.count}"
    if question.articles or question.article_ids:
        listed = [
            *(item.article for item in answer.articles),
            *(c.article for c in answer.citations),
        ]
        for wanted in question.articles:
            if not any(plain(wanted) in plain(f"{a.title}{a.text[:200]}") for a in listed):
                return f"does not list {wanted}"
        for ident in question.article_ids:
            if all(article.id != ident for article in listed):
                return f"does not list {ident}"
    places = [
        min((i for k in keys if (i := whole.find(plain(k))) >= 0), default=-1)
        for keys in question.must
    ]
    held = sum(place >= 0 for place in places)
    if held < (question.need or len(places)):
        lost = [keys[0] for keys, place in zip(question.must, places, strict=True) if place < 0]
        return f"lacks {', '.join(lost)}"
    there = [place for place in places if place >= 0]
    if question.ordered and there != sorted(there):
        return "in another order"
    if question.verdict and _contradicts(question.verdict, answer.text):
        return f"says the contrary of {question.verdict}"
    return ""


def _counted(count: int, answer: Answer) -> bool:
    if answer.total == count:
        return True
    head = unicodedata.normalize("NFKC", answer.text.split("\n", 1)[0])
    return str(count) in re.findall(r"\d+", head)


def _contradicts(verdict: str, text: str) -> bool:
    head = plain(text)[:4]
    yes, no = (
        head.startswith(("是。", "yes", "はい")),
        head.startswith(("不是", "否", "no.", "no,", "いいえ")),
    )
    return no if verdict == "yes" else yes


def judge(question: Question, answer: Answer, seconds: float) -> Judged:
    """Whether the answer is right. Of a question to be refused: whether it is not answered."""
    why = missing(question, answer) if question.answerable else ""
    if question.answerable:
        right = answer.state == "answered" and not why
        why = why or ("" if answer.state == "answered" else answer.state)
    else:
        right = answer.state != "answered"
        why = "" if right else "answered"
    return Judged(
        id=question.id,
        kind=question.kind,
        lang=question.lang,
        conversation=question.conversation,
        answerable=question.answerable,
        right=right,
        possible=question.answerable
        and answer.state == "possible"
        and not missing(question, answer),
        state=answer.state,
        answered_kind=answer.kind,
        confidence=answer.confidence,
        seconds=seconds,
        question=question.question,
        asked=answer.asked,
        text=answer.text,
        why=why,
    )


def read_questions(path: Path) -> list[Question]:
    """The questions of a file; fields that are not known are left out."""
    known = set(Question.__dataclass_fields__)
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [Question(**{k: v for k, v in row.items() if k in known}) for row in rows]


def ask_all(bot: QABot, questions: list[Question]) -> list[Judged]:
    """Each question's outcome; the turns of a conversation in their order."""
    turns: dict[str, list[Turn]] = defaultdict(list)
    judged = []
    for question in sorted(questions, key=lambda q: (q.conversation, q.turn)):
        history = turns[question.conversation] if question.conversation else []
        begun = perf_counter()
        answer = bot.ask(question.question, history=history)
        judged.append(judge(question, answer, perf_counter() - begun))
        if question.conversation:
            history.append(Turn(question.question, answer.text))
    return judged


def table(judged: list[Judged], by: str) -> Table:
    """Right of asked, by a field of the outcomes."""
    groups: dict[str, list[Judged]] = defaultdict(list)
    for row in judged:
        groups[str(getattr(row, by))].append(row)
    shown = Table(
        "", "asked", "right", "%", "possible", "wrong", "wrong and sure", title=f"by {by}"
    )
    for name, rows in [*sorted(groups.items()), ("all", judged)]:
        right = sum(row.right for row in rows)
        wrong = [row for row in rows if row.state == "answered" and not row.right]
        sure = sum(row.confidence >= SURE for row in wrong)
        cells = (len(rows), right, round(100 * right / len(rows), 1), sum(r.possible for r in rows))
        shown.add_row(name, *map(str, (*cells, len(wrong), sure)))
    return shown


def articles_of(path: Path, ids: Path | None) -> list[Any]:
    """What to add: the path itself, or the rows of a corpus with these ids."""
    if ids is None:
        return [path]
    wanted = set(ids.read_text("utf-8").split())
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [
        Article(r.get("title", ""), r["text"], id=r["id"], published=r.get("date", ""))
        for r in rows
        if r["id"] in wanted
    ]


def main(
    questions: list[Path],
    articles: Annotated[Path, typer.Option(help="A folder or file that qa_bot reads.")],
    ids: Annotated[Path | None, typer.Option(help="Ids of a corpus's rows that are taken.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Where outcomes are written, a line each.")
    ] = None,
    show: Annotated[str, typer.Option(help="Kind whose misses are printed, or all.")] = "",
) -> None:
    """Ask the questions, and print how many were answered rightly, by kind."""
    asked = [question for path in questions for question in read_questions(path)]
    with tempfile.TemporaryDirectory() as folder, QABot.open(folder) as bot:
        report = bot.add(articles_of(articles, ids))
        console = Console(width=110)
        console.print(f"{len(report.added)} articles, {len(asked)} questions")
        bot.warm_up()
        judged = ask_all(bot, asked)
    singles = [row for row in judged if not row.conversation]
    turns = [row for row in judged if row.conversation]
    console.print(table(singles, "kind"), table(singles, "lang"))
    if turns:
        console.print(table(turns, "answerable"))
    console.print(f"median {1000 * median(row.seconds for row in judged):.0f} ms a question")
    if out:
        lines = (json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in judged)
        out.write_text("".join(lines), "utf-8")
    for row in judged:
        if not row.right and show in (row.kind, "all"):
            console.print(
                f"\n{row.id} {row.kind}/{row.answered_kind} {row.state} {row.confidence:.2f}"
            )
            console.print(
                f"  {row.question} → {row.asked}\n  WHY {row.why}\n  {row.text[:300]}", markup=False
            )


if __name__ == "__main__":
    typer.run(main)
