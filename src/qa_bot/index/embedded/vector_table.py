"""The table of the passages' vectors, from which every vector index is made."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from qa_bot.index.sql import IN_LIST, as_list

__all__ = ["insert_vectors", "vector_ids", "vectors_by_id"]


def insert_vectors(
    db: sqlite3.Connection, ids: Sequence[int], vectors: NDArray[np.float32]
) -> None:
    """Store the vectors, shape (len(ids), d), but for passages that are not there any more."""
    rows = [(v.astype("<f4").tobytes(), i) for i, v in zip(ids, vectors, strict=True)]
    db.executemany("UPDATE passages SET embedded = 1 WHERE id = ?", [(i,) for i in ids])
    db.executemany(
        "INSERT OR REPLACE INTO vectors (passage, vector) SELECT id, ? FROM passages WHERE id = ?",
        rows,
    )


def vector_ids(db: sqlite3.Connection) -> NDArray[np.int64]:
    """Ascending ids of the passages that have a vector, shape (n,)."""
    rows = db.execute("SELECT id FROM passages WHERE embedded = 1 ORDER BY id")
    return np.array([passage_id for (passage_id,) in rows], np.int64)


def vectors_by_id(
    db: sqlite3.Connection, ids: Iterable[int]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The vectors of `ids`, float32 (n, d), with the ids that are there (n,), ascending."""
    rows = db.execute(
        f"SELECT passage, vector FROM vectors WHERE passage {IN_LIST} ORDER BY passage",
        (as_list(ids),),
    ).fetchall()
    flat = np.frombuffer(b"".join(blob for _, blob in rows), "<f4").astype(np.float32)
    present = np.array([passage_id for passage_id, _ in rows], np.int64)
    return present, flat.reshape(len(present), -1) if len(present) else flat
