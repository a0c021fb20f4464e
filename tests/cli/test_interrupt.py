"""Ctrl-C while articles are added: how far it came is said, and the same command goes on."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import heed_interrupts

COUNT = 3000


def stored(folder: Path) -> int:
    """The articles that are in."""
    if not (store := folder / "index" / "articles.sqlite3").exists():
        return 0
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as connection:
        try:
            return int(connection.execute("SELECT COUNT(*) FROM articles").fetchone()[0])
        except sqlite3.OperationalError:  # its tables are being made
            return 0


def interrupted(folder: Path, command: list[str], when: Callable[[int], bool]) -> str:
    """What the command says that is interrupted when so many articles are in."""
    with subprocess.Popen(
        [sys.executable, "-m", "qa_bot.cli", *command],
        cwd=folder,
        env=os.environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        preexec_fn=heed_interrupts,
    ) as process:
        assert process.stderr
        while not when(stored(folder)):
            assert process.poll() is None
            time.sleep(0.005)
        process.send_signal(signal.SIGINT)
        said = process.stderr.read()
        assert process.wait(60) == 130, said
    (line,) = said.splitlines()
    return line


@pytest.mark.model
@pytest.mark.parametrize("command", ["add", "sync"])
def test_how_far_it_came_is_told_and_the_same_command_goes_on(tmp_path: Path, command: str) -> None:
    (tmp_path / "news").mkdir()
    rows = ({"title": f"第{i}号", "text": f"望江桥第{i}天通车。" * 20} for i in range(COUNT))
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (tmp_path / "news" / "many.jsonl").write_text(lines)

    said = interrupted(tmp_path, [command, "news"], lambda articles: articles > 0)
    told = re.fullmatch(
        r"Interrupted\. (\d+) articles were read, the rest was not\. In the index: (\d+)\. "
        r"Run the same command again to go on\.",
        said,
    )
    assert told, said
    assert 0 < int(told[1]) == int(told[2]) == stored(tmp_path) < COUNT

    said = interrupted(tmp_path, [command, "news"], lambda articles: articles == COUNT)
    assert re.fullmatch(
        rf"Interrupted\. All {COUNT} articles were read, (and none was embedded yet|"
        rf"and \d+ of \d+ passages embedded)\. In the index: {COUNT}\. "
        r"Run the same command again to go on\.",
        said,
    ), said
