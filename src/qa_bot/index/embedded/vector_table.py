"""The table of the passages' vectors, from which every vector index is made."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from qa_bot.index.embedded.sql import IN_LIST, as_list
from qa_bot.index.records import Span

__all__ = ["insert_by_span", "insert_vectors", "vector_ids", "vectors_by_id", "vectors_of"]


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


def insert_by_span(
    db: sqlite3.Connection, article_id: str, vectors: Mapping[Span, NDArray[np.float32]]
) -> None:
    """Store the vectors, float32 (d,), of an article's passages at these places."""
    rows = db.execute(
        'SELECT p.id, start, "end" FROM passages p JOIN articles a ON a.key = p.article'
        " WHERE a.id = ? ORDER BY p.id",
        (article_id,),
    ).fetchall()
    there = {i: vectors[start, end] for i, start, end in rows if (start, end) in vectors}
    if there:
        insert_vectors(db, list(there), np.stack(list(there.values())))


def vectors_of(
    db: sqlite3.Connection, keys: Iterable[int]
) -> dict[int, tuple[tuple[Span, ...], dict[Span, NDArray[np.float32]]]]:
    """The passages of each of these articles, ascending, and the vectors that they have."""
    spans: dict[int, list[Span]] = {key: [] for key in keys}
    vectors: dict[int, dict[Span, NDArray[np.float32]]] = {key: {} for key in spans}
    rows = db.execute(
        'SELECT article, start, "end", vector FROM passages LEFT JOIN vectors ON passage = id'
        f" WHERE article {IN_LIST} ORDER BY id",
        (as_list(spans),),
    )
    for key, start, end, blob in rows:
        spans[key].append((start, end))
        if blob is not None:
            vectors[key][start, end] = np.frombuffer(blob, "<f4").astype(np.float32)
    return {key: (tuple(spans[key]), vectors[key]) for key in spans}


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
