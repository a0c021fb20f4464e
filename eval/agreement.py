"""Does an index in a database answer as one in a folder? `python eval/agreement.py SET [options]`.

The same articles are put into a folder, copied to a seekdb server that is started for it, and asked
the same questions in both.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

import metrics
from dataset import Question, load, spread
from qa_bot import Answer, Hit, QABot
from seekdb import Seekdb, missing

_DEPTH = 50  # passages asked of search
T = TypeVar("T")


class Asked(NamedTuple):
    """What a question gave: the articles found, the answer if one was asked for, and seconds."""

    ranking: list[str]
    answer: Answer | None
    search_s: float
    ask_s: float


def timed(call: Callable[[], T]) -> tuple[T, float]:
    begun = time.perf_counter()
    return call(), time.perf_counter() - begun


def ask(bot: QABot, question: Question, *, answers: bool) -> Asked:
    hits: list[Hit]
    hits, search_s = timed(lambda: bot.search(question.question, k=_DEPTH))
    answer, ask_s = timed(lambda: bot.ask(question.question)) if answers else (None, 0.0)
    ranking = metrics.article_ranking(hit.article.id for hit in hits)
    return Asked(ranking, answer, search_s, ask_s)


def table(questions: Sequence[Question], folder: list[Asked], database: list[Asked]) -> str:
    """A Markdown table of what each found, and how far they agree."""

    def mean(values: list[float]) -> str:
        return f"{100 * statistics.fmean(values):.1f}" if values else "–"

    def p50(seconds: list[float]) -> str:
        return f"{1000 * statistics.median(seconds):.0f}"

    def row(name: str, of: Callable[[Asked, Question], float]) -> tuple[str, str, str]:
        here, there = (
            mean([of(a, q) for a, q in zip(asked, questions, strict=True)]) for asked in both
        )
        return name, here, there

    both = (folder, database)
    rows: list[tuple[str, ...]] = [
        ("", "folder", "database"),
        row("recall@1", lambda a, q: metrics.recall(a.ranking, q.gold_ids, 1)),
        row("recall@10", lambda a, q: metrics.recall(a.ranking, q.gold_ids, 10)),
        row("nDCG@10", lambda a, q: metrics.ndcg(a.ranking, q.gold_ids, q.also_ids, k=10)),
    ]
    if all(asked.answer for asked in folder):
        rows.append(
            row("F1", lambda a, q: metrics.f1(a.answer.short if a.answer else "", q.answers))
        )
    rows.append(("search, ms p50", *(p50([a.search_s for a in each]) for each in both)))
    rows.append(("answer, ms p50", *(p50([a.ask_s for a in each]) for each in both)))
    pairs = list(zip(folder, database, strict=True))
    same = mean([float(a.ranking[:1] == b.ranking[:1]) for a, b in pairs])
    shared = mean(
        [len({*a.ranking[:10]} & {*b.ranking[:10]}) / max(len(a.ranking[:10]), 1) for a, b in pairs]
    )
    lines = [f"| {' | '.join(row)} |" for row in rows]
    lines.insert(1, "| --- | --- | --- |")
    lines.append(f"\nthe same first article: {same} %; of the first ten, shared: {shared} %")
    told = [(a.answer, b.answer) for a, b in pairs if a.answer and b.answer]
    if told:
        words = mean([float(a.text == b.text and a.state == b.state) for a, b in told])
        lines.append(f"the same answer, word for word: {words} %")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("set", type=Path, help="folder of an evaluation set (eval/README.md)")
    parser.add_argument("--articles", type=Path, nargs="+", help="articles instead of the set's")
    parser.add_argument("--questions", type=int, default=200, help="at most so many (200)")
    parser.add_argument("--answers", action="store_true", help="compare answers, too")
    parser.add_argument("--work", type=Path, help="folder that keeps both indexes for a next time")
    options = parser.parse_args()
    if reason := missing():
        parser.error(reason)
    given = load(options.set)
    with tempfile.TemporaryDirectory() as passing:
        work = options.work or Path(passing)
        with QABot.open(work / "folder") as bot:
            bot.add(options.articles or list(given.documents))
            there = {article.id for article in bot.articles()}
            asked = [q for q in given.questions if q.gold_ids and there.issuperset(q.gold_ids)]
            questions = spread(asked, min(options.questions, len(asked)))
            if not questions:
                parser.error("none of the questions is about these articles")
            with Seekdb(work / "database") as server:
                address = server.address("qa_bot")
                report = QABot.copy(work / "folder", address)
                print(f"{report.articles} articles, {report.passages} passages; ", end="")
                print(f"{len(questions)} questions of {given.name}\n", flush=True)
                with QABot.open(address) as other:
                    results: list[list[Asked]] = []
                    for each in (bot, other):
                        each.warm_up()
                        ask(each, questions[0], answers=options.answers)
                        results.append([ask(each, q, answers=options.answers) for q in questions])
    print(table(questions, *results))


if __name__ == "__main__":
    main()
