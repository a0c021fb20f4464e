"""The command line, as a program of its own: output, exit codes, streams."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from qa_bot import Article, QABot
from qa_bot.cli import app, main
from qa_bot.cli.terminal import print_answer, progress_bars
from qa_bot.feedback import Feedback
from qa_bot.records import Answer, Citation, Listed, Progress
from tests.conftest import heed_interrupts

TEXT = "青江大桥昨日正式通车。大桥全长3.5公里，总投资12亿元。市长李明出席了仪式。"
ARTICLES = [
    {
        "id": "bridge",
        "title": "青江大桥通车",
        "text": TEXT,
        "source": "青江日报",
        "date": "2024-05-01",
    },
    {
        "id": "cup",
        "title": "City wins [the] cup, café é 😀",
        "text": "The city's football club won the cup on Sunday. Anna Berg scored both goals.",
    },
]


@dataclass
class Done:
    """What a command left behind."""

    code: int
    stdout: str
    stderr: str


def qa_bot(*arguments: object, cwd: Path, **environment: str) -> Done:
    """Run the command in this process, where the model's library is imported but once."""
    streams = [io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2)]
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("QA_BOT_")]:
            patch.delenv(name)
        for name, value in environment.items():
            patch.setenv(name, value)
        patch.chdir(cwd)
        patch.setattr(sys, "argv", ["qa-bot", *map(str, arguments)])
        patch.setattr(sys, "stdout", streams[0])
        patch.setattr(sys, "stderr", streams[1])
        with pytest.raises(SystemExit) as end:
            main()
    for stream in streams:
        stream.seek(0)
    assert isinstance(end.value.code, int)
    return Done(end.value.code, streams[0].read(), streams[1].read())


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an index of two articles, made by the command itself."""
    folder = tmp_path_factory.mktemp("cli")
    rows = "".join(json.dumps(row) + "\n" for row in ARTICLES)
    (folder / "news.jsonl").write_text(rows + '{"title": "no text"}\n', encoding="utf-8")
    done = qa_bot("add", "news.jsonl", "absent.txt", cwd=folder)
    assert done.code == 3, done.stderr
    assert "2 added, 0 replaced, 0 skipped, 2 refused. In the index: 2." in done.stdout
    assert "absent.txt" in done.stdout
    return folder


@pytest.fixture
def copy(place: Path, tmp_path: Path) -> Path:
    """The same, to change."""
    return shutil.copytree(place, tmp_path / "copy")


def test_add_again_skips_and_tells_so_in_json(copy: Path) -> None:
    done = qa_bot("add", "--json", "news.jsonl", cwd=copy)
    document = json.loads(done.stdout)
    assert (document["skipped"], document["added"], document["refused"]) == (2, 0, 1)
    refused = [o for o in document["outcomes"] if o["status"] == "refused"]
    assert refused[0]["path"].endswith("news.jsonl:3")
    assert refused[0]["reason"]
    assert done.code == 3


def test_sync_follows_a_folder(tmp_path: Path) -> None:
    papers = tmp_path / "papers"
    papers.mkdir()
    (papers / "a.txt").write_text(f"青江大桥通车\n\n{TEXT}", encoding="utf-8")
    (papers / "b.txt").write_text("短讯\n\n市图书馆下周起延长开放时间。", encoding="utf-8")
    assert qa_bot("sync", "papers", cwd=tmp_path).code == 0
    (papers / "b.txt").unlink()
    done = qa_bot("sync", "papers", cwd=tmp_path)
    assert "1 gone" in done.stdout
    assert "--remove-gone" in done.stderr
    document = json.loads(qa_bot("sync", "--remove-gone", "--json", "papers", cwd=tmp_path).stdout)
    assert (document["gone"], document["skipped"]) == (1, 1)
    assert [article["title"] for article in document["articles"]["gone"]] == ["短讯"]
    assert "0 gone" in qa_bot("sync", "papers", cwd=tmp_path).stdout
    assert qa_bot("sync", "nowhere", cwd=tmp_path).code == 2


def test_nothing_printed_steers_the_terminal(copy: Path) -> None:
    done = qa_bot("add", "no\x1b[31mfile.txt", cwd=copy)
    assert done.code == 3
    assert "no [31mfile.txt" in done.stdout


def test_ask_prints_the_answer_and_its_quotes(place: Path) -> None:
    done = qa_bot("ask", "青江大桥全长多少公里？", cwd=place)
    assert done.code == 0, done.stderr
    assert "[1] 青江大桥通车 · 青江日报 · 2024-05-01" in done.stdout
    assert "大桥全长3.5公里" in done.stdout
    assert "news.jsonl" in done.stdout
    assert "\x1b" not in done.stdout


def test_ask_in_json_has_verbatim_offsets(place: Path) -> None:
    done = qa_bot("ask", "--json", "青江大桥全长多少公里？", cwd=place)
    answer = json.loads(done.stdout)
    assert answer["answerable"] is True
    assert answer["citations"]
    for citation in answer["citations"]:
        text = citation["article"]["text"]
        assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_ask_what_the_articles_do_not_hold_ends_with_1(place: Path) -> None:
    done = qa_bot("ask", "--json", "月球基地什么时候建成？", cwd=place)
    assert done.code == 1
    answer = json.loads(done.stdout)
    assert answer["answerable"] is False
    assert answer["citations"] == []


def test_ask_lists_articles_without_their_texts(place: Path) -> None:
    done = qa_bot("ask", "--json", "有几篇文章提到“青江”？", cwd=place)
    assert done.code == 0
    answer = json.loads(done.stdout)
    assert (answer["state"], answer["kind"], answer["total"]) == ("answered", "count_articles", 1)
    (listed,) = answer["articles"]
    assert (listed["id"], listed["title"], listed["mentions"]) == ("bridge", "青江大桥通车", 2)
    assert (listed["published"], listed["source"]) == ("2024-05-01", "青江日报")
    assert "text" not in listed


def test_an_answer_that_is_not_sure_is_quoted_and_ends_with_1(place: Path) -> None:
    unsure = {"QA_BOT_ANSWER_THRESHOLD": "1"}
    done = qa_bot("ask", "青江大桥全长多少公里？", cwd=place, **unsure)
    assert done.code == 1
    assert done.stdout.startswith("文章没有明确回答。可能相关的是：")
    assert "[1] 青江大桥通车 · 青江日报 · 2024-05-01" in done.stdout
    done = qa_bot("ask", "--json", "青江大桥全长多少公里？", cwd=place, **unsure)
    assert json.loads(done.stdout)["state"] == "possible"


def test_articles_that_are_not_quoted_are_listed_below(capsys: pytest.CaptureFixture[str]) -> None:
    one, two = Article("One", "First."), Article("Two", "Second.", published="2024")
    answer = Answer("?", "2 articles", "2", (Citation(1, one, "First.", 0, 6),), (), True, 1, "en")
    print_answer(replace(answer, articles=(Listed(one, 1), Listed(two, 3))))
    assert capsys.readouterr().out.splitlines() == [
        *("2 articles", "", "[1] One", "    First.", "", "- Two · 2024 (3×)")
    ]


def test_search_lists_hits_and_filters_them(place: Path) -> None:
    done = qa_bot("search", "--json", "-k", "1", "青江大桥", cwd=place)
    hits = json.loads(done.stdout)["hits"]
    assert [hit["article"]["id"] for hit in hits] == ["bridge"]
    assert done.code == 0
    done = qa_bot("search", "大桥", "--since", "2024-05", "--source", "青江日报", cwd=place)
    assert done.stdout.startswith("1. 青江大桥通车 · 青江日报 · 2024-05-01")
    assert qa_bot("search", "大桥", "--since", "2025", cwd=place).code == 1
    none_left = qa_bot("ask", "大桥多长", "--since", "2025", cwd=place)
    assert "The filter leaves none" in none_left.stderr
    wrong = qa_bot("search", "大桥", "--since", "tomorrow", cwd=place)
    assert wrong.code == 2
    assert "tomorrow" in wrong.stderr
    assert "Traceback" not in wrong.stderr


def test_list_is_one_clean_line_an_article(place: Path) -> None:
    done = qa_bot("list", cwd=place)
    assert done.code == 0
    lines = sorted(line.split("\t") for line in done.stdout.splitlines())
    assert lines[0] == ["bridge", "2024-05-01", "青江日报", "青江大桥通车"]
    assert lines[1][0] == "cup"
    assert lines[1][3] == "City wins [the] cup, café é 😀"
    only = json.loads(qa_bot("list", "--json", "--contains", "wins", cwd=place).stdout)
    assert [article["id"] for article in only["articles"]] == ["cup"]
    named = json.loads(qa_bot("list", "--json", "--name", "李明", cwd=place).stdout)
    assert [article["id"] for article in named["articles"]] == ["bridge"]


def test_articles_are_corrected(copy: Path) -> None:
    done = qa_bot("correct", "bridge", "cup", "--source", "晚报", "--date", "2024-05", cwd=copy)
    assert done.code == 0
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    assert [(i, *rest) for i, _, *rest in lines] == [
        ("bridge", "published", "2024-05-01", "2024-05"),
        ("bridge", "source", "青江日报", "晚报"),
        *(("cup", *rest) for i, _, *rest in lines if i == "cup"),
    ]
    told = json.loads(qa_bot("correct", "bridge", "--json", cwd=copy).stdout)
    assert told["articles"][0]["source"] == "晚报"
    assert len(told["articles"][0]["history"]) == 2
    unknown = qa_bot("correct", "bridge", "nowhere", "--source", "x", cwd=copy)
    assert (unknown.code, unknown.stdout) == (1, "")
    assert "nowhere" in unknown.stderr
    assert qa_bot("correct", "bridge", "--date", "soon", cwd=copy).code != 0
    listed = qa_bot("list", cwd=copy).stdout
    assert listed.count("晚报") == 2


def test_info_names_what_the_index_holds(place: Path) -> None:
    facts = json.loads(qa_bot("info", "--json", cwd=place).stdout)
    assert facts["articles"] == 2
    assert "articles: 2" in qa_bot("info", cwd=place).stdout


def test_an_export_is_added_to_the_same_articles(copy: Path) -> None:
    done = qa_bot("export", "all.jsonl", "--json", cwd=copy)
    assert (done.code, json.loads(done.stdout)["articles"]) == (0, len(ARTICLES))
    again = qa_bot("add", "all.jsonl", "--json", cwd=copy)
    assert json.loads(again.stdout)["skipped"] == len(ARTICLES)
    some = qa_bot("export", "some.jsonl", "--source", "青江日报", cwd=copy)
    assert "1 articles" in some.stdout
    assert len((copy / "some.jsonl").read_text("utf-8").splitlines()) == 1
    assert qa_bot("export", "some.jsonl", "--since", "soon", cwd=copy).code != 0
    done = qa_bot("export", "cup.json", "--id", "cup", "--id", "nope", "--json", cwd=copy)
    assert json.loads(done.stdout)["articles"] == 1
    (reference,) = json.loads((copy / "cup.json").read_text("utf-8"))
    assert reference["type"] == "article-newspaper"


def test_remove_goes_on_after_an_unknown_id(copy: Path) -> None:
    done = qa_bot("remove", "nope", "cup", "--json", cwd=copy)
    assert done.code == 1
    document = json.loads(done.stdout)
    assert document["missing"] == ["nope"]
    assert [article["id"] for article in document["removed"]] == ["cup"]
    assert "nope" in done.stderr
    assert qa_bot("list", cwd=copy).stdout.split("\t")[0] == "bridge"
    assert qa_bot("remove", "bridge", cwd=copy).code == 0
    empty = qa_bot("search", "大桥", cwd=copy)
    assert empty.code == 1
    assert "The index is empty" in empty.stderr


def test_the_index_comes_from_the_option_or_the_environment(place: Path, tmp_path: Path) -> None:
    assert "bridge" in qa_bot("list", "--index", place / "index", cwd=tmp_path).stdout
    assert "bridge" in qa_bot("list", cwd=tmp_path, QA_BOT_INDEX=str(place / "index")).stdout
    done = qa_bot("list", cwd=tmp_path)
    assert done.code == 4
    assert done.stderr.startswith("Error: There is no index at index.")
    assert not (tmp_path / "index").exists()


@pytest.mark.parametrize(
    ("arguments", "environment", "complaint"),
    [
        (["ask"], {}, "Missing argument"),
        (["ask", " "], {}, "The question is empty"),
        (["nonsense"], {}, "No such command"),
        (["list"], {"QA_BOT_PORT": "many"}, "QA_BOT_<NAME>"),
        (["search", "x", "-k", "0"], {}, "-k"),
    ],
)
def test_wrong_usage_ends_with_2(
    place: Path, arguments: list[str], environment: dict[str, str], complaint: str
) -> None:
    done = qa_bot(*arguments, cwd=place, **environment)
    assert done.code == 2
    assert complaint in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_another_model_is_refused_with_4(place: Path) -> None:
    done = qa_bot("search", "大桥", "--model", "some/other-model", cwd=place)
    assert done.code == 4, done.stderr
    assert done.stderr.startswith("Error: ")
    assert done.stderr.count("\n") == 1


def test_a_model_that_is_not_there_ends_with_5(place: Path, tmp_path: Path) -> None:
    done = qa_bot("add", place / "news.jsonl", "--model", tmp_path / "none", cwd=tmp_path)
    assert done.code == 5, done.stderr
    assert "Traceback" not in done.stderr


def test_help_documents_the_exit_codes(place: Path) -> None:
    done = qa_bot("--help", cwd=place)
    assert done.code == 0
    for line in ("0 done", "1 nothing found", "3 some input was refused", "130 interrupted"):
        assert line in done.stdout


@pytest.mark.parametrize("arguments", [["--help"], ["list"], ["info"]])
def test_quick_commands_import_nothing_heavy(place: Path, arguments: list[str]) -> None:
    program = (
        "import sys\nfrom qa_bot.cli import main\n"
        f"sys.argv = ['qa-bot', *{arguments!r}]\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'gradio'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=place, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "gb18030"])
def test_a_terminal_that_lacks_characters_gets_escapes(place: Path, encoding: str) -> None:
    command = [sys.executable, "-m", "qa_bot.cli", "list"]
    env = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    done = subprocess.run(command, cwd=place, env=env, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    expected = "青江大桥通车".encode(encoding, "backslashreplace")
    assert expected in done.stdout
    done = subprocess.run([*command, "--json"], cwd=place, env=env, capture_output=True, timeout=60)
    titles = {a["title"] for a in json.loads(done.stdout.decode(encoding))["articles"]}
    assert titles == {article["title"] for article in ARTICLES}


def test_a_closed_pipe_is_no_error(place: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "qa_bot.cli", "list", "--json"],
        cwd=place,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        complaint = process.stderr.read()
        code = process.wait(60)
    assert complaint == b""
    assert code == 141


@pytest.mark.model
def test_ctrl_c_while_adding_loses_nothing(tmp_path: Path) -> None:
    count = 300
    rows = ({"id": f"a{i}", "title": f"第{i}号", "text": f"{TEXT * 10}{i}"} for i in range(count))
    (tmp_path / "many.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    command = [sys.executable, "-m", "qa_bot.cli", "add", "many.jsonl"]
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        preexec_fn=heed_interrupts,
    ) as process:
        assert process.stderr is not None
        assert process.stdout is not None
        while not (tmp_path / "index").exists() or not qa_bot("list", cwd=tmp_path).stdout:
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        complaint = process.stderr.read()
        assert process.wait(60) == 130, complaint
    assert "Interrupted." in complaint
    assert "Traceback" not in complaint
    listed = qa_bot("list", "--json", cwd=tmp_path)
    assert listed.code == 0, listed.stderr
    facts = json.loads(qa_bot("info", "--json", cwd=tmp_path).stdout)
    assert facts["articles"] == len(json.loads(listed.stdout)["articles"]) > 0
    assert facts["pending"] > 0  # so it was in the midst of it


def test_feedback_is_printed_line_by_line(place: Path) -> None:
    index = place / "feedback-index"
    assert qa_bot("add", place / "news.jsonl", "--index", index, cwd=place).code == 3
    with QABot.open(index) as bot:
        answer = bot.ask("青江大桥全长多少公里？")
        bot.feedback.add(Feedback.facts_of(answer), "right")
        bot.feedback.add(Feedback.facts_of(answer), "wrong_answer")
    done = qa_bot("feedback", "--index", index, cwd=place)
    assert [json.loads(line)["verdict"] for line in done.stdout.splitlines()] == [
        "right",
        "wrong_answer",
    ]
    done = qa_bot("feedback", "--questions", "--index", index, cwd=place)
    (question,) = map(json.loads, done.stdout.splitlines())
    assert (question["question"], question["answers"]) == (answer.question, [answer.short])


def test_a_password_gives_its_hash() -> None:
    ran = CliRunner().invoke(app, ["password"], input="sesame\nsesame\n")
    assert ran.exit_code == 0, ran.output
    assert ran.stdout.strip().startswith("scrypt$")
    assert "sesame" not in ran.stdout


@pytest.mark.parametrize("command", [["list"], ["info"], ["ask", "问？"], ["search", "问？"]])
def test_a_folder_of_pages_is_no_index(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "page.txt").write_text("一版报纸。", encoding="utf-8")
    done = qa_bot(*command, "--index", "pages", cwd=tmp_path)
    assert done.code == 4, done.stderr
    assert [path.name for path in (tmp_path / "pages").iterdir()] == ["page.txt"]


def test_a_long_task_says_how_far_it_is_in_a_log(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("qa_bot.cli.terminal.time.monotonic", lambda: now[0])
    log = io.StringIO()
    with progress_bars(Console(file=log)) as show:
        for done in range(0, 3000, 100):
            now[0] += 1
            show(Progress("embedding", done, 3000))
        now[0] += 10
        show(Progress("reading", 7, None))
    assert log.getvalue().splitlines() == [
        "Embedding: 900 of 3,000",
        "Embedding: 1,900 of 3,000",
        "Embedding: 2,900 of 3,000",
        "Reading: 7",
    ]


def test_a_mistyped_path_makes_no_index(tmp_path: Path) -> None:
    done = qa_bot("add", "nowhere", "--index", "new", cwd=tmp_path)
    assert done.code == 2
    assert "no such file or folder: nowhere" in " ".join(done.stderr.split())
    assert not (tmp_path / "new").exists()


def test_an_index_is_copied(place: Path) -> None:
    done = qa_bot("copy", "index", "copied", cwd=place)
    assert done.code == 0
    assert "are the same in both" in done.stdout
    told = json.loads(qa_bot("copy", "index", "copied", "--json", cwd=place).stdout)
    assert told["copied"] == told["more"] == 0
    assert told["articles"] > 0
    assert told["to"] == "copied"
    done = qa_bot("copy", "nowhere", "copied", cwd=place)
    assert done.code == 4
    assert "no index at nowhere" in done.stderr
