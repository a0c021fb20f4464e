"""Asking, searching, listing and copying on the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qa_bot import QABot
from qa_bot.cli import app
from qa_bot.feedback import Feedback
from tests.cli.conftest import qa_bot


def test_ask_prints_the_answer_and_its_quotes(indexed: Path) -> None:
    done = qa_bot("ask", "青江大桥全长多少公里？", cwd=indexed)
    assert done.code == 0, done.stderr
    assert "[1] 青江大桥通车 · 青江日报 · 2024-05-01" in done.stdout
    assert "大桥全长3.5公里" in done.stdout
    assert "news.jsonl" in done.stdout
    assert "\x1b" not in done.stdout


def test_ask_in_json_has_verbatim_offsets(indexed: Path) -> None:
    done = qa_bot("ask", "--json", "青江大桥全长多少公里？", cwd=indexed)
    answer = json.loads(done.stdout)
    assert answer["answerable"] is True
    assert answer["citations"]
    for citation in answer["citations"]:
        text = citation["article"]["text"]
        assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_ask_what_the_articles_do_not_hold_ends_with_1(indexed: Path) -> None:
    done = qa_bot("ask", "--json", "月球基地什么时候建成？", cwd=indexed)
    assert done.code == 1
    answer = json.loads(done.stdout)
    assert answer["answerable"] is False
    assert answer["citations"] == []


def test_ask_lists_articles_without_their_texts(indexed: Path) -> None:
    done = qa_bot("ask", "--json", "有几篇文章提到“青江”？", cwd=indexed)
    assert done.code == 0
    answer = json.loads(done.stdout)
    assert (answer["state"], answer["kind"], answer["total"]) == ("answered", "count_articles", 1)
    (listed,) = answer["articles"]
    assert (listed["id"], listed["title"], listed["mentions"]) == ("bridge", "青江大桥通车", 2)
    assert (listed["published"], listed["source"]) == ("2024-05-01", "青江日报")
    assert "text" not in listed


def test_an_answer_that_is_not_sure_is_quoted_and_ends_with_1(indexed: Path) -> None:
    unsure = {"QA_BOT_ANSWER_THRESHOLD": "1"}
    done = qa_bot("ask", "青江大桥全长多少公里？", cwd=indexed, **unsure)
    assert done.code == 1
    assert done.stdout.startswith("文章没有明确回答。可能相关的是：")
    assert "[1] 青江大桥通车 · 青江日报 · 2024-05-01" in done.stdout
    done = qa_bot("ask", "--json", "青江大桥全长多少公里？", cwd=indexed, **unsure)
    assert json.loads(done.stdout)["state"] == "possible"


def test_search_lists_hits_and_filters_them(indexed: Path) -> None:
    done = qa_bot("search", "--json", "-k", "1", "青江大桥", cwd=indexed)
    hits = json.loads(done.stdout)["hits"]
    assert [hit["article"]["id"] for hit in hits] == ["bridge"]
    assert done.code == 0
    done = qa_bot("search", "大桥", "--since", "2024-05", "--source", "青江日报", cwd=indexed)
    assert done.stdout.startswith("1. 青江大桥通车 · 青江日报 · 2024-05-01")
    assert qa_bot("search", "大桥", "--since", "2025", cwd=indexed).code == 1
    none_left = qa_bot("ask", "大桥多长", "--since", "2025", cwd=indexed)
    assert "The filter leaves none" in none_left.stderr
    wrong = qa_bot("search", "大桥", "--since", "tomorrow", cwd=indexed)
    assert wrong.code == 2
    assert "tomorrow" in wrong.stderr
    assert "Traceback" not in wrong.stderr


def test_list_is_one_clean_line_an_article(indexed: Path) -> None:
    done = qa_bot("list", cwd=indexed)
    assert done.code == 0
    lines = sorted(line.split("\t") for line in done.stdout.splitlines())
    assert lines[0] == ["bridge", "2024-05-01", "青江日报", "青江大桥通车"]
    assert lines[1][0] == "cup"
    assert lines[1][3] == "City wins [the] cup, café é 😀"
    only = json.loads(qa_bot("list", "--json", "--contains", "wins", cwd=indexed).stdout)
    assert [article["id"] for article in only["articles"]] == ["cup"]
    named = json.loads(qa_bot("list", "--json", "--name", "李明", cwd=indexed).stdout)
    assert [article["id"] for article in named["articles"]] == ["bridge"]


def test_info_names_what_the_index_holds(indexed: Path) -> None:
    facts = json.loads(qa_bot("info", "--json", cwd=indexed).stdout)
    assert facts["articles"] == 2
    assert "articles: 2" in qa_bot("info", cwd=indexed).stdout


def test_the_index_comes_from_the_option_or_the_environment(indexed: Path, tmp_path: Path) -> None:
    assert "bridge" in qa_bot("list", "--index", indexed / "index", cwd=tmp_path).stdout
    assert "bridge" in qa_bot("list", cwd=tmp_path, QA_BOT_INDEX=str(indexed / "index")).stdout
    done = qa_bot("list", cwd=tmp_path)
    assert done.code == 4
    assert done.stderr.startswith("Error: There is no index at index.")
    assert not (tmp_path / "index").exists()


@pytest.mark.parametrize("arguments", [["--help"], ["list"], ["info"]])
def test_quick_commands_import_nothing_heavy(indexed: Path, arguments: list[str]) -> None:
    program = (
        "import sys\nfrom qa_bot.cli import main\n"
        f"sys.argv = ['qa-bot', *{arguments!r}]\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'gradio'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=indexed, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr


def test_feedback_is_printed_line_by_line(indexed: Path) -> None:
    index = indexed / "feedback-index"
    assert qa_bot("add", indexed / "news.jsonl", "--index", index, cwd=indexed).code == 3
    with QABot.open(index) as bot:
        answer = bot.ask("青江大桥全长多少公里？")
        bot.feedback.add(Feedback.facts_of(answer), "right")
        bot.feedback.add(Feedback.facts_of(answer), "wrong_answer")
    done = qa_bot("feedback", "--index", index, cwd=indexed)
    assert [json.loads(line)["verdict"] for line in done.stdout.splitlines()] == [
        "right",
        "wrong_answer",
    ]
    done = qa_bot("feedback", "--questions", "--index", index, cwd=indexed)
    (question,) = map(json.loads, done.stdout.splitlines())
    assert (question["question"], question["answers"]) == (answer.question, [answer.short])


def test_a_password_gives_its_hash() -> None:
    ran = CliRunner().invoke(app, ["password"], input="sesame\nsesame\n")
    assert ran.exit_code == 0, ran.output
    assert ran.stdout.strip().startswith("scrypt$")
    assert "sesame" not in ran.stdout


def test_an_index_is_copied(indexed: Path) -> None:
    done = qa_bot("copy", "index", "copied", cwd=indexed)
    assert done.code == 0
    assert "are the same in both" in done.stdout
    told = json.loads(qa_bot("copy", "index", "copied", "--json", cwd=indexed).stdout)
    assert told["copied"] == told["more"] == 0
    assert told["articles"] > 0
    assert told["to"] == "copied"
    done = qa_bot("copy", "nowhere", "copied", cwd=indexed)
    assert done.code == 4
    assert "no index at nowhere" in done.stderr
