"""What the command line prints, where it prints it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from qa_bot import Article
from qa_bot.cli.terminal import print_answer, progress_bars
from qa_bot.records import Answer, Citation, Listed, Progress
from tests.cli.conftest import ARTICLES, qa_bot


def test_nothing_printed_steers_the_terminal(copy: Path) -> None:
    done = qa_bot("add", "no\x1b[31mfile.txt", cwd=copy)
    assert done.code == 3
    assert "no [31mfile.txt" in done.stdout


def test_articles_that_are_not_quoted_are_listed_below(capsys: pytest.CaptureFixture[str]) -> None:
    one, two = Article("One", "First."), Article("Two", "Second.", published="2024")
    answer = Answer("?", "2 articles", "2", (Citation(1, one, "First.", 0, 6),), (), True, 1, "en")
    print_answer(replace(answer, articles=(Listed(one, 1), Listed(two, 3))))
    assert capsys.readouterr().out.splitlines() == [
        *("2 articles", "", "[1] One", "    First.", "", "- Two · 2024 (3×)")
    ]


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "gb18030"])
def test_a_terminal_that_lacks_characters_gets_escapes(indexed: Path, encoding: str) -> None:
    command = [sys.executable, "-m", "qa_bot.cli", "list"]
    env = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    done = subprocess.run(command, cwd=indexed, env=env, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    expected = "青江大桥通车".encode(encoding, "backslashreplace")
    assert expected in done.stdout
    done = subprocess.run(
        [*command, "--json"], cwd=indexed, env=env, capture_output=True, timeout=60
    )
    titles = {a["title"] for a in json.loads(done.stdout.decode(encoding))["articles"]}
    assert titles == {article["title"] for article in ARTICLES}


def test_a_closed_pipe_is_no_error(indexed: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "qa_bot.cli", "list", "--json"],
        cwd=indexed,
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
