"""How long a user of the web page waits: first paint, first passages, whole answer.

python eval/page_times.py INDEX SET [--users 1 8]

Serves the index with `qa-bot serve` and opens it in Chromium as so many users, who each ask five
questions of the set, one after the other, all users at once. Needs `pip install -e '.[test]'` and
Chromium (QA_BOT_CHROMIUM names it). Times are in milliseconds, in the browser's own clock.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

from dataset import load

CHROMIUM = os.environ.get("QA_BOT_CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    # every user's page counts as the one in front
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
]
EACH = 5  # questions

_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1"
# Notes when passages, and when the answer that can be judged, first stand on the page.
_WATCH = """count => {
  window.qaTimes = { begun: performance.now() };
  const look = () => {
    const times = window.qaTimes;
    if (!times.passages && document.querySelector('.qa-foundpanel .qa-passages'))
      times.passages = performance.now() - times.begun;
    if (!times.answer && document.querySelectorAll('#qa-chat .qa-feedback').length > count)
      times.answer = performance.now() - times.begun;
    if (times.answer) clearInterval(looking);
  };
  const looking = setInterval(look, 10);
}"""


@contextmanager
def served(index: Path) -> Iterator[tuple[str, int]]:
    """Its address and its process."""
    command = [
        sys.executable,
        "-m",
        "qa_bot.cli",
        "serve",
        "--index",
        str(index),
        "--port",
        "0",
    ]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        address = re.search(r"http://\S+", server.stdout.readline())
        if address is None:
            sys.exit("The page was not served.")
        yield address[0], server.pid
    finally:
        server.terminate()
        server.wait()


def memory(process: int) -> str:
    try:
        status = Path(f"/proc/{process}/status").read_text("ascii")
    except OSError:
        return "only known on Linux"
    facts = dict(line.split(":", 1) for line in status.splitlines())
    now, own, most = (int(facts[name].split()[0]) // 1000 for name in ("VmRSS", "RssAnon", "VmHWM"))
    return f"{now} MB, {own} MB of it not from files; at most {most} MB"


async def paint(browser: Browser, address: str) -> float:
    context = await browser.new_context(locale="en-US")
    page = await context.new_page()
    await page.goto(address)
    await page.locator("#qa-question textarea").wait_for()
    first = float(await page.evaluate(_PAINT))
    await context.close()
    return first


async def ask(page: Page, question: str) -> tuple[float, float]:
    box = page.locator("#qa-question textarea")
    await box.fill(question)
    count = await page.locator("#qa-chat .qa-feedback").count()
    await page.evaluate("document.querySelector('.qa-foundpanel .qa-found')?.remove()")
    await page.evaluate(_WATCH, count)
    asked = page.locator("#qa-chat .qa-question")
    before = await asked.count()
    while await asked.count() == before:  # the page takes no question while it ends another
        await box.press("Enter")
        await asyncio.sleep(0.05)
    await page.wait_for_function("window.qaTimes.answer", timeout=60_000, polling=20)
    times = await page.evaluate("window.qaTimes")
    answer = float(times["answer"])
    return float(times.get("passages", answer)), answer


async def user(browser: Browser, address: str, questions: list[str]) -> list[tuple[float, float]]:
    context = await browser.new_context(locale="en-US")
    page = await context.new_page()
    await page.goto(address)
    await page.locator("#qa-question textarea").wait_for()
    await page.locator("#qa-chat .qa-note").first.wait_for()
    times = [await ask(page, question) for question in questions]
    await context.close()
    return times


async def measure(address: str, questions: list[str], users: list[int]) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        await user(browser, address, questions[:1])  # the model is loaded now
        paints = [await paint(browser, address) for _ in range(EACH)]
        print(f"first paint: {statistics.median(paints):.0f} ms")
        print("| users | first passages p50 | p95 | whole answer p50 | p95 |")
        print("| --- | --- | --- | --- | --- |")
        for count in users:
            shares = [
                [questions[(u * EACH + i) % len(questions)] for i in range(EACH)]
                for u in range(count)
            ]
            rows = await asyncio.gather(*(user(browser, address, share) for share in shares))
            cells = []
            for column in (0, 1):
                times = sorted(pair[column] for row in rows for pair in row)
                middle, most = statistics.median(times), times[int(0.95 * (len(times) - 1))]
                cells += [f"{middle:.0f}", f"{most:.0f}"]
            print(f"| {count} | {' | '.join(cells)} |", flush=True)
        await browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("index", type=Path)
    parser.add_argument("set", type=Path)
    parser.add_argument("--users", type=int, nargs="+", default=[1, 8])
    options = parser.parse_args()
    questions = [q.question for q in load(options.set).questions]
    with served(options.index) as (address, process):
        asyncio.run(measure(address, questions[: EACH * max(options.users)], options.users))
        print(f"memory of the server: {memory(process)}")


if __name__ == "__main__":
    main()
