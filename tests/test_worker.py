"""`qa-bot worker`: processes that embed what others add, over a database and over a folder."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from qa_bot import Article, QABot, load_settings
from qa_bot.index.oceanbase.connections import rows
from qa_bot.index.oceanbase.index import OceanBaseIndex
from qa_bot.index.protocol import Index
from tests.conftest import heed_interrupts

pytestmark = pytest.mark.model

COUNT = 200
SHORT = """
from qa_bot.index.oceanbase import index
index.LEASE = 10  # seconds, in place of two minutes
from qa_bot.cli.main import run
run()
"""


def qa_bot(*arguments: str, short: bool = False, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *(("-c", SHORT) if short else ("-m", "qa_bot.cli")), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
        preexec_fn=heed_interrupts,
    )


def worker(place: str, *, short: bool = False) -> subprocess.Popen[str]:
    """One that works; `short`: what it has in hand is its own for some seconds only."""
    process = qa_bot("worker", "--index", place, short=short)
    assert process.stderr is not None
    said = process.stderr.readline()
    assert said.startswith("Embedding what is added to "), said + process.stderr.read()
    return process


def until(there: Callable[[], bool], *processes: subprocess.Popen[str]) -> None:
    """Wait for it while these are at work."""
    deadline = time.monotonic() + 240
    while not there():
        assert all(process.poll() is None for process in processes)
        assert time.monotonic() < deadline
        time.sleep(0.02)


def ended(process: subprocess.Popen[str], number: signal.Signals) -> int:
    """The passages that a worker embedded which is told to end."""
    process.send_signal(number)
    said, faults = process.communicate(timeout=120)
    assert (process.returncode, faults) == (0, "")
    first, passages, last = said.split()
    assert (first, last) == ("Embedded", "passages.")
    return int(passages)


def many(folder: Path) -> Path:
    path = folder / "many.jsonl"
    rows = ({"title": f"第{i}号", "text": f"望江桥第{i}天通车。" * 50} for i in range(COUNT))
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def at_work(index: Index) -> int:
    """How many workers have passages in hand."""
    assert isinstance(index, OceanBaseIndex)
    sql = "SELECT COUNT(DISTINCT worker) FROM pending WHERE claimed_until > NOW(6)"
    return int(index._connections.read(lambda cursor: rows(cursor, sql))[0][0])


def whole(index: Index, articles: int) -> None:
    """Assert that each article is there once, with all its vectors."""
    wholes = index.wholes(index.all_keys())
    assert len({whole.article.id for whole in wholes}) == len(wholes) == articles
    assert all(set(whole.spans) == set(whole.vectors) for whole in wholes)
    assert index.counts().pending == 0


def test_two_workers_share_what_others_add(database: str, tmp_path: Path) -> None:
    with QABot.open(database, settings=load_settings(embed=False)) as bot:
        bot.add(Article("渡轮", "渡轮复航了。"))
        assert bot.pending() == 1  # it leaves that to others
        assert not bot.wait(timeout=0.1)
        workers = [worker(database), worker(database)]
        adder = qa_bot("add", str(many(tmp_path)), "--index", database, QA_BOT_EMBED="false")
        until(lambda: at_work(bot._index) == 2, *workers)
        said, faults = adder.communicate(timeout=120)
        assert (adder.returncode, faults) == (0, "")
        assert f"{COUNT} added" in said
        until(lambda: bot.pending() == 0, *workers)
        done = [
            ended(process, number)
            for process, number in zip(workers, (signal.SIGTERM, signal.SIGINT), strict=True)
        ]
        assert all(done)
        assert sum(done) == bot.info()["passages"]  # none was embedded twice
        whole(bot._index, COUNT + 1)
        assert bot.search("渡轮什么时候复航？", k=1)[0].article.title == "渡轮"


def test_a_killed_worker_leaves_its_passages_to_another(database: str, tmp_path: Path) -> None:
    with QABot.open(database, settings=load_settings(embed=False)) as bot:
        bot.add(many(tmp_path))
        doomed, other = worker(database, short=True), worker(database)
        until(lambda: at_work(bot._index) == 2, doomed, other)
        doomed.kill()  # with passages in hand
        doomed.communicate()
        until(lambda: bot.pending() == 0, other)
        assert ended(other, signal.SIGTERM) > 0
        whole(bot._index, COUNT)


def test_a_worker_ends_after_the_passages_in_hand(database: str, tmp_path: Path) -> None:
    with QABot.open(database, settings=load_settings(embed=False)) as bot:
        bot.add(many(tmp_path))
        process = worker(database)
        until(lambda: at_work(bot._index) == 1, process)
        done = ended(process, signal.SIGTERM)
        articles, passages, pending = bot._index.counts()
        assert articles == COUNT
        assert 0 < done == passages - pending < passages
        assert at_work(bot._index) == 0  # nothing waits for the lease to end


def test_a_folder_has_one_worker(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    with QABot.open(folder, settings=load_settings(embed=False)) as bot:
        bot.add(many(tmp_path))
        first = worker(str(folder))
        second = qa_bot("worker", "--index", str(folder))
        said, faults = second.communicate(timeout=120)
        assert (second.returncode, said) == (4, "")
        assert "has a worker already" in faults
        assert "Several share the work over an index in a database only." in faults
        until(lambda: bot.pending() == 0, first)
        assert bot.search("望江桥第7天", k=1)  # by the vectors that the worker made
        assert bot.info()["dimension"] == 384
        assert ended(first, signal.SIGTERM) == bot.info()["passages"]
        whole(bot._index, COUNT)


def test_there_is_no_worker_without_an_index(tmp_path: Path) -> None:
    process = qa_bot("worker", "--index", str(tmp_path / "none"))
    _, faults = process.communicate(timeout=60)
    assert process.returncode == 4
    assert "There is no index at" in faults


def test_a_server_embeds_what_was_left(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    with QABot.open(folder, settings=load_settings(embed=False)) as bot:
        bot.add(Article("渡轮", "渡轮复航了。"))
        bot.warm_up()
        assert not bot.wait(timeout=0.5)
    with QABot.open(folder) as bot:
        bot.warm_up()
        until(lambda: bot.pending() == 0)
