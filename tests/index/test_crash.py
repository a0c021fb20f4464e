"""Kill the process at any instant: the index is before or after an article, never half."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from qa_bot import Article, QABot
from qa_bot.index.chunking import passage_spans
from qa_bot.index.embedded.index import EmbeddedIndex
from qa_bot.index.embedded.store import Store

# Adds and removes without end; prints a line when it is ready, and after each article.
WRITER = """
import sys
from itertools import count
from pathlib import Path
import numpy as np
from qa_bot import Article
from qa_bot.index.chunking import passage_spans
from qa_bot.index.embedded.index import EmbeddedIndex

store = EmbeddedIndex(Path(sys.argv[1]))
print("ready", flush=True)
for i in count(store.generation("texts")):
    text = f"第{i}号通告。" + "临江市的春天来得早。" * 60
    article = Article(f"通告{i}", text)
    store.put([(article, passage_spans(article.text))])
    print("put", flush=True)
    pending = [p.id for p, _ in store.claim(2)]
    rows = np.random.default_rng(i).normal(size=(len(pending), 384)).astype(np.float32)
    store.put_vectors(pending, rows / np.linalg.norm(rows, axis=1, keepdims=True))
    if i % 3 == 2:
        store.remove(store.by_keys(store.keys(limit=1, offset=1))[0][1].id)
    store.refresh(wait=True)
    store.settle()
"""


def whole(bot: QABot) -> None:
    """Assert that store, vectors and full text hold the same, and every article all of itself."""
    store = bot._index
    assert isinstance(store, EmbeddedIndex)
    store.refresh(wait=True)
    expected = set()
    for article in bot.articles():
        assert article.digest()[:16] == article.id
        ids = [
            i for i in store.passage_ids().tolist() if store.passages([i])[i][1].id == article.id
        ]
        spans = [(p.start, p.end) for p, _ in store.passages(ids).values()]
        assert spans == passage_spans(article.text, bot.settings.passage_chars)
        expected.update(ids)
    everything = store.fulltext.search(["春天"], 100_000)
    assert {i for i, _ in everything} == expected
    assert len(everything) == len(expected)
    assert set(store.vectors_index._ids().tolist()) == set(store.vector_ids().tolist()) <= expected


@pytest.mark.timeout(280)
def test_a_killed_writer_leaves_a_whole_index(tmp_path: Path) -> None:
    chance = random.Random(11)
    states = [""]
    for _ in range(6):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        for _ in range(chance.randint(1, 6)):  # however slow the machine is
            assert process.stdout.readline() == b"put\n"
        time.sleep(chance.uniform(0, 0.1))
        process.send_signal(signal.SIGKILL)
        process.wait()
        with QABot.open(tmp_path) as bot:
            whole(bot)
            states.append(bot._index.state())
    grown = [before != after for before, after in pairwise(states)]
    assert all(grown)  # it was killed at work, not before


def test_killed_while_embedding_goes_on_where_it_was(tmp_path: Path) -> None:
    """The vectors stored before the kill are kept, bit for bit, and only the rest is embedded."""
    articles = [
        Article(f"通告{i}", f"第{i}号通告。" + "临江市的春天来得早。" * 100) for i in range(40)
    ]
    code = (
        "import sys, qa_bot; from tests.index.test_crash import *\n"
        "bot = qa_bot.QABot.open(sys.argv[1])\n"
        "bot.add([qa_bot.Article(f'通告{i}', f'第{i}号通告。' + '临江市的春天来得早。' * 100)"
        " for i in range(40)], progress=lambda p: print(p.stage, p.done, flush=True))\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert process.stdout is not None
    for line in process.stdout:
        stage, done = line.split()
        if stage == "embedding" and int(done) > 0:
            break
    process.kill()
    process.wait()

    store = Store(tmp_path / "articles.sqlite3")
    assert store.counts()[0] == len(articles)
    ids, before = store.vectors(store.vector_ids())
    assert 0 < len(ids) < store.counts()[1]
    store.close()
    with QABot.open(tmp_path) as bot:
        assert bot.search("第7号通告")[0].article.title == "通告7"  # by full text already
        assert bot.wait()
        assert isinstance(bot._index, EmbeddedIndex)
        again, after = bot._index.vectors(ids)
        assert np.array_equal(ids, again)
        assert np.array_equal(before, after)
        assert bot.add(articles).skipped
        whole(bot)
