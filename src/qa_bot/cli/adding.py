"""How far adding is: bars while it goes on, and a sentence where Ctrl-C ends it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from qa_bot.cli.terminal import progress_bars, stderr_console

if TYPE_CHECKING:
    from qa_bot.bot import QABot
    from qa_bot.records import Progress

__all__ = ["adding"]


@contextmanager
def adding(bot: QABot) -> Iterator[Callable[[Progress], None]]:
    """What shows how far `QABot.add` and `QABot.sync` are.

    :raises KeyboardInterrupt: with how far it came, where that ended it.
    """
    last: dict[str, Progress] = {}
    with progress_bars(stderr_console()) as show:

        def shown(progress: Progress) -> None:
            last[progress.stage] = progress
            show(progress)

        try:
            yield shown
        except KeyboardInterrupt as interrupt:
            articles = bot.info()["articles"]
            raise KeyboardInterrupt(_how_far(last, articles)) from interrupt


def _how_far(last: dict[str, Progress], articles: object) -> str:
    reading, embedding = last.get("reading"), last.get("embedding")
    done = reading.done if reading else 0
    if reading is None or reading.total is None:
        said = f"{done} articles were read, the rest was not"
    elif embedding is None:
        said = f"All {done} articles were read, and none was embedded yet"
    else:
        of = embedding.total
        said = f"All {done} articles were read, and {embedding.done} of {of} passages embedded"
    return f"{said}. In the index: {articles}. Run the same command again to go on."
