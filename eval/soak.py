"""Ask a server for hours while articles come and go, and watch what it holds.

    python eval/soak.py eval/articles eval/questions.jsonl --out soak [--minutes 120] [--pause 1]

Serves an index with `qa-bot serve` and asks it over its REST interface, a question each `--pause`
seconds, while another process (this one) adds copies of the articles and removes the oldest, so
that their number stays between bounds. Each minute it notes what the server's process holds:
memory (MiB), threads, files; and whether store, vectors and full text agree: each copy has a word
of its own, which must be found while the copy is there and not when it is gone, by full text and by
the server, and no passage may be near that is not in the store. Lines of JSON go to
OUT/soak.jsonl, a chart to OUT/soak.png where matplotlib is installed. Ends with 1 if anything
disagreed or a question failed.
"""

from __future__ import annotations

import argparse
import itertools
import json
import statistics
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from page_times import served
from qa_bot import Article, QABot
from qa_bot.index.mentions import look_up

_EACH = 20  # seconds between changes of the index
_MOST = 400  # copies that are there at a time
_NEAR = 200  # passages


@dataclass
class Watch:
    """What was seen since the last note."""

    seconds: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    disagreed: list[str] = field(default_factory=list)

    def note(self, minute: float, process: int, bot: QABot, there: int) -> dict[str, Any]:
        info = bot.info()
        row = {
            "minute": round(minute, 2),
            **held(process),
            "articles": info["articles"],
            "passages": info["passages"],
            "pending": info["pending"],
            "MB on disk": round(int(str(info["bytes"])) / 1e6, 1),
            "copies": there,
            "asked": len(self.seconds),
            "median ms": round(1000 * statistics.median(self.seconds or [0.0])),
            "failed": self.failed[:3],
            "disagreed": self.disagreed[:3],
        }
        self.seconds.clear()
        self.failed.clear()
        self.disagreed.clear()
        return row


def held(process: int) -> dict[str, float]:
    """What a process holds, as Linux tells it."""
    status = dict(
        line.split(":", 1)
        for line in Path(f"/proc/{process}/status").read_text().splitlines()
        if ":" in line
    )
    return {
        "MiB": round(int(status["VmRSS"].split()[0]) / 1024, 1),
        "threads": int(status["Threads"]),
        "files": sum(1 for _ in Path(f"/proc/{process}/fd").iterdir()),
    }


def word(number: int) -> str:
    """A word that stands in one copy alone."""
    letters = "".join("bcdfghjklmnpqrstvwxz"[int(d) + 5] for d in f"{number:06}")
    return f"Zyq{letters}"


def copies(originals: list[Article]) -> Iterator[Article]:
    """Endless copies of the articles, each with a word of its own."""
    for number, article in enumerate(itertools.cycle(originals)):
        own = word(number)
        yield replace(article, id=f"soak-{number}", text=f"{article.text}\n{own} {own}。")


class Change:
    """Adds copies and removes the oldest, and tells what is there and what is gone."""

    def __init__(self, bot: QABot, originals: list[Article]) -> None:
        self._bot = bot
        self._source = copies(originals)
        self.there: deque[Article] = deque()
        self.gone: deque[Article] = deque(maxlen=50)

    def step(self) -> None:
        added = list(itertools.islice(self._source, 5))
        self._bot.add(added)
        self.there.extend(added)
        while len(self.there) > _MOST:
            oldest = self.there.popleft()
            self._bot.remove(oldest.id)
            self.gone.append(oldest)

    def disagreements(self, address: str) -> Iterator[str]:
        """What full text, vectors or the server have otherwise than the store."""
        index = self._bot._index
        some = [(a, True) for a in (*list(self.there)[:3], *list(self.there)[-3:])]
        for article, expected in [*some, *((a, False) for a in list(self.gone)[-3:])]:
            own = article.text.rsplit(" ", 1)[1].rstrip("。")
            if bool(len(index.holding(look_up(own)))) != expected:
                yield f"full text: {article.id} {'is lost' if expected else 'is found'}"
            found = call(f"{address}api/v1/search", {"question": own, "k": 5})
            listed = [passage["article_id"] for passage in found["passages"]]
            if (article.id in listed) != expected:
                yield f"server: {article.id} {'is lost' if expected else 'is found'}"
        vector = np.asarray(self._bot.embed([self.there[-1].title], kind="query"))[0]
        near = [int(scored[0]) for scored in index.nearest(vector, _NEAR)]
        if len(index.passages(near)) != len(near):
            yield "vectors: a passage is near that is not in the store"


def call(address: str, body: dict[str, Any]) -> Any:
    request = urllib.request.Request(
        address, json.dumps(body).encode(), {"content-type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def ask(address: str, question: str, watch: Watch) -> None:
    begun = time.perf_counter()
    try:
        call(f"{address}api/v1/ask", {"question": question})
    except (urllib.error.URLError, TimeoutError, ValueError) as error:
        watch.failed.append(f"{question}: {error}")
    watch.seconds.append(time.perf_counter() - begun)


def chart(rows: list[dict[str, Any]], path: Path) -> None:
    try:
        from matplotlib import pyplot
    except ImportError:
        return
    names = ("MiB", "threads", "files", "MB on disk", "passages", "median ms")
    figure, axes = pyplot.subplots(2, 3, figsize=(12, 6), layout="constrained")
    for name, axis in zip(names, axes.flat, strict=True):
        axis.plot([row["minute"] for row in rows], [row[name] for row in rows])
        axis.set(title=name, xlabel="minute", ylim=(0, None))
    figure.savefig(path, dpi=110)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("articles", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--pause", type=float, default=1, help="seconds between questions")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    lines = options.questions.read_text("utf-8").splitlines()
    questions = itertools.cycle(json.loads(line)["question"] for line in lines)
    rows: list[dict[str, Any]] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        QABot.open(Path(folder) / "index") as bot,
        (options.out / "soak.jsonl").open("w", encoding="utf-8") as log,
    ):
        bot.add(options.articles)
        change, watch = Change(bot, bot.articles(limit=10_000)), Watch()
        with served(Path(folder) / "index") as (address, process):
            address = address.rstrip("/") + "/"
            begun = time.monotonic()
            changed = noted = begun - _EACH
            while (now := time.monotonic()) < begun + 60 * options.minutes:
                ask(address, next(questions), watch)
                if now - changed >= _EACH:
                    changed = now
                    change.step()
                if now - noted >= 60:
                    noted = now
                    watch.disagreed += change.disagreements(address)
                    row = watch.note((now - begun) / 60, process, bot, len(change.there))
                    rows.append(row)
                    print(json.dumps(row, ensure_ascii=False), file=log, flush=True)
                time.sleep(max(0.0, options.pause - (time.monotonic() - now)))
    chart(rows, options.out / "soak.png")
    first, last = rows[min(10, len(rows) - 1)], rows[-1]
    for name in ("MiB", "threads", "files", "MB on disk", "passages"):
        print(f"{name}: {first[name]} at minute {first['minute']}, {last[name]} at the end")
    faults = [fault for row in rows for fault in (*row["failed"], *row["disagreed"])]
    print(f"{sum(row['asked'] for row in rows)} questions, {len(faults)} faults", *faults[:10])
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
