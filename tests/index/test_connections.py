"""Those who read wait for nobody, see one state, and closing leaves nothing open."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from qa_bot.errors import QABotError
from qa_bot.index.embedded.connections import Connections
from qa_bot.index.embedded.store import Store
from qa_bot.records import Article


@pytest.fixture
def connections(tmp_path: Path) -> Iterator[Connections]:
    connections = Connections(tmp_path / "a.sqlite3")
    with connections.writing() as db:
        db.execute("CREATE TABLE numbers (number INTEGER)")
    yield connections
    connections.close()


def count(connections: Connections) -> int:
    with connections.reading() as db:
        return int(db.execute("SELECT count(*) FROM numbers").fetchone()[0])


def test_reading_goes_on_beside_writing_and_other_reading(connections: Connections) -> None:
    with (
        ThreadPoolExecutor(1) as pool,
        connections.writing() as db,
        connections.reading() as first,
    ):
        db.execute("INSERT INTO numbers VALUES (1)")
        assert pool.submit(count, connections).result(10) == 0  # another thread, at once
        assert first.execute("SELECT count(*) FROM numbers").fetchone() == (0,)
    assert count(connections) == 1


def test_a_reading_sees_one_state(connections: Connections) -> None:
    with connections.reading() as before:
        assert before.execute("SELECT count(*) FROM numbers").fetchone() == (0,)
        with connections.writing() as db:
            db.execute("INSERT INTO numbers VALUES (1)")
        assert before.execute("SELECT count(*) FROM numbers").fetchone() == (0,)
    assert count(connections) == 1


def test_a_reading_cannot_write(connections: Connections) -> None:
    with (
        connections.reading() as db,
        pytest.raises(sqlite3.OperationalError, match="readonly"),
    ):
        db.execute("INSERT INTO numbers VALUES (1)")
    assert count(connections) == 0


def test_a_broken_reading_leaves_its_connection_whole(connections: Connections) -> None:
    for _ in range(20):
        with pytest.raises(sqlite3.OperationalError), connections.reading() as db:
            db.execute("SELECT * FROM nowhere")
    assert count(connections) == 0


def test_closing_waits_for_those_who_read_and_closes_all(tmp_path: Path) -> None:
    store = Store(tmp_path / "a.sqlite3")
    store.put([(Article("题", "一句话。"), [(0, 4)])])
    begun, go_on = threading.Event(), threading.Event()

    def read() -> int:
        with store._connections.reading() as db:
            begun.set()
            assert go_on.wait(10)
            return int(db.execute("SELECT count(*) FROM articles").fetchone()[0])

    with ThreadPoolExecutor(2) as pool:
        reading = pool.submit(read)
        assert begun.wait(10)
        closing = pool.submit(store.close)
        go_on.set()
        assert reading.result(10) == 1
        closing.result(10)
    assert not (tmp_path / "a.sqlite3-wal").exists()  # the last one to close takes it away
    for use in (store.counts, lambda: store.put([(Article("题", "又一句。"), [(0, 4)])])):
        with pytest.raises(QABotError, match="was closed"):
            use()
    store.close()  # once more does no harm
