"""The smaller install: what asks and answers needs neither the page nor torch."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
WITHOUT = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {names}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Missing())
"""
ASKED = """
from qa_bot import Article, QABot
with QABot.open(sys.argv[1]) as bot:
    bot.add([Article("渡口复航", "本报讯 临澜渡口昨天复航，票价2元。")])
    print(bot.ask("渡口票价多少？").short)
"""


def left_out() -> set[str]:
    names = {Requirement(line).name for extra in ("server", "torch") for line in EXTRAS[extra]}
    return {name.replace("-", "_") for name in names} | {"transformers"}


def run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", WITHOUT.format(names=left_out()) + code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=250, check=False)


def test_both_extras_and_the_core_are_the_whole() -> None:
    core = PROJECT["dependency-groups"]["core"]
    assert sorted([*core, *EXTRAS["server"], *EXTRAS["torch"]]) == sorted(
        PROJECT["project"]["dependencies"]
    )


@pytest.mark.model
def test_questions_are_answered_without_page_and_torch(tmp_path: Path) -> None:
    done = run(ASKED, str(tmp_path / "index"))
    assert done.stdout.split() == ["2元"], done.stderr


@pytest.mark.parametrize(
    ("code", "extra"),
    [
        ("from qa_bot.cli.main import run; sys.argv[1:1] = ['serve', '--index']; run()", "server"),
        ("from qa_bot.networks.transformer import *; open_transformer(sys.argv[1])", "torch"),
    ],
)
def test_what_lacks_is_said(tmp_path: Path, code: str, extra: str) -> None:
    done = run(code, str(tmp_path))
    assert done.returncode != 0
    assert f".[{extra}]" in done.stderr
