"""The evaluation: sets, reports and comparison; and a whole run on a small set, model and all."""

from __future__ import annotations

import ast
import json
import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
from dataset import DatasetError, Question
from indexing import fill
from measure import Result, measure, measure_reading
from qa_bot import Article, QABot
from qa_bot.feedback import Feedback, FileLog
from report import Report, machine, versions
from summary import summaries
from tables import compare

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


def test_the_runner_asks_the_bot_alone() -> None:
    """What it imports of qa_bot is what others may: the bot, its records, the command line."""
    open_to_all = re.compile(r"qa_bot(?:\.(?:errors|records|settings|cli\..+))?$")
    beside = (run, measuring, dataset, indexing, metrics, report, summary, tables)
    for module in beside:
        tree = ast.parse(Path(module.__file__ or "").read_text("utf-8"))
        asked = {n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
        assert [m for m in asked if m.startswith("qa_bot") and not open_to_all.match(m)] == []


# Sets


def test_load_reads_questions_and_documents(folder: Path) -> None:
    evalset = dataset.load(folder)
    assert evalset.name == "small"
    assert evalset.documents == (folder / "corpus.jsonl",)
    assert [q.group for q in evalset.questions] == ["number", "who", "who", "absent"]
    assert [q.answerable for q in evalset.questions] == [True, True, True, False]
    assert evalset.questions[0].answer_sets == (("3.5公里",),)
    assert evalset.questions[3].answer_sets == ()
    assert [q.group for q in dataset.load(folder, by="lang").questions] == ["zh", "zh", "en", "zh"]


def test_content_changes_with_any_document_and_nothing_else(folder: Path) -> None:
    before = dataset.load(folder).content
    write_jsonl(folder / "questions.jsonl", QUESTIONS[:1])
    assert dataset.load(folder).content == before
    write_jsonl(folder / "corpus.jsonl", DOCUMENTS[:2])
    assert dataset.load(folder).content != before


def test_articles_may_be_a_folder_of_files(folder: Path) -> None:
    (folder / "corpus.jsonl").unlink()
    (folder / "articles" / "a").mkdir(parents=True)
    (folder / "articles" / "a" / "page.txt").write_text("青江大桥通车", encoding="utf-8")
    (folder / "articles" / "README.md").write_text("About these articles.")
    evalset = dataset.load(folder)
    assert evalset.documents == (folder / "articles" / "a",)
    (folder / "articles" / "a" / "page.txt").rename(folder / "articles" / "page.txt")
    assert dataset.load(folder).content != evalset.content


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "questions.jsonl:2 is not JSON"),
        ("[]", "questions.jsonl:2 is not a JSON object"),
        ('{"id": "a"}', "questions.jsonl:2 has no question"),
        ('{"question": "x", "answers": "y"}', "questions.jsonl:2: answers is 'y', not a list"),
        ('{"question": "x", "answers": [" "]}', "not a list of texts"),
        ('{"question": "x", "answerable": "no"}', "not true or false"),
        ('{"question": "x", "answer_sets": ["y"]}', "not a list"),
        ('{"id": "q1", "question": "x"}', "the id 'q1' occurs twice"),
    ],
)
def test_a_bad_line_is_named(folder: Path, line: str, complaint: str) -> None:
    good = json.dumps(QUESTIONS[0])
    (folder / "questions.jsonl").write_text(f"{good}\n{line}\n", encoding="utf-8")
    with pytest.raises(DatasetError, match=complaint.replace("[", r"\[")):
        dataset.load(folder)


def test_a_folder_that_is_no_set_is_refused_with_what_it_lacks(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    with pytest.raises(DatasetError, match=r"needs questions.jsonl.*it has: notes.txt"):
        dataset.load(tmp_path)
    with pytest.raises(DatasetError, match="is not a folder"):
        dataset.load(tmp_path / "absent")


def test_spread_takes_all_languages_and_keeps_the_order() -> None:
    langs = ["ar"] * 50 + ["de"] * 50 + ["vi"] * 3
    questions = [Question(str(i), "?", True, lang=lang) for i, lang in enumerate(langs)]
    taken = dataset.spread(questions, 21)
    assert Counter(q.lang for q in taken) == {"ar": 9, "de": 9, "vi": 3}
    ids = [int(q.id) for q in taken]
    assert ids == sorted(set(ids))
    assert max(i for i in ids if i < 50) > 40  # over the whole of each language, not its head
    assert dataset.spread(questions, 21) == taken
    assert dataset.spread(questions, 1000) == tuple(questions)


def test_resolve_finds_titles_without_regard_to_white_space() -> None:
    question = Question("q", "?", True, gold_ids=("a", "z"), gold_titles=("大 桥", "地铁"))
    titles = {"a": "天气", "b": "青江\u3000大桥通车", "c": "大桥"}
    (resolved,), missing = dataset.resolve([question], titles)
    assert resolved.gold_ids == ("a", "z", "b", "c", "title: 地铁")
    assert missing == ["q: z", "q: 地铁"]


# Reports


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


def test_summaries_go_over_all_and_over_each_group() -> None:
    unanswerable = replace(result("4", "b"), answerable=False, refused=True)
    by_group = summaries(
        [
            result("1", f1=1.0, **{"recall@1": 1.0}),
            result("2", f1=0.0, **{"recall@1": 1.0}),
            result("3", "b", f1=None, **{"recall@1": 0.0}),
            unanswerable,
        ]
    )
    assert list(by_group) == ["all", "a", "b"]
    assert (by_group["all"]["f1"].value, by_group["all"]["f1"].n) == (0.5, 2)
    assert by_group["all"]["recall@1"].value == pytest.approx(2 / 3)
    assert by_group["b"]["f1"].value is None
    assert by_group["b"]["balanced_accuracy"].value == 1.0
    assert by_group["all"]["search_p50"].value == pytest.approx(10)


def test_a_report_survives_saving_and_keeps_no_text_of_the_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = a_report(result("1", f1=0.25), result("2", "b", f1=0.75))
    with monkeypatch.context() as without:  # as installed, without the extra
        without.setattr("importlib.util.find_spec", lambda _: None)
        plain = report.save(tmp_path / "plain")
    assert [path.suffix for path in plain] == [".json", ".md"]
    assert "Chart" not in plain[1].read_text("utf-8")
    paths = report.save(tmp_path / "r")
    assert [path.suffix for path in paths] == [".json", ".md", ".png"]
    assert Report.load(paths[0]) == report
    assert "secret" not in paths[0].read_text() + paths[1].read_text()
    markdown = paths[1].read_text()
    assert "`python eval/run.py small`" in markdown
    assert "x.pdf: empty" in markdown
    assert "| all | 2 | – | 50.0 | – |" in markdown
    assert paths[2].read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"results": [{"id": 1}]}'])
def test_another_file_is_no_report(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(DatasetError, match="is not a report"):
        Report.load(tmp_path / "x.json")


def test_compare_counts_questions_over_those_in_common() -> None:
    before = [result("1", f1=0.5), result("2", f1=1.0), result("3", f1=0.0), result("4", f1=1.0)]
    now = [result("1", f1=0.75), result("2", f1=0.5), result("3", f1=0.5), result("9", f1=0.0)]
    table = compare(now, before)[0]
    assert table.title == "Compared over 3 common questions, % and ms"
    assert ("F1", "50.0", "58.3", "+8.3", "2", "1") in table.rows


# Measuring


def test_a_question_is_measured_by_its_golds_and_answers(library: QABot) -> None:
    articles = {article.title: article.id for article in library.articles()}
    gold = articles["柳堤大桥因检修封闭"]
    question = Question(
        "q",
        "柳堤大桥封闭检修的原因是什么？",
        True,
        ("伸缩缝老化",),
        (("伸缩缝老化",),),
        gold_ids=(gold,),
    )
    measured = measure(library, question)
    assert measured.values["recall@1"] == measured.values["mrr@10"] == 1.0
    assert measured.values["read_recall@1"] == measured.values["read_ndcg@10"] == 1.0
    assert measured.values["answer_in_quotes"] == measured.values["citation_gold"] == 1.0
    assert measured.search_s is not None
    assert 0 < measured.search_s < 60
    wrong = measure(library, replace(question, gold_ids=("another",), answers=("猫",)))
    assert wrong.values["recall@10"] == wrong.values["ndcg@10"] == wrong.values["f1"] == 0.0
    assert measure(library, question, answers=False).values.keys() == {
        *(f"recall@{k}" for k in (1, 5, 10)),
        "mrr@10",
        "ndcg@10",
    }


def test_reading_is_measured_on_the_gold_articles_alone(library: QABot) -> None:
    ferry = next(a.id for a in library.articles() if a.lang == "en")
    question = Question("q", "How many people does the boat carry?", True, ("120", "120 people"))
    measured = measure_reading(library, replace(question, gold_ids=(ferry,)))
    assert measured.values["f1"] == 1.0
    assert "recall@1" not in measured.values
    assert measured.details["read"] == [ferry]
    nowhere = measure_reading(library, replace(question, gold_ids=("another",)))
    assert nowhere.values["f1"] == 0.0


def test_what_does_not_apply_is_not_measured(library: QABot) -> None:
    measured = measure(library, Question("q", "月球基地什么时候建成？", False))
    assert measured.values == {}
    assert measured.refused is not None


def test_a_question_that_fails_is_missed_and_stops_nothing(library: QABot) -> None:
    question = Question("q", " ", True, ("x",), gold_ids=("a",))
    measured = measure(library, question)
    assert "QABotError" in measured.error
    assert measured.values["recall@10"] == measured.values["f1"] == 0.0
    assert measured.refused is None


@pytest.mark.model
def test_one_id_for_two_articles_is_refused(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    write_jsonl(other / "corpus.jsonl", [{**DOCUMENTS[0], "text": "另一篇文章。"}])
    write_jsonl(other / "questions.jsonl", QUESTIONS[:1])
    sets = [dataset.load(folder), dataset.load(other)]
    with (
        QABot.open(tmp_path / "index") as bot,
        pytest.raises(DatasetError, match="'bridge' stands for two different articles"),
    ):
        fill(bot, sets, lambda _: None)


# The whole


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
