"""The command `worker`: a process that embeds what others add."""

from __future__ import annotations

import signal
from types import FrameType

from qa_bot.cli.opening import open_index
from qa_bot.cli.options import DEFAULT_INDEX, IndexOption, ModelOption
from qa_bot.cli.terminal import note

__all__ = ["worker"]


def worker(index: IndexOption = DEFAULT_INDEX, model: ModelOption = None) -> None:
    """Embed what is added to the index, by whichever process, until it is ended.

    Over a database any number of workers share the work; over a folder there is one. Ctrl-C or
    SIGTERM ends it after the passages in hand, once more at once. Where workers run, start the
    page with --no-embed, and other commands with QA_BOT_EMBED=0.
    """
    ended: list[int] = []

    def end(number: int, _frame: FrameType | None) -> None:
        ended.append(number)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)

    with open_index(index, model) as bot:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, end)
        note(f"Embedding what is added to {bot.info()['path']}; Ctrl-C ends it.")
        count = bot.work(lambda: bool(ended))
    print(f"Embedded {count} passages.")
