"""A whole run of the evaluation on a small set, model and all."""

from __future__ import annotations

import ast
import json
import re
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

import dataset
import indexing
import measure as measuring
import metrics
import report
import run
import summary
import tables
from qa_bot import Article, QABot
from qa_bot.feedback import Feedback, FileLog
from report import Report
from tests.eval.conftest import DOCUMENTS, a_report, result, write_jsonl


def test_the_runner_asks_the_bot_alone() -> None:
    """What it imports of qa_bot is what others may: the bot, its records, the command line."""
    open_to_all = re.compile(r"qa_bot(?:\.(?:errors|records|settings|cli\..+))?$")
    beside = (run, measuring, dataset, indexing, metrics, report, summary, tables)
    for module in beside:
        tree = ast.parse(Path(module.__file__ or "").read_text("utf-8"))
        asked = {n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
        assert [m for m in asked if m.startswith("qa_bot") and not open_to_all.match(m)] == []


@dataclass
class Done:
    code: int
    stdout: str
    stderr: str


def evaluate(
    *arguments: object, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Done:
    """Run the program in this process, where the model's library is imported but once."""
    monkeypatch.setattr(sys, "argv", ["eval/run.py", *map(str, arguments)])
    with pytest.raises(SystemExit) as end:
        run.main()
    assert isinstance(end.value.code, int)
    return Done(end.value.code, *capsys.readouterr())


@pytest.mark.model
def test_a_run_measures_reports_and_compares(
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    program = partial(evaluate, capsys=capsys, monkeypatch=monkeypatch)
    options = ("--index", tmp_path / "index", "--out", tmp_path / "out")
    first = program(folder, *options)
    assert first.code == 0, first.stderr
    assert "Retrieval, %" in first.stdout
    (saved,) = (tmp_path / "out").glob("*.json")
    report = Report.load(saved)
    assert (report.articles, report.planned, report.missing_golds) == (3, 4, ())
    overall = report.summaries()["all"]
    assert overall["recall@1"].n == 3
    assert overall["recall@10"].value == 1.0
    assert overall["mrr@10"].value is not None
    assert overall["mrr@10"].value > 0.5
    assert overall["balanced_accuracy"].n == 4
    assert overall["ask_p95"].value is not None

    gold = program(folder, *options, "--gold")
    assert gold.code == 0, gold.stderr
    assert "Answers, %" in gold.stdout
    assert "Retrieval" not in gold.stdout
    assert "Abstention" in gold.stdout

    # Again: the index is reused, an article that left the set leaves the index.
    write_jsonl(folder / "corpus.jsonl", DOCUMENTS[:2])
    again = program(folder, *options, "--no-answers", "--limit", 3, "--compare", saved)
    assert again.code == 0, again.stderr
    assert "Compared over 3 common questions" in again.stdout
    assert "1 gold articles missing from the index, first: q3: football" in again.stdout
    newest = max((tmp_path / "out").glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
    assert newest != saved
    assert Report.load(newest).articles == 2
    assert Report.load(newest).summaries()["all"]["f1"].value is None


def test_a_report_of_another_set_is_refused_before_the_work(
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    saved = a_report(result("another")).save(tmp_path / "r")[0]
    given = (folder, "--compare", saved, "--index", tmp_path / "index")
    done = evaluate(*given, capsys=capsys, monkeypatch=monkeypatch)
    assert done.code == 2
    assert "is of another set" in done.stderr
    assert not (tmp_path / "index").exists()


def test_an_index_that_is_not_an_evaluations_is_left_alone(
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with QABot.open(tmp_path / "index") as bot:
        bot.add(Article("我的文章", "这是我自己的文章。"), wait=False)
    given = (folder, "--index", tmp_path / "index")
    done = evaluate(*given, capsys=capsys, monkeypatch=monkeypatch)
    assert done.code == 2
    assert "was not made by an evaluation" in done.stderr
    with QABot.open(tmp_path / "index") as bot:
        assert [article.title for article in bot.articles()] == ["我的文章"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["{tmp}"], "is not an evaluation set"),
        (["{set}", "--langs", "xx"], "No question is in xx; the set has en, zh"),
        (["{set}", "--limit", "1", "--sample", "1"], "exclude each other"),
        (["{set}", "--compare", "{set}/corpus.jsonl"], "is not a report"),
    ],
)
def test_wrong_usage_is_one_line_and_code_2(
    folder: Path,
    tmp_path: Path,
    arguments: list[str],
    complaint: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = (a.format(tmp=tmp_path, set=folder) for a in arguments)
    done = evaluate(*given, capsys=capsys, monkeypatch=monkeypatch)
    assert done.code == 2
    assert complaint in " ".join(done.stderr.replace("│", " ").split())
    assert "Traceback" not in done.stderr


def test_feedback_is_questions_of_an_evaluation_set(library: QABot, tmp_path: Path) -> None:
    feedback = Feedback(FileLog(tmp_path / "feedback.jsonl"))
    feedback.add(Feedback.facts_of(library.ask("柳堤大桥为什么封闭？")), "right")
    rows = "".join(json.dumps(row) + "\n" for row in feedback.questions())
    (tmp_path / "questions.jsonl").write_text(rows, encoding="utf-8")
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.txt").write_text("一篇文章。", encoding="utf-8")
    (question,) = dataset.load(tmp_path).questions
    assert question.answerable
    assert question.evidences
