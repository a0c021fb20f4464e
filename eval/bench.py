"""How fast qa_bot is, as ratios to a plain baseline measured in the same run.

    python eval/run.py SET --no-answers --limit 1   # makes the index of a set, prints its folder
    python eval/bench.py SET --index FOLDER         # figures to stdout, eval/reports/bench.*

takes the documents of SET (`corpus.jsonl`) and the vectors of its index. Both ways take turns (A B
A B), and medians are given. Indexes of other sizes are made of the set's articles with the vectors
they have; of more articles than there are, by copies with other digits, whose vectors are those of
the originals with noise. eval/baseline.py is the plain way.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import faiss
import numpy as np

from baseline import Plain
from dataset import load
from qa_bot import Article, QABot
from qa_bot.index.embedded.index import EmbeddedIndex
from qa_bot.index.records import Whole
from qa_bot.networks.bundled import bundled_model_dir
from qa_bot.networks.embedding import Embedder
from qa_bot.reading import read
from report import machine, versions

HERE = Path(__file__).parent
ROUNDS = 3
USERS = (1, 4, 16)
NOISE = 0.1  # length of what is added to the unit vector of a copy


@dataclass(frozen=True)
class Row:
    """A figure of qa_bot's, and the plain way's where there is one; `higher` is better or not."""

    what: str
    unit: str
    ours: float
    plain: float | None = None
    higher: bool = False

    @property
    def ratio(self) -> float | None:
        if self.plain is None:
            return None
        return self.ours / self.plain if self.higher else self.plain / self.ours


def in_turn(
    ours: Callable[[], object], plain: Callable[[], object], rounds: int
) -> tuple[list[float], list[float]]:
    """Seconds that each takes, one after the other."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for work, seconds in zip((ours, plain), times, strict=True):
            begun = time.perf_counter()
            work()
            seconds.append(time.perf_counter() - begun)
    return times


def speed(what: str, unit: str, count: int, ours: list[float], plain: list[float]) -> Row:
    rates = count / statistics.median(ours), count / statistics.median(plain)
    return Row(what, unit, rates[0], rates[1], higher=True)


def embedding(texts: Sequence[str], plain: Plain) -> Iterator[Row]:
    fast = Embedder()
    passages = [t[at : at + 300] for t in texts for at in range(0, len(t) - 299, 300)][:192]
    fast.embed(passages[:2])
    plain.embed(passages[:2])
    ours, theirs = in_turn(lambda: fast.embed(passages), lambda: plain.embed(passages), ROUNDS)
    yield speed("embedding passages of 300 characters", "a second", len(passages), ours, theirs)
    cosines = (fast.embed(passages) * plain.embed(passages)).sum(1)
    yield Row("cosine with float32, mean", "", float(cosines.mean()))
    yield Row("cosine with float32, least", "", float(cosines.min()))
    question = "图书馆新馆什么时候开放？"
    ours, theirs = in_turn(
        lambda: fast.embed([question], "query"),
        lambda: plain.model.encode_query([question], normalize_embeddings=True),
        30,
    )
    medians = 1000 * statistics.median(ours), 1000 * statistics.median(theirs)
    yield Row("embedding a question", "ms", medians[0], medians[1])


def indexing(rows: Sequence[str], plain: Plain, work: Path) -> Iterator[Row]:
    """Read, cut, embed and store, the models loaded."""
    source = work / "some.jsonl"
    source.write_text("".join(rows), "utf-8")
    turn = iter(range(100))

    def add() -> None:
        with QABot.open(work / f"ours-{next(turn)}") as bot:
            bot.add(source)

    ours, theirs = in_turn(add, lambda: plain.index(source, work / "plain"), ROUNDS)
    yield speed("indexing, read to stored", "articles a second", len(rows), ours, theirs)


def peers(python: str, articles: Sequence[str], questions: Sequence[str]) -> Iterator[Row]:
    """Indexing passages and finding them in other frameworks, in turn with qa_bot."""
    passages = [t[at : at + 300] for t in articles for at in range(0, len(t) - 299, 300)][:96]
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for name, some in (("passages", passages), ("questions", list(questions[:30]))):
            files.append(Path(folder) / f"{name}.json")
            files[-1].write_text(json.dumps(some), "utf-8")
        for peer in ("txtai", "llamaindex"):
            command = [python, str(HERE / "peers.py"), peer, str(bundled_model_dir())]
            ours_s, theirs_s, ours_ms, theirs_ms = [], [], [], []
            for number in range(ROUNDS):
                with QABot.open(Path(folder) / f"{peer}-{number}") as bot:
                    begun = time.perf_counter()
                    bot.add([Article("", text) for text in passages])
                    ours_s.append(time.perf_counter() - begun)
                    ours_ms += at_once(bot.search, questions[:30], 1)
                run = subprocess.run(
                    [*command, *map(str, files)], capture_output=True, text=True, check=True
                )
                found = json.loads(run.stdout.splitlines()[-1])
                theirs_s.append(found["index_s"])
                theirs_ms += found["query_ms"]
            yield speed(
                f"indexing, to {peer}", "passages a second", len(passages), ours_s, theirs_s
            )
            ours, theirs = 1000 * statistics.median(ours_ms), statistics.median(theirs_ms)
            yield Row(f"search of {len(passages)} passages, to {peer}", "ms", ours, theirs)


def cold(work: Path, question: str) -> Iterator[Row]:
    """A whole process: start, answer one question of a small index, end."""
    here = [
        sys.executable,
        "-m",
        "qa_bot.cli",
        "ask",
        question,
        "--index",
        str(work / "ours-0"),
    ]
    there = [sys.executable, str(HERE / "baseline.py"), str(work / "plain"), question]

    def run(command: list[str]) -> None:
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)

    ours, theirs = in_turn(lambda: run(here), lambda: run(there), ROUNDS)
    yield Row("cold start to answer", "s", statistics.median(ours), statistics.median(theirs))
    help_time, _ = in_turn(lambda: run([*here[:3], "--help"]), lambda: None, ROUNDS)
    yield Row("qa-bot --help", "s", statistics.median(help_time))


def grow(source: QABot, folder: Path, size: int) -> QABot:
    """An index of `size` articles: the source's, then copies."""
    bot = QABot.open(folder)
    have = source._index
    wholes = sorted(have.wholes(have.all_keys()), key=lambda whole: whole.article.id)
    noise = np.random.default_rng(7)
    at = int(str(bot.info()["articles"]))
    while at < size:
        batch = []
        for number in range(at, min(at + 500, size)):
            copy, original = divmod(number, len(wholes))
            article, spans, vectors, *_ = wholes[original]
            if copy:
                rows = np.stack([vectors[span] for span in spans])
                rows = rows + NOISE / rows.shape[1] ** 0.5 * noise.normal(size=rows.shape)
                rows /= np.linalg.norm(rows, axis=1, keepdims=True)
                vectors = dict(zip(spans, rows.astype(np.float32), strict=True))
                article = edited(article, copy)
            batch.append(Whole(article, spans, vectors))
        bot._index.restore(batch)
        at += len(batch)
    bot.wait()
    bot._index.refresh(wait=True)
    return bot


def edited(article: Article, copy: int) -> Article:
    """The article with other digits, under another id: as long as before."""
    turned = str.maketrans("0123456789", "".join(str((d + copy) % 10) for d in range(10)))
    text = article.text.translate(turned)
    if text == article.text:
        text = chr(0x4E00 + copy) + text[1:]
    return replace(article, id=f"{article.id}-{copy}", text=text)


def searching(bot: QABot, questions: Sequence[str], plain: Plain) -> Iterator[Row]:
    """Warm queries, one user and several; the plain way has one and a flat index."""
    articles, passages, _ = bot._index.counts()
    size = f"{articles:,} articles, {passages:,} passages"
    begun = time.perf_counter()
    with QABot.open(bot.path) as again:
        again._index.refresh(wait=True)
        opened = time.perf_counter() - begun
        yield Row(f"opening, {size}", "s", opened)
        begun = time.perf_counter()
        again.add(Article("新桥通车", f"新桥于{time.time_ns()}年通车。"))
        yield Row(f"adding an article, {size}", "s", time.perf_counter() - begun)
    flat = faiss.IndexFlatIP(384)
    assert isinstance(bot._index, EmbeddedIndex)
    ids, vectors = bot._index.vectors(bot._index.vector_ids())
    flat.add(vectors)
    recall = []
    for question in questions[:50]:
        query = bot.embed([question], "query")[0]
        best = ids[flat.search(query[None, :], 10)[1][0]].tolist()
        found = [i for i, _ in bot._index.nearest(query, 100)][:10]
        recall.append(len(set(best) & set(found)) / len(best))
    yield Row(f"recall@10 against flat, {size}", "", float(np.mean(recall)))
    bot.warm_up()
    bot.search(questions[0])
    lexical, theirs = [], []
    for question in questions:
        begun = time.perf_counter()
        weights = bot._index.weights(list(question))
        bot._index.matching(list(weights), 50)
        lexical.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        plain.search(flat, question)
        theirs.append(time.perf_counter() - begun)
    yield from percentiles(f"full text by single characters, {size}", lexical)
    for users in USERS:
        seconds = at_once(lambda q: bot.search(q), questions, users)
        against = theirs if users == 1 else None
        yield from percentiles(f"search, {users} at once, {size}", seconds, against)
    for users in USERS:
        seconds = at_once(lambda q: bot.ask(q), questions[: 40 if users == 1 else 80], users)
        yield from percentiles(f"ask, {users} at once, {size}", seconds)
    yield Row(f"index on disk, {size}", "MB", int(str(bot.info()["bytes"])) / 1e6)


def at_once(work: Callable[[str], object], questions: Sequence[str], users: int) -> list[float]:
    """Seconds of each call, with so many threads that ask without a pause."""

    def timed(question: str) -> float:
        begun = time.perf_counter()
        work(question)
        return time.perf_counter() - begun

    with ThreadPoolExecutor(users) as threads:
        return list(threads.map(timed, questions))


def percentiles(
    what: str, seconds: Sequence[float], plain: Sequence[float] | None = None
) -> Iterator[Row]:
    for percent in (50, 95, 99):
        theirs = None if plain is None else 1000 * float(np.percentile(plain, percent))
        ours = 1000 * float(np.percentile(seconds, percent))
        yield Row(f"{what}, p{percent}", "ms", ours, theirs)


_MEMORY = """
import sys
from qa_bot import QABot
with QABot.open(sys.argv[1]) as bot:
    bot.warm_up()
    for question in sys.argv[2:]:
        bot.ask(question)
    facts = dict(line.split(":", 1) for line in open("/proc/self/status"))
    print(facts["VmRSS"].split()[0], facts["RssAnon"].split()[0])
"""


def memory(folder: Path, questions: Sequence[str]) -> Iterator[Row]:
    if sys.platform != "linux":
        return
    command = [sys.executable, "-c", _MEMORY, str(folder), *questions]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    yield Row(f"memory after {len(questions)} answers, {folder.name}", "MB", int(out[0]) / 1000)
    yield Row(f"of it not from files, {folder.name}", "MB", int(out[1]) / 1000)


def markdown(rows: Sequence[Row]) -> str:
    lines = ["| what | qa_bot | plain | times as good |", "|---|---|---|---|"]
    for row in rows:
        plain = "" if row.plain is None else f"{row.plain:,.4g} {row.unit}"
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        lines.append(f"| {row.what} | {row.ours:,.4g} {row.unit} | {plain} | {ratio} |")
    return "\n".join(lines) + "\n"


def chart(rows: Sequence[Row], path: Path) -> None:
    """Median cost of a question against the size of the index, one user."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4))
    for what, side, label in (
        ("ask, 1 at once", "ours", "ask"),
        ("search, 1 at once", "plain", "plain search"),
        ("search, 1 at once", "ours", "search"),
    ):
        points = sorted(
            (int(row.what.split(", ")[-2].split()[0].replace(",", "")), getattr(row, side))
            for row in rows
            if row.what.startswith(f"{what}, ") and row.what.endswith("p50")
        )
        if points:
            axes.plot(*zip(*points, strict=True), marker="o", label=label)
    axes.set(xscale="log", xlabel="passages", ylabel="ms, median", ylim=(0, None))
    axes.legend()
    figure.savefig(path, dpi=120, bbox_inches="tight")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("set", type=Path, help="folder of an evaluation set with corpus.jsonl")
    parser.add_argument("--index", type=Path, required=True, help="the set's index, filled")
    parser.add_argument("--sizes", default="1000,10000,60000", help="articles, for searching")
    parser.add_argument("--peers", help="a Python that has what eval/peers.py needs")
    parser.add_argument("--work", type=Path, help="folder for the indexes made; kept, reused")
    parser.add_argument("--out", type=Path, default=HERE / "reports" / "bench")
    options = parser.parse_args()
    evalset = load(options.set)
    questions = [q.question for q in evalset.questions][:200]
    texts = (options.set / "corpus.jsonl").read_text("utf-8").splitlines(keepends=True)
    articles = [item for item in read(evalset.documents) if isinstance(item, Article)][:400]
    rows: list[Row] = []

    def take(some: Iterator[Row]) -> None:
        for row in some:
            rows.append(row)
            print(markdown([row]).splitlines()[-1], flush=True)

    plain = Plain()
    take(embedding([article.text for article in articles], plain))
    with tempfile.TemporaryDirectory() as folder:
        take(indexing(texts[:40], plain, Path(folder)))
        take(cold(Path(folder), questions[0]))
    if options.peers:
        take(peers(options.peers, [article.text for article in articles], questions))
    with tempfile.TemporaryDirectory() as temporary, QABot.open(options.index) as source:
        work = options.work or Path(temporary)
        for size in map(int, options.sizes.split(",")):
            with grow(source, work / f"{size} articles", size) as bot:
                take(searching(bot, questions, plain))
            take(memory(work / f"{size} articles", questions[:5]))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    base = str(options.out)
    facts = {"machine": machine(), "versions": versions(), "cores": os.cpu_count()}
    figures = [{**asdict(row), "ratio": row.ratio} for row in rows]
    Path(base + ".json").write_text(json.dumps({**facts, "rows": figures}, indent=1), "utf-8")
    Path(base + ".md").write_text(f"{facts['machine']}\n\n{markdown(rows)}", "utf-8")
    chart(rows, Path(base + ".png"))


if __name__ == "__main__":
    main()
