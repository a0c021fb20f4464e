"""Which FAISS index for how many passages: time, recall, memory and building time of each.

python eval/vector_indexes.py INDEX [--sizes 20000 100000 ...]

INDEX is the folder of an index with real articles. Its vectors are taken as they are, and beyond
their number again with noise added, which is what edited copies of articles would give. Every 50th
passage, with a little noise of its own, serves as a question; recall is against an exact scan.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from qa_bot.index.embedded.store import Store

K = 10
DEPTH = 100  # what the retriever asks for, exact scores choosing the best of it
QUESTIONS = 100
LINKS = 32  # of a passage in the graph
SEARCHED = (128, 256, 400)  # passages that a search of the graph keeps in view
NOISE = 0.3  # of a vector's length: a copy keeps a cosine of .96 with its original


def enlarged(vectors: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    """So many unit vectors: the given ones, then noisy copies of them."""
    chance = np.random.default_rng(0)
    parts = [vectors[:size]]
    while (left := size - sum(map(len, parts))) > 0:
        parts.append(noisy(vectors[:left], NOISE, chance))
    return np.concatenate(parts)


def noisy(
    vectors: NDArray[np.float32], share: float, chance: np.random.Generator
) -> NDArray[np.float32]:
    noise = chance.normal(size=vectors.shape).astype(np.float32)
    noise *= share / np.sqrt(vectors.shape[1])
    moved = vectors + noise
    moved /= np.linalg.norm(moved, axis=1, keepdims=True)
    return moved


def quantised(vectors: NDArray[np.float32]) -> faiss.Index:
    index = faiss.IndexScalarQuantizer(
        vectors.shape[1], faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    index.train(vectors[:: max(1, len(vectors) // 16384)])
    index.add(vectors)
    return index


def graph(vectors: NDArray[np.float32]) -> faiss.Index:
    index = faiss.IndexHNSWSQ(
        vectors.shape[1], faiss.ScalarQuantizer.QT_8bit, LINKS, faiss.METRIC_INNER_PRODUCT
    )
    index.hnsw.efConstruction = 80
    index.train(vectors[:: max(1, len(vectors) // 16384)])
    index.add(vectors)
    return index


def flat(vectors: NDArray[np.float32]) -> faiss.Index:
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    return index


def measured(
    name: str,
    index: faiss.Index,
    built: float,
    case: tuple[NDArray[Any], ...],
    efs: tuple[int, ...],
) -> Iterator[str]:
    vectors, questions, truth = case
    for ef in efs:
        parameters = faiss.SearchParametersHNSW(efSearch=ef) if ef else None
        times, recalls = [], []
        for question, best in zip(questions, truth, strict=True):
            begun = time.perf_counter()
            found = index.search(question[None], DEPTH, params=parameters)[1][0]
            found = found[found >= 0]
            found = found[np.argsort(-(vectors[found] @ question))[:K]]
            times.append(time.perf_counter() - begun)
            # equal vectors stand for each other: what counts is how near they are
            recalls.append(float(np.mean(vectors[found] @ question >= best - 1e-6)))
        p50, p95 = (1000 * float(np.percentile(times, p)) for p in (50, 95))
        size = faiss.serialize_index(index).nbytes / 1e6
        shown = f"{name} {ef}" if ef else name
        yield (
            f"| {len(vectors)} | {shown} | {p50:.1f} | {p95:.1f} "
            f"| {statistics.mean(recalls):.3f} | {built:.0f} | {size:.0f} |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("index", type=Path)
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=[20_000, 38_000, 100_000, 200_000, 400_000, 800_000]
    )
    options = parser.parse_args()
    store = Store(options.index / "articles.sqlite3")
    own = store.vectors(store.vector_ids())[1]
    store.close()
    own = own[np.random.default_rng(1).permutation(len(own))]
    print("| passages | index | ms p50 | ms p95 | recall@10 | built, s | MB |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for size in options.sizes:
        vectors = enlarged(own, size)
        step = max(1, size // QUESTIONS)
        questions = noisy(vectors[::step][:QUESTIONS], 2 * NOISE, np.random.default_rng(2))
        truth = flat(vectors).search(questions, K)[0][:, -1]  # how near the last of them is
        case = (vectors, questions, truth)
        for name, make, efs in (
            ("flat", flat, (0,)),
            ("8 bits", quantised, (0,)),
            ("HNSW, 8 bits", graph, SEARCHED),
        ):
            begun = time.perf_counter()
            index = make(vectors)
            built = time.perf_counter() - begun
            for line in measured(name, index, built, case, efs):
                print(line, flush=True)


if __name__ == "__main__":
    main()
