"""What the command line shows, and how: tables, answers, JSON, progress, and streams that fail."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from qa_bot.records import Answer, Article, Citation, Hit, Outcome, Progress

__all__ = [
    "clean",
    "forget_stdout",
    "note",
    "prepare_streams",
    "print_answer",
    "print_hits",
    "print_json",
    "print_outcomes",
    "print_table",
    "progress_bars",
    "stderr_console",
    "waiting",
]

SHOWN = 20  # outcomes of one kind that a summary lists
_EVERY = 10.0  # seconds between two lines on how far a task is


def print_json(document: object) -> None:
    """One JSON document; in ASCII where the stream cannot carry all of Unicode."""
    print_line(document)


def print_line(document: object) -> None:
    """The same as one of many: a line of JSON lines."""
    unicode = (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")
    text = json.dumps(document, ensure_ascii=not unicode, default=str)
    # Lone surrogates (names of files that are not UTF-8) can only be written as escapes.
    print(text.encode("utf-8", "backslashreplace").decode("utf-8"))


def print_answer(answer: Answer) -> None:
    """The answer, then its numbered quotes: headline, source, date, the quote, and the path.

    Then the articles of its list that are not quoted. Only what answers the question is bold.
    """
    console = _stdout()
    if answer.asked:
        console.print(Text(f"({clean(answer.asked)})", style="dim"))
    console.print(Text(clean(answer.text), style="bold" if answer.answerable else ""))
    if answer.absent:
        names = ", ".join(map(clean, answer.absent))
        console.print(Text(f"Not in the cited article: {names}", style="red"))
    for start, end in answer.unsupported:
        doubt = clean(answer.text[start:end])
        console.print(Text(f"Not in the articles: {doubt}", style="red"))
    for citation in answer.citations:
        console.print()
        _print_citation(console, citation, answer.language)
    cited = {citation.article.id for citation in answer.citations}
    more = [listed for listed in answer.articles if listed.article.id not in cited]
    if more:
        console.print()
    for listed in more:
        times = f" ({listed.mentions}×)" if listed.mentions else ""
        console.print(Text(f"- {_heading(listed.article)}{times}"))


def _print_citation(console: Console, citation: Citation, language: str) -> None:
    from qa_bot.bot import QABot  # which whoever shows an answer has loaded

    article = citation.article
    doubt = "" if citation.supported else " (not verified)"
    console.print(Text(f"[{citation.number}] {_heading(article)}{doubt}"))
    console.print(Text(_indent(citation.quote), style="italic"))
    for gloss in QABot.glosses(citation.quote, article.lang, language):
        written = citation.quote[gloss.start : gloss.end]
        console.print(Text(_indent(f"{written} = {gloss.text}"), style="dim"))
    if article.path:
        console.print(Text(_indent(article.path), style="dim"))


def print_hits(hits: Sequence[Hit]) -> None:
    """Passages with rank, headline, source, date and score."""
    console = _stdout()
    for number, hit in enumerate(hits, 1):
        console.print(Text(f"{number}. {_heading(hit.article)}  ({hit.score:.3f})", style="bold"))
        console.print(Text(_indent(hit.passage.text)))
        if hit.article.path:
            console.print(Text(_indent(hit.article.path), style="dim"))


def print_outcomes(outcomes: Iterable[Outcome]) -> None:
    """All that was refused, with the reasons, and the first of the rest."""
    rows: list[tuple[str, ...]] = []
    by_status: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        by_status.setdefault(outcome.status, []).append(outcome)
    for status in ("refused", "replaced", "added", "skipped"):
        listed = by_status.get(status, [])
        shown = listed if status == "refused" else listed[:SHOWN]
        rows += [(status, o.article_id, o.title or o.path, o.reason) for o in shown]
        if len(listed) > len(shown):
            rows.append((status, "", f"… and {len(listed) - len(shown)} more", ""))
    print_table(("what", "id", "article or file", "reason"), rows)


def print_table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    """A table on a terminal; else lines with tabs, without a header, for other programs."""
    console = _stdout()
    cleaned = [[clean(" ".join(cell.split())) for cell in row] for row in rows]
    if not cleaned:
        return
    if not console.is_terminal:
        for cells in cleaned:
            print("\t".join(cells))
        return
    table = Table()
    for heading in header:
        table.add_column(heading, overflow="fold", no_wrap=heading == "id")
    for cells in cleaned:
        table.add_row(*map(Text, cells))
    console.print(table)


def _heading(article: Article) -> str:
    """Headline, source and date, as far as known, on one line."""
    parts = [article.title or "(no headline)", article.source, article.published.lstrip("-")]
    return clean(" · ".join(" ".join(part.split()) for part in parts if part))


_CONTROLS = {c: " " for c in (*range(0x20), *range(0x7F, 0xA0)) if chr(c) not in "\n\t"}


def clean(text: str) -> str:
    """Without control characters: text of articles must not steer the terminal."""
    return text.translate(_CONTROLS)


def _indent(text: str) -> str:
    return "\n".join(f"    {line}" for line in clean(text).splitlines())


def note(text: str) -> None:
    """One line on stderr."""
    print(clean(" ".join(text.split())), file=sys.stderr)


# Streams


class _Console(Console):
    def on_broken_pipe(self) -> None:
        raise BrokenPipeError  # rich would end the program with 1, which means "not found" here


def _stdout() -> Console:
    return _Console(highlight=False, soft_wrap=True, emoji=False)


def stderr_console() -> Console:
    """Where progress goes."""
    return _Console(stderr=True, highlight=False)


@contextmanager
def progress_bars(console: Console) -> Iterator[Callable[[Progress], None]]:
    """Bars for what `QABot.add` and `QABot.wait` report; a line now and then in a log."""
    if not console.is_terminal:
        yield _Lines(console)
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=console, transient=True) as bars:
        tasks: dict[str, Any] = {}

        def show(progress: Progress) -> None:
            if progress.stage not in tasks:
                tasks[progress.stage] = bars.add_task(progress.stage.capitalize(), total=None)
            bars.update(tasks[progress.stage], completed=progress.done, total=progress.total)

        yield show


class _Lines:
    """Says on a line of its own how far a long task is, at most every `_EVERY` seconds."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._said = time.monotonic()

    def __call__(self, progress: Progress) -> None:
        if time.monotonic() - self._said < _EVERY:
            return
        self._said = time.monotonic()
        of = f" of {progress.total:,}" if progress.total else ""
        line = f"{progress.stage.capitalize()}: {progress.done:,}{of}"
        self._console.print(line, markup=False, highlight=False)


@contextmanager
def waiting(what: str) -> Iterator[None]:
    """A spinner while something takes its time, on a terminal only."""
    console = stderr_console()
    if not console.is_terminal:
        yield
        return
    with console.status(f"{what} …"):
        yield


def prepare_streams() -> None:
    """Print what the locale's encoding lacks as escapes rather than fail on it."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def forget_stdout() -> None:
    """Let the interpreter's last flush go nowhere: the reader of the pipe has left."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
