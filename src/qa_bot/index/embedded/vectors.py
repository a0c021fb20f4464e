"""Nearest passages by vector: FAISS, derived from the store and kept beside it."""

from __future__ import annotations

import json
import logging
import threading
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from qa_bot.files import write_atomically
from qa_bot.index.embedded.store import Store

__all__ = ["VectorIndex"]

log = logging.getLogger(__name__)

_BATCH = 4096
# See eval/vector_indexes.py. Below, an exact scan over float32 takes some 3 ms. Above, vectors are
# kept in 8 bits a component, a quarter of the memory and half the time or less, and what is found
# is scored exactly. Of many more a graph is built in the background, for a scan then takes most of
# a search's time on a busy machine; of 200,000 passages it finds the nearest ten to 99.1 %.
FLAT_BELOW = 20_000
GRAPH_FROM = 150_000
_TRAINED_ON = 16_384  # vectors, for the ends of the 8 bits
_LINKS, _BUILT_WITH = 32, 80  # of HNSW: neighbours of a passage, and candidates for them
_SEARCHED_WITH, _MOST_SEARCHED = 400, 4096  # passages in view, the latter where a filter leaves few
_GONE = 0.2  # share of removed passages in a graph, from which on it is built anew


class VectorIndex:
    """An inner-product index of the store's vectors: exact, in 8 bits, or a graph (HNSW) of these.

    Which of them depends on how many there are; `grow` builds the graph while the 8 bits serve.
    Passages cannot be taken out of a graph: those removed stay in it and are passed over.

    The file at `path` only saves reading every vector out of the store at the next start: a stamp
    in front of it names the store and generation it was written at, and it is never believed where
    it and the store differ.
    """

    def __init__(self, path: Path, store: Store) -> None:
        self.path = path
        self.store = store
        self._lock = threading.RLock()
        self._index: faiss.IndexIDMap2 | None = None
        self._generation = -1
        self._saved = -1
        self._gone = np.zeros(0, np.int64)  # ids in a graph that the store has no more
        self._growing: threading.Thread | None = None
        self._closing = threading.Event()

    def update(self) -> None:
        """Bring the index to the store's state."""
        with self._lock:
            generation = self.store.generation("vectors")
            if self._index is not None and self._generation == generation:
                return
            if self._index is None:
                self._load()
            if self._generation != generation:
                self._follow()
                self._generation = generation

    def _load(self) -> None:
        try:
            data = self.path.read_bytes()
            end = data.index(b"\n") + 1
            stamp = json.loads(data[:end])
            name = self.store.generation_name("vectors", int(stamp["vectors"]))
            if stamp["store"] == self.store.uuid and stamp.get("name") == name:
                body = np.frombuffer(data, np.uint8, offset=end)
                self._index = faiss.deserialize_index(body)
                self._generation = self._saved = int(stamp["vectors"])
                if self._is(faiss.IndexHNSW):
                    self._gone = np.setdiff1d(self._ids(), self.store.vector_ids())
        except FileNotFoundError:
            pass
        except (OSError, ValueError, KeyError, TypeError, RuntimeError):
            log.warning("The vector index %s is damaged and is built anew.", self.path)
            self._index = None

    def _follow(self) -> None:
        wanted = self.store.vector_ids()
        have = self._ids()
        is_graph = self._is(faiss.IndexHNSW)
        outgrown = self._is(faiss.IndexFlat) and len(wanted) >= FLAT_BELOW
        if outgrown or (is_graph and len(wanted) < GRAPH_FROM // 2):
            self._index, have, is_graph = None, have[:0], False  # anew, in 8 bits
        gone = np.setdiff1d(have, wanted, assume_unique=True)
        if len(gone) == len(have):  # what comes may be of another model, and dimension
            self._index, have, gone, is_graph = None, have[:0], gone[:0], False
        self._gone = gone if is_graph else gone[:0]
        if self._index is not None and len(gone) and not is_graph:
            self._index.remove_ids(gone)
        new = np.setdiff1d(wanted, have, assume_unique=True)
        for at in range(0, len(new), _BATCH):
            ids, vectors = self.store.vectors(new[at : at + _BATCH])
            if not len(ids):
                continue
            if self._index is None:
                self._index = faiss.IndexIDMap2(self._empty(wanted, vectors.shape[1]))
            self._index.add_with_ids(vectors, ids)

    def grow(self) -> None:
        """Begin to build the graph in the background, if there are passages enough for it.

        It takes the place of what serves until then as soon as it is whole, and is saved.
        """
        with self._lock:
            self.update()
            if self._growing is not None and self._growing.is_alive():
                return
            is_graph, count = self._is(faiss.IndexHNSW), len(self)
            if count < GRAPH_FROM or (is_graph and len(self._gone) < _GONE * count):
                return
            self._growing = threading.Thread(target=self._grow, name="qa_bot-graph")
            self._growing.start()

    def close(self) -> None:
        """Stop building, and save; a graph half built is begun anew by the next `grow`."""
        self._closing.set()
        if self._growing is not None:
            self._growing.join()
        self.save()

    def _grow(self) -> None:
        ids = self.store.vector_ids()
        log.info("Building a graph of %d passages in the background.", len(ids))
        graph = faiss.IndexIDMap2(self._trained(ids, graph=True))
        for at in range(0, len(ids), _BATCH):
            if self._closing.is_set():
                return
            there, vectors = self.store.vectors(ids[at : at + _BATCH])
            if len(there):
                graph.add_with_ids(vectors, there)
        with self._lock:
            self._index, self._generation = graph, -1
            self.update()  # to what came and went meanwhile
            try:
                self.save()
            except OSError as error:  # it is only a short cut for the next start
                log.warning("The vector index could not be saved: %s", error)

    def _empty(self, ids: NDArray[np.int64], dimension: int) -> faiss.Index:
        if len(ids) < FLAT_BELOW:
            return faiss.IndexFlatIP(dimension)
        return self._trained(ids, graph=False)

    def _trained(self, ids: NDArray[np.int64], *, graph: bool) -> faiss.Index:
        """An empty index in 8 bits, their ends set by a sample of these passages."""
        chosen = np.random.default_rng(0).choice(ids, min(len(ids), _TRAINED_ON), replace=False)
        sample = self.store.vectors(chosen)[1]
        kind, metric = faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
        if graph:
            index = faiss.IndexHNSWSQ(sample.shape[1], kind, _LINKS, metric)
            index.hnsw.efConstruction = _BUILT_WITH
            quantiser = faiss.downcast_index(index.storage).sq
        else:
            index = faiss.IndexScalarQuantizer(sample.shape[1], kind, metric)
            quantiser = index.sq
        # some room beyond the ends that this sample has, for vectors to come
        quantiser.rangestat, quantiser.rangestat_arg = faiss.ScalarQuantizer.RS_minmax, 0.1
        index.train(sample)
        return index

    def _is(self, kind: type) -> bool:
        return self._index is not None and isinstance(faiss.downcast_index(self._index.index), kind)

    def _ids(self) -> NDArray[np.int64]:
        if self._index is None:
            return np.zeros(0, np.int64)
        ids: NDArray[np.int64] = faiss.vector_to_array(self._index.id_map)
        return ids.copy()

    def save(self) -> None:
        """Write the index to its file, if it has changed since."""
        with self._lock:
            if self._index is None or self._saved == self._generation:
                return
            stamp = {
                "store": self.store.uuid,
                "vectors": self._generation,
                "name": self.store.generation_name("vectors", self._generation),
            }
            body = faiss.serialize_index(self._index)
            write_atomically(self.path, json.dumps(stamp).encode(), b"\n", body.tobytes())
            self._saved = self._generation

    def search(
        self, query: NDArray[np.float32], k: int, allowed: NDArray[np.int64] | None = None
    ) -> list[tuple[int, float]]:
        """The `k` passages nearest to `query`, float32 (d,), as (id, cosine), best first."""
        with self._lock:
            if self._index is None or not self._index.ntotal:
                return []
            exact = self._is(faiss.IndexFlat)
            if self._is(faiss.IndexHNSW):
                found, scores = self._walk(query, k, allowed)
            else:
                chosen = faiss.IDSelectorBatch(allowed) if allowed is not None else None
                parameters = faiss.SearchParameters(sel=chosen) if chosen else None
                scores, found = self._index.search(query[None, :], k, params=parameters)
        found, scores = found[found >= 0], scores[found >= 0]
        if not exact:
            found, vectors = self.store.vectors(found)
            scores = vectors @ query if len(found) else scores[:0]
            order = np.argsort(-scores, kind="stable")[:k]
            found, scores = found[order], scores[order]
        return [(int(i), float(s)) for i, s in zip(found, scores, strict=True)]

    def _walk(
        self, query: NDArray[np.float32], k: int, allowed: NDArray[np.int64] | None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Candidates by the graph: ids and scores, both of shape (1, n), -1 where there is none.

        Where a filter leaves but few, the graph would lead past them: all of them are candidates.
        """
        index = self._index
        assert index is not None
        seen, selector = max(k, _SEARCHED_WITH), None
        if allowed is not None:
            allowed = np.setdiff1d(allowed, self._gone)
            if len(allowed) <= max(FLAT_BELOW, index.ntotal // 16):
                return allowed[None, :], np.zeros((1, len(allowed)), np.float32)
            seen = min(_MOST_SEARCHED, seen * index.ntotal // len(allowed))
            selector = faiss.IDSelectorBatch(allowed)
        elif len(self._gone):
            removed = faiss.IDSelectorBatch(self._gone)
            selector = faiss.IDSelectorNot(removed)
        parameters = faiss.SearchParametersHNSW(efSearch=seen, sel=selector)
        scores, found = index.search(query[None, :], k, params=parameters)
        return found, scores

    def __len__(self) -> int:
        with self._lock:
            return 0 if self._index is None else int(self._index.ntotal) - len(self._gone)

    @property
    def dimension(self) -> int:
        """Components of a vector; 0 while there are none."""
        with self._lock:
            return 0 if self._index is None else int(self._index.d)
