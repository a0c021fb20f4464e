"""The scripts that compare and measure engines, on a real server."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import scaling
import seekdb
from qa_bot import Article
from qa_bot.index.embedded.index import EmbeddedIndex
from qa_bot.index.records import Whole
from qa_bot.jsonl import line_of
from tests.conftest import ARTICLES

Run = Callable[..., str]
EVAL = Path(__file__).parents[2] / "eval"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    if reason := seekdb.missing():
        pytest.skip(reason)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def run_it(script: str, *arguments: str | Path) -> str:
        command = [sys.executable, EVAL / script, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run_it


def wholes() -> list[Whole]:
    rows = np.random.default_rng(2).normal(size=(60, 16)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    texts = [f"第{n}号通告，{n * 37}人到场。" for n in range(60)]
    return [
        Whole(Article(f"通告{n}", text), ((0, len(text)),), {(0, len(text)): row})
        for n, (text, row) in enumerate(zip(texts, rows, strict=True))
    ]


@pytest.mark.e2e
def test_what_an_index_costs_is_measured(run: Run, tmp_path: Path) -> None:
    index = EmbeddedIndex(tmp_path / "index")
    index.restore(wholes())
    index.close()
    told = run("scaling.py", tmp_path / "index", "--sizes", "100").splitlines()
    assert len(told) == 3
    cells = [cell.strip() for cell in told[-1].strip("|").split("|")]
    assert cells[0] == "128"  # two batches
    assert cells[3] == cells[5] == "1.000"


def test_made_up_articles_are_always_the_same() -> None:
    made, again = (scaling.Made(wholes(), [], []) for _ in range(2))
    one, other = scaling.made_up(made, 77), scaling.made_up(again, 77)
    assert one.article == other.article
    assert one.spans == other.spans == made.wholes[17].spans
    assert np.array_equal(made.vectors[0], again.vectors[0])
    assert np.linalg.norm(made.vectors[0]) == pytest.approx(1, abs=1e-5)
    assert float(made.vectors[0] @ made.wholes[17].vectors[one.spans[0]]) > 0.9
    assert scaling.made_up(made, 78).article.id != one.article.id


@pytest.mark.model
def test_agreement_of_a_folder_and_a_database(run: Run, tmp_path: Path) -> None:
    lines = "".join(map(line_of, ARTICLES))
    (tmp_path / "corpus.jsonl").write_text(lines, encoding="utf-8")
    rows = [
        {"question": "新馆总投资是多少钱？", "answers": ["3.2亿元"], "gold_ids": [ARTICLES[0].id]},
        {"question": "大桥为什么封闭？", "answers": ["老化"], "gold_ids": [ARTICLES[1].id]},
        {"question": "没有的文章？", "answers": ["x"], "gold_ids": ["elsewhere"]},
    ]
    text = "".join(
        json.dumps(row | {"id": str(n), "lang": "zh"}) + "\n" for n, row in enumerate(rows)
    )
    (tmp_path / "questions.jsonl").write_text(text, encoding="utf-8")
    told = run("agreement.py", tmp_path, "--answers")
    assert "3 articles, 3 passages; 2 questions" in told
    assert "| recall@1 | 100.0 | 100.0 |" in told
    assert "the same first article: 100.0 %" in told
    assert "word for word: 100.0 %" in told
