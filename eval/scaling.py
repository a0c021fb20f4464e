"""What an index costs as it grows: `python eval/scaling.py INDEX [options]`.

Articles are made up from those of an index in a folder: other digits, other days, vectors near the
real ones. They are put into a seekdb server that is started for it, size after size, and each is
measured. A row is printed after each size. With `--work`, a run that was broken off goes on.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qa_bot import Article
from qa_bot.index.filters import Filter
from qa_bot.index.opening import open_index
from qa_bot.index.protocol import Index
from qa_bot.index.records import Whole
from qa_bot.text.terms import content_terms
from seekdb import Seekdb, missing

_NOISE = 0.3  # of a vector of length 1
_BATCH = 64  # articles
_ASKED = 40  # questions of each kind
_K = 10
_YEARS = (2005, 2024)
_ONE_YEAR = Filter.of("2012", "2012")


class Made(NamedTuple):
    """The real articles, and what was made of them so far: vectors with the days of articles."""

    wholes: Sequence[Whole]
    vectors: list[NDArray[np.float32]]
    years: list[int]


def made_up(made: Made, number: int) -> Whole:
    """The article of this number, always the same."""
    chance = np.random.default_rng(number)
    article, spans, vectors, *_ = made.wholes[number % len(made.wholes)]
    turned = str.maketrans("0123456789", "".join(map(str, chance.permutation(10))))
    text = chr(0x4E00 + number % 5000) + article.text[1:].translate(turned)
    year = int(chance.integers(_YEARS[0], _YEARS[1] + 1))
    day = f"{year}-{chance.integers(1, 13):02}-{chance.integers(1, 29):02}"
    rows = np.stack([vectors[span] for span in spans])
    rows = rows + _NOISE / rows.shape[1] ** 0.5 * chance.normal(size=rows.shape)
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    made.vectors.extend(rows)
    made.years.extend([year] * len(rows))
    other = Article(article.title, text, f"made-{number}", published=day, source=article.source)
    return Whole(other, spans, dict(zip(spans, rows, strict=True)))


def milliseconds(calls: Sequence[Callable[[], object]]) -> str:
    """The median and the 95th percentile."""
    took = []
    for call in calls:
        begun = time.perf_counter()
        call()
        took.append(1000 * (time.perf_counter() - begun))
    return f"{statistics.median(took):.0f} / {np.percentile(took, 95):.0f}"


def recall(index: Index, made: Made, queries: NDArray[np.float32], where: Filter | None) -> float:
    """Of the `_K` nearest of all that were made, how near are those found: the share as near."""
    rows = np.stack(made.vectors)
    if where is not None:
        rows = rows[np.array(made.years) == int(str(where.since)[:4])]
    shares = []
    for query in queries:
        last = np.sort(rows @ query)[-_K:][0]
        hits = index.nearest(query, _K, where)
        shares.append(sum(hit.score >= last - 1e-5 for hit in hits) / min(_K, len(rows)))
    return statistics.fmean(shares)


def measured(index: Index, made: Made, rate: float, server: Seekdb) -> Iterator[str]:
    """The cells of a row."""
    chance = np.random.default_rng(3)
    rows = np.stack(made.vectors)
    queries = rows[chance.choice(len(rows), _ASKED)]
    queries = queries + _NOISE / rows.shape[1] ** 0.5 * chance.normal(size=queries.shape)
    queries = (queries / np.linalg.norm(queries, axis=1, keepdims=True)).astype(np.float32)
    asked = []
    for number in chance.choice(len(made.wholes), _ASKED):
        article = made.wholes[number].article
        at = int(chance.integers(0, max(len(article.text) - 12, 1)))
        asked.append(content_terms(article.text[at : at + 12]))
    counts = index.counts()
    yield f"{counts.passages:,}"
    yield f"{rate:.0f}"
    yield milliseconds([lambda q=q: index.nearest(q, 100) for q in queries])  # type: ignore[misc]
    yield f"{recall(index, made, queries, None):.3f}"
    yield milliseconds(
        [lambda q=q: index.nearest(q, 100, _ONE_YEAR) for q in queries]  # type: ignore[misc]
    )
    yield f"{recall(index, made, queries, _ONE_YEAR):.3f}"
    yield milliseconds([lambda t=t: index.weights(t) for t in asked])  # type: ignore[misc]
    yield milliseconds([lambda t=t: index.matching(t, 50) for t in asked])  # type: ignore[misc]
    keys = index.keys(limit=3)
    gone = [row.article.id for row in index.by_keys(keys)]
    wholes = index.wholes(keys)
    yield milliseconds([lambda i=i: index.remove(i) for i in gone])  # type: ignore[misc]
    index.restore(wholes)
    yield f"{server.memory / 1e6:.0f}"
    yield f"{sum(f.stat().st_size for f in server.folder.rglob('*') if f.is_file()) / 1e6:.0f}"


_HEAD = (
    "passages",
    "put in, passages/s",
    "nearest 100, ms",
    "recall@10",
    "within a year, ms",
    "recall@10",
    "weights, ms",
    "50 by words, ms",
    "remove one, ms",
    "memory, MB",
    "disk, MB",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("index", type=Path, help="folder of an index whose articles are used")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--work", type=Path, help="where the server's data are (default: passing)")
    parser.add_argument("--partitions", type=int, default=1, help="of the tables that grow")
    options = parser.parse_args()
    if reason := missing():
        parser.error(reason)
    source = open_index(options.index)
    wholes = [w for w in source.wholes(source.all_keys()) if len(w.vectors) == len(w.spans)]
    source.close()
    made = Made(wholes, [], [])
    print(f"| {' | '.join(_HEAD)} |\n|{' --- |' * len(_HEAD)}", flush=True)
    with (
        tempfile.TemporaryDirectory() as passing,
        Seekdb((options.work or Path(passing)) / "scaling") as server,
    ):
        index = open_index(f"{server.address('scaling')}?partitions={options.partitions}")
        number = index.count()  # of a run that was broken off
        for before in range(number):
            made_up(made, before)
        for size in sorted(options.sizes):
            begun, before = time.perf_counter(), len(made.vectors)
            while len(made.vectors) < size:
                index.restore([made_up(made, n) for n in range(number, number + _BATCH)])
                number += _BATCH
            rate = (len(made.vectors) - before) / (time.perf_counter() - begun)
            if not rate:  # more were there
                continue
            print(f"| {' | '.join(measured(index, made, rate, server))} |", flush=True)
        index.close()


if __name__ == "__main__":
    main()
