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
from qa_bot.store import Store

__all__ = ["VectorIndex"]

log = logging.getLogger(__name__)

_BATCH = 4096
# Below, an exact scan over float32 takes less than 3 ms. Above, vectors are kept in 8 bits a
# component, a quarter of the memory and half the time, and what is found is scored exactly. A graph
# (HNSW) pays from about a million passages on, and takes many minutes to build.
FLAT_BELOW = 20_000
_TRAINED_ON = 16_384  # vectors, for the ends of the 8 bits


class VectorIndex:
    """An inner-product index of the store's vectors: exact, or in 8 bits where they are many.

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
        except FileNotFoundError:
            pass
        except (OSError, ValueError, KeyError, TypeError, RuntimeError):
            log.warning("The vector index %s is damaged and is built anew.", self.path)
            self._index = None

    def _follow(self) -> None:
        wanted = self.store.vector_ids()
        have = self._ids()
        if self._index is not None and self._is_flat() and len(wanted) >= FLAT_BELOW:
            self._index, have = None, have[:0]  # anew, in 8 bits
        gone = np.setdiff1d(have, wanted, assume_unique=True)
        if self._index is not None and len(gone):
            self._index.remove_ids(gone)
        new = np.setdiff1d(wanted, have, assume_unique=True)
        for at in range(0, len(new), _BATCH):
            ids, vectors = self.store.vectors(new[at : at + _BATCH])
            if not len(ids):
                continue
            if self._index is None:
                self._index = faiss.IndexIDMap2(self._empty(wanted, vectors.shape[1]))
            self._index.add_with_ids(vectors, ids)

    def _empty(self, ids: NDArray[np.int64], dimension: int) -> faiss.Index:
        if len(ids) < FLAT_BELOW:
            return faiss.IndexFlatIP(dimension)
        index = faiss.IndexScalarQuantizer(
            dimension, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
        )
        chosen = np.random.default_rng(0).choice(ids, min(len(ids), _TRAINED_ON), replace=False)
        # some room beyond the ends that this sample has, for vectors to come
        index.sq.rangestat, index.sq.rangestat_arg = faiss.ScalarQuantizer.RS_minmax, 0.1
        index.train(self.store.vectors(chosen)[1])
        return index

    def _is_flat(self) -> bool:
        return self._index is not None and isinstance(
            faiss.downcast_index(self._index.index), faiss.IndexFlat
        )

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
            parameters = None
            if allowed is not None:
                parameters = faiss.SearchParameters(sel=faiss.IDSelectorBatch(allowed))
            scores, ids = self._index.search(query[None, :], k, params=parameters)
            exact = self._is_flat()
        found, scores = ids[0][ids[0] >= 0], scores[0][ids[0] >= 0]
        if not exact:
            found, vectors = self.store.vectors(found)
            scores = vectors @ query if len(found) else scores[:0]
            order = np.argsort(-scores, kind="stable")
            found, scores = found[order], scores[order]
        return [(int(i), float(s)) for i, s in zip(found, scores, strict=True)]

    def __len__(self) -> int:
        with self._lock:
            return 0 if self._index is None else int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Components of a vector; 0 while there are none."""
        with self._lock:
            return 0 if self._index is None else int(self._index.d)
