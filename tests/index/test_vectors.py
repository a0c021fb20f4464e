from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import faiss
import numpy as np
import pytest
from numpy.typing import NDArray

from qa_bot.index.embedded.store import Store
from qa_bot.index.embedded.vectors import VectorIndex
from qa_bot.index.filters import Filter
from qa_bot.records import Article

RANDOM = np.random.default_rng(3)


def unit(n: int) -> NDArray[np.float32]:
    rows = RANDOM.normal(size=(n, 16)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "a.sqlite3")
    store.put([(Article("", f"text {i}", id=str(i)), [(0, 6)]) for i in range(40)])
    yield store
    store.close()


def test_it_finds_what_a_full_scan_finds(tmp_path: Path, store: Store) -> None:
    vectors = unit(40)
    ids = store.passage_ids()
    store.put_vectors(ids.tolist(), vectors)
    index = VectorIndex(tmp_path / "v", store)
    index.update()
    query = unit(1)[0]
    order = np.argsort(-(vectors @ query))
    assert [i for i, _ in index.search(query, 5)] == ids[order[:5]].tolist()
    allowed = ids[order[3:8]]
    assert [i for i, _ in index.search(query, 5, allowed)] == allowed.tolist()
    assert index.search(query, 5, np.zeros(0, np.int64)) == []


def test_it_follows_the_store_and_its_file_is_only_a_short_cut(
    tmp_path: Path, store: Store
) -> None:
    ids = store.passage_ids()
    store.put_vectors(ids[:20].tolist(), unit(20))
    index = VectorIndex(tmp_path / "v", store)
    index.update()
    index.save()
    store.put_vectors(ids[20:].tolist(), unit(20))
    store.remove("0")
    for current in (index, VectorIndex(tmp_path / "v", store)):  # in memory, and from an old file
        current.update()
        assert len(current) == 39
        stored, vectors = store.vectors(store.vector_ids())
        for passage_id, vector in zip(stored.tolist(), vectors, strict=True):
            assert current.search(vector, 1)[0][0] == passage_id


def test_many_vectors_are_kept_in_8_bits_and_scored_exactly(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa_bot.index.embedded.vectors.FLAT_BELOW", 30)
    ids = store.passage_ids()
    rows = unit(40)
    store.put_vectors(ids[:20].tolist(), rows[:20])
    index = VectorIndex(tmp_path / "v", store)
    index.update()
    index.save()
    flat = (tmp_path / "v").stat().st_size
    store.put_vectors(ids[20:].tolist(), rows[20:])
    index.update()
    index.save()
    store.remove("3")
    store.put([(Article("", "another text", id="new"), [(0, 12)])])
    (new,) = store.passage_ids(Filter.of(article_ids=["new"])).tolist()
    rows = np.vstack([np.delete(rows, 3, 0), unit(1)])
    store.put_vectors([new], rows[-1:])
    there = store.passage_ids()
    for current in (index, VectorIndex(tmp_path / "v", store)):
        current.update()
        assert len(current) == 40
        query = unit(1)[0]
        found = current.search(query, 8)
        cosines = rows @ query
        assert [i for i, _ in found][:3] == there[np.argsort(-cosines)][:3].tolist()
        assert np.allclose([score for _, score in found][:3], -np.sort(-cosines)[:3], atol=1e-6)
        allowed = there[np.argsort(-cosines)[4:9]]
        assert {i for i, _ in current.search(query, 5, allowed)} == set(allowed.tolist())
    assert (tmp_path / "v").stat().st_size < 1.5 * flat  # twice as many, a quarter each


@pytest.mark.parametrize("content", [b"", b"junk", b'{"store": "other", "vectors": 1}\nxx', None])
def test_a_damaged_file_is_never_believed(
    tmp_path: Path, store: Store, content: bytes | None
) -> None:
    path = tmp_path / "v"
    store.put_vectors(store.passage_ids().tolist(), unit(40))
    index = VectorIndex(path, store)
    index.update()
    index.save()
    whole = path.read_bytes()
    path.write_bytes(whole[:-100] if content is None else content)
    again = VectorIndex(path, store)
    again.update()
    assert len(again) == 40


def test_nothing_to_search_finds_nothing(tmp_path: Path, store: Store) -> None:
    index = VectorIndex(tmp_path / "v", store)
    index.update()
    assert index.search(unit(1)[0], 3) == []
    index.save()
    assert not (tmp_path / "v").exists()


@pytest.fixture
def many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store of 600 vectors, which count as very many."""
    monkeypatch.setattr("qa_bot.index.embedded.vectors.FLAT_BELOW", 30)
    monkeypatch.setattr("qa_bot.index.embedded.vectors.GRAPH_FROM", 400)
    store = Store(tmp_path / "many.sqlite3")
    store.put([(Article("", f"text {i}", id=str(i)), [(0, 6)]) for i in range(600)])
    store.put_vectors(store.passage_ids().tolist(), unit(600))
    yield store
    store.close()


def grown(path: Path, store: Store) -> VectorIndex:
    index = VectorIndex(path, store)
    index.update()
    index.grow()
    assert index._growing is not None
    index._growing.join()
    return index


def is_graph(index: VectorIndex) -> bool:
    return index._is(faiss.IndexHNSW)


def recall(index: VectorIndex, store: Store, allowed: NDArray[np.int64] | None = None) -> float:
    """Of the 10 nearest of what the store holds, the share that is found."""
    ids = store.vector_ids() if allowed is None else allowed
    there, vectors = store.vectors(ids)
    shares = []
    for query in unit(30):
        best = there[np.argsort(-(vectors @ query))[:10]]
        found = index.search(query, 10, allowed)
        assert [score for _, score in found] == sorted((s for _, s in found), reverse=True)
        assert {i for i, _ in found} <= set(ids.tolist())
        shares.append(len({i for i, _ in found} & set(best.tolist())) / 10)
    return float(np.mean(shares))


def test_very_many_are_found_by_a_graph(tmp_path: Path, many: Store) -> None:
    index = grown(tmp_path / "v", many)
    assert is_graph(index)
    assert recall(index, many) >= 0.98
    some = np.setdiff1d(many.passage_ids(), many.passage_ids()[::7])
    assert recall(index, many, some) >= 0.98  # through the graph
    assert recall(index, many, some[:20]) == 1  # all of them looked at
    again = VectorIndex(tmp_path / "v", many)  # it was saved
    again.update()
    assert is_graph(again)
    assert recall(again, many) >= 0.98


def test_what_is_removed_is_passed_over(tmp_path: Path, many: Store) -> None:
    index = grown(tmp_path / "v", many)
    for number in range(0, 90, 3):
        many.remove(str(number))
    many.put([(Article("", "another text", id="new"), [(0, 12)])])
    (new,) = many.passage_ids(Filter.of(article_ids=["new"])).tolist()
    vector = unit(1)
    many.put_vectors([new], vector)
    for current in (index, VectorIndex(tmp_path / "v", many)):  # in memory, and from an old file
        current.update()
        assert is_graph(current)
        assert len(current) == 571
        assert current.search(vector[0], 1)[0][0] == new
        assert recall(current, many) >= 0.98
    index.save()
    later = VectorIndex(tmp_path / "v", many)
    later.update()
    assert recall(later, many) >= 0.98


def test_a_graph_of_the_removed_is_built_anew(tmp_path: Path, many: Store) -> None:
    index = grown(tmp_path / "v", many)
    for number in range(150):
        many.remove(str(number))
    index.update()
    index.grow()
    assert index._growing is not None
    index._growing.join()
    assert is_graph(index)
    assert not len(index._gone)
    assert recall(index, many) >= 0.98
    for number in range(150, 450):  # few are left: back to the 8 bits
        many.remove(str(number))
    index.update()
    assert not is_graph(index)
    assert recall(index, many) >= 0.98


def test_what_comes_while_it_grows_is_in_it(
    tmp_path: Path, many: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = VectorIndex(tmp_path / "v", many)
    index.update()
    train = VectorIndex._trained

    def meanwhile(self: VectorIndex, ids: NDArray[np.int64], *, graph: bool) -> faiss.Index:
        if graph:
            many.remove("5")
            many.put([(Article("", "another text", id="new"), [(0, 12)])])
            many.put_vectors(many.passage_ids(Filter.of(article_ids=["new"])).tolist(), unit(1))
        return train(self, ids, graph=graph)

    monkeypatch.setattr(VectorIndex, "_trained", meanwhile)
    index.grow()
    assert index._growing is not None
    index._growing.join()
    assert is_graph(index)
    assert len(index) == 600
    assert recall(index, many) >= 0.98


def test_closing_stops_it(tmp_path: Path, many: Store) -> None:
    index = VectorIndex(tmp_path / "v", many)
    index.update()
    index._closing.set()
    index.grow()
    index.close()
    assert not is_graph(index)
    again = VectorIndex(tmp_path / "v", many)
    again.update()
    assert len(again) == 600
