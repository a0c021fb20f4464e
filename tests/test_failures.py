"""What becomes of an index in a database when something dies: nothing is lost, nothing torn."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

import seekdb
from qa_bot import Article, IndexAwayError, QABot
from qa_bot.index.oceanbase import index as engine
from qa_bot.index.opening import open_index
from qa_bot.index.protocol import Index
from tests.conftest import ARTICLES
from tests.serving import serving_bot

pytestmark = pytest.mark.e2e

DIMENSION = 16
# Puts in all articles that there shall be and embeds what is pending, together with others like
# it; at each step it prints what it did. An article's text tells how many passages it has.
WORKER = f"""
import random, sys, time
import numpy as np
from qa_bot import Article
from qa_bot.index.opening import open_index

place, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
index = open_index(place)
chance = random.Random(seed)
articles = [Article(f"t{{n}}", "x" * (1 + n % 4), id=str(n)) for n in range(count)]
chance.shuffle(articles)
print("ready", flush=True)
for at in range(0, count, 3):
    batch = [(a, [(i, i + 1) for i in range(len(a.text))]) for a in articles[at : at + 3]]
    added = [o.status for o in index.put(batch)].count("added")
    print("added", added, flush=True)
    claimed = [p.id for p, _ in index.claim(5)]
    if claimed:
        index.put_vectors(claimed, np.ones((len(claimed), {DIMENSION}), np.float32))
        print("embedded", len(claimed), flush=True)
while index.pending():
    claimed = [p.id for p, _ in index.claim(5)]
    if claimed:
        index.put_vectors(claimed, np.ones((len(claimed), {DIMENSION}), np.float32))
        print("embedded", len(claimed), flush=True)
    else:
        time.sleep(0.05)
"""


def worker(place: str, seed: int, count: int) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, place, str(seed), str(count)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def check(index: Index) -> None:
    """Assert that every article has all of itself, once, and every vector its passage."""
    wholes = index.wholes(index.all_keys())
    ids = [whole.article.id for whole in wholes]
    assert len(ids) == len(set(ids)) == index.count()
    passages = vectors = 0
    for article, spans, made, *_ in wholes:
        assert spans == tuple((i, i + 1) for i in range(len(article.text)))
        passages += len(spans)
        vectors += len(made)
    assert index.counts() == (len(ids), passages, passages - vectors)
    nearest = index.nearest(np.ones(DIMENSION, np.float32), 10_000)
    assert len({hit.id for hit in nearest}) == len(nearest) == vectors


def test_workers_share_the_work(database: str) -> None:
    index = open_index(database)
    workers = [worker(database, seed, 60) for seed in range(3)]
    outputs = [process.communicate(timeout=120)[0].splitlines() for process in workers]
    assert [process.returncode for process in workers] == [0, 0, 0]
    done = {"added": 0, "embedded": 0}
    for line in (line for output in outputs for line in output):
        what, number = line.split()
        done[what] += int(number)
    check(index)
    assert index.counts() == (60, 150, 0)
    assert done == {"added": 60, "embedded": 150}  # nothing was done twice
    index.close()


def test_a_killed_worker_loses_nothing(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "LEASE", 1)
    chance = random.Random(4)
    index = open_index(database)
    for seed in range(4):
        process = worker(database, seed, 400)
        assert process.stdout is not None
        added = 0
        for _ in range(chance.randint(3, 12)):  # however slow the machine is
            what, number = process.stdout.readline().split()
            added += int(number) if what == "added" else 0
        time.sleep(chance.uniform(0, 0.1))
        before = index.count()
        process.kill()
        process.communicate()
        check(index)  # nobody waits for the dead one's locks
        assert index.count() >= max(before, added) > 0
        index.put([(Article("between", "x", id=f"between-{seed}"), [(0, 1)])])
    index.close()


def test_what_a_dead_worker_claimed_is_taken_over(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "LEASE", 2)
    dead, alive = open_index(database), open_index(database)
    dead.put([(Article(f"t{n}", "xy", id=str(n)), [(0, 1), (1, 2)]) for n in range(3)])
    claimed = [p.id for p, _ in dead.claim(4)]
    assert [p.id for p, _ in dead.claim(4)] == claimed  # its own, again
    dead.close()
    others = [p.id for p, _ in alive.claim(9)]
    assert len(others) == 2
    assert not set(others) & set(claimed)
    alive.put_vectors(others, np.ones((2, DIMENSION), np.float32))
    deadline = time.monotonic() + 30
    while not (taken := [p.id for p, _ in alive.claim(9)]) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert taken == claimed
    alive.close()


def test_a_killed_server_loses_nothing(
    own: seekdb.Seekdb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    place = own.address("killed")
    index = open_index(place)
    kept: list[str] = []  # articles that were told to be in

    def put(until: threading.Event) -> None:
        for number in range(10_000):
            if until.is_set():
                return
            article = Article(f"t{number}", "x" * (1 + number % 4), id=f"{len(kept)}-{number}")
            spans = [(i, i + 1) for i in range(len(article.text))]
            try:
                index.put([(article, spans)])
                claimed = [p.id for p, _ in index.claim(3)]
                kept.append(article.id)
                index.put_vectors(claimed, np.ones((len(claimed), DIMENSION), np.float32))
            except IndexAwayError:
                return

    for _ in range(2):
        until = threading.Event()
        writing = threading.Thread(target=put, args=(until,))
        before = len(kept)
        writing.start()
        deadline = time.monotonic() + 60
        while len(kept) < before + 5 and time.monotonic() < deadline:
            time.sleep(0.05)
        own.kill()
        with pytest.raises(IndexAwayError, match="cannot be reached now"):
            index.counts()
        until.set()
        writing.join()
        assert len(kept) >= before + 5  # it was at work
        own.start()
        check(index)  # on new connections, by itself
        there = {row.article.id for row in index.by_keys(index.all_keys())}
        assert set(kept) <= there
    index.close()


@pytest.mark.model
def test_a_server_of_programs_bears_that_its_database_is_away(
    own: seekdb.Seekdb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says so, and goes on answering and embedding when the database is back."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    question = {"question": "新馆总投资是多少钱？"}
    with QABot.open(own.address("served")) as bot, serving_bot(bot) as http:
        bot.add(ARTICLES)
        many = [Article(f"通告{i}", f"第{i}号通告。" + "春天来得早。" * 40) for i in range(60)]
        bot.add(many, wait=False)
        own.kill()
        for answer in (http.post("/api/v1/ask", json=question), http.get("/api/v1/health")):
            assert answer.status_code == 503
            error = answer.json()["error"]
            assert error["code"] == "index_away"
            assert "127.0.0.1" not in error["message"]  # a visitor need not know where it is
        own.start()
        deadline = time.monotonic() + 120
        while (facts := http.get("/api/v1/health").json())["pending"]:
            assert time.monotonic() < deadline, facts
            time.sleep(0.2)
        assert facts["articles"] == 63
        assert http.post("/api/v1/ask", json=question).json()["short"] == "3.2亿元"
