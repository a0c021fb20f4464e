"""Evaluation sets: read, checked, and resolved."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

import dataset
from dataset import DatasetError, Question
from indexing import fill
from qa_bot import QABot
from tests.eval.conftest import DOCUMENTS, QUESTIONS, write_jsonl


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
