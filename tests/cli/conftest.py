"""The command line, as a program of its own, over an index of two articles."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from qa_bot.cli import main

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


@pytest.fixture(scope="session")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
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
def copy(indexed: Path, tmp_path: Path) -> Path:
    """The same, to change."""
    return shutil.copytree(indexed, tmp_path / "copy")
