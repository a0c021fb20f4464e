"""The command `copy`: an index into another, of whichever engine."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from qa_bot.cli.exits import NoIndexError
from qa_bot.cli.opening import is_index
from qa_bot.cli.options import JsonOption
from qa_bot.cli.terminal import clean, print_json, progress_bars, stderr_console

__all__ = ["copy"]


def copy(
    source: Annotated[
        str, typer.Argument(metavar="FROM", help="The index to copy: a folder or an address.")
    ],
    target: Annotated[
        str, typer.Argument(metavar="TO", help="Where to: a folder, or an address of a database.")
    ],
    as_json: JsonOption = False,
) -> None:
    """Copy an index, without embedding it anew; then read both and compare them.

    Broken off, the same command goes on. What is in the target already stays.
    """
    from qa_bot.bot import QABot

    if not is_index(source):
        raise NoIndexError(f"There is no index at {QABot.shown_index(source)}: name one to copy.")
    with progress_bars(stderr_console()) as progress:
        report = QABot.copy(source, target, progress=progress)
    if as_json:
        print_json(
            {"from": QABot.shown_index(source), "to": QABot.shown_index(target)} | asdict(report)
        )
        return
    print(
        f"{report.articles} articles, {report.passages} passages and {report.vectors} vectors are "
        f"the same in both; {report.copied} articles were copied now."
    )
    if report.more:
        print(f"{report.more} more articles are in {clean(QABot.shown_index(target))} only.")
    print(f"SHA-256 {report.digest}")
