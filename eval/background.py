"""How fast passages are embedded while questions are asked without pause, and how long these take.

    python eval/background.py eval/articles eval/questions.jsonl [--askers 1 4 8] [--seconds 10]

One bot answers so many threads, first with nothing to embed, then while copies of the articles
are. Seconds are wall-clock time, and depend on what else the computer does: compare two versions
in turn.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

from qa_bot import QABot


def calls(
    work: Callable[[str], object], questions: list[str], askers: int, seconds: float
) -> list[float]:
    """Seconds of each call, ascending, of so many threads that ask without a pause."""
    end = time.monotonic() + seconds
    took: list[float] = []

    def ask(first: int) -> None:
        for number in count(first, 7):
            if time.monotonic() >= end:
                return
            begun = time.perf_counter()
            work(questions[number % len(questions)])
            took.append(time.perf_counter() - begun)

    threads = [threading.Thread(target=ask, args=(31 * number,)) for number in range(askers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(took)


def passages_run(bot: QABot) -> Callable[[], int]:
    """What tells how many passages the network has embedded by then."""
    backend: Any = bot._embedder._backend()
    encode, seen = backend.encode, []

    def counted(texts: list[str], kind: str, batch_size: int) -> Any:
        vectors = encode(texts, kind, batch_size)
        if kind == "passage":
            seen.append(len(texts))
        return vectors

    backend.encode = counted
    return lambda: sum(seen)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("articles", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--askers", type=int, nargs="+", default=[1, 4, 8])
    parser.add_argument("--seconds", type=float, default=10, help="of each figure")
    parser.add_argument("--copies", type=int, default=12)
    options = parser.parse_args()
    lines = options.questions.read_text("utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines]
    with tempfile.TemporaryDirectory() as folder, QABot.open(Path(folder) / "index") as bot:
        bot.add(options.articles)
        bot.warm_up()
        bot.wait()
        works: dict[str, Callable[[str], object]] = {
            "search": bot.search,
            "ask": lambda q: bot.ask(q, llm=False),
        }
        for work in works.values():
            calls(work, questions, 1, 2)
        originals = bot.articles(limit=100_000)
        run = passages_run(bot)
        print("copies  work    askers  calls  p50 ms  p95 ms  embedded/s  stored/s")
        for copies in (0, options.copies):
            for number in range(copies):
                bot.add(
                    [
                        replace(a, id=f"{a.id}-{number}", text=f"{number} {a.text}")
                        for a in originals
                    ],
                    wait=False,
                )
            for name, work in works.items():
                for askers in options.askers:
                    pending, before, begun = bot.pending(), run(), time.monotonic()
                    took = calls(work, questions, askers, options.seconds)
                    passed = time.monotonic() - begun
                    parts = statistics.quantiles(took, n=20, method="inclusive")
                    print(
                        f"{copies:6}  {name:6}  {askers:6}  {len(took):5}"
                        f"  {1000 * parts[9]:6.0f}  {1000 * parts[18]:6.0f}"
                        f"  {(run() - before) / passed:10.1f}"
                        f"  {(pending - bot.pending()) / passed:8.1f}",
                        flush=True,
                    )


if __name__ == "__main__":
    main()
