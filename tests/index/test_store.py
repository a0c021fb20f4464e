"""What is the SQLite store's own; the rest is in `test_protocol*.py`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from qa_bot.errors import IndexMismatchError
from qa_bot.index.embedded.store import Store
from qa_bot.records import Article

BRIDGE = Article("大桥封闭", "大桥今天封闭。明天也封闭。", published="2024-04-08", source="日报")
SPANS = [(0, 7), (7, 13)]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "a.sqlite3")
    yield store
    store.close()


def test_what_was_removed_is_told_to_those_who_derive(store: Store) -> None:
    store.put([(BRIDGE, SPANS)])
    ids = store.passage_ids().tolist()
    generation = store.generation("texts")
    store.remove(BRIDGE.id)
    assert store.generation("texts") > generation
    assert store.removed_since(generation) == ids
    store.put([(BRIDGE, SPANS)])
    assert not set(store.passage_ids().tolist()) & set(ids)
    assert [p.id for p, _ in store.passages_after(ids[-1], 9)] == store.passage_ids().tolist()


def test_vectors_come_back_as_they_went_in(store: Store) -> None:
    store.put([(BRIDGE, SPANS)])
    ids = store.passage_ids()
    vectors = np.arange(8, dtype=np.float32).reshape(2, 4)
    store.put_vectors([*ids.tolist(), 999], np.vstack([vectors, vectors[:1]]))  # 999 is gone
    got_ids, got = store.vectors(ids)
    assert got_ids.tolist() == ids.tolist()
    assert np.array_equal(got, vectors)
    assert store.vector_ids().tolist() == ids.tolist()


def test_a_file_of_another_kind_or_format_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "text.sqlite3"
    text.write_text("this is not a database, but it is long enough to look at" * 20, "utf-8")
    with pytest.raises(IndexMismatchError, match="Move it away"):
        Store(text)
    newer = Store(tmp_path / "newer.sqlite3")
    with newer._writing() as db:
        db.execute("UPDATE meta SET value = '99' WHERE key = 'schema'")
    newer.close()
    with pytest.raises(IndexMismatchError, match="99"):
        Store(tmp_path / "newer.sqlite3")
