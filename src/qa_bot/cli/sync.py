"""The command `sync`: the index follows a folder."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from qa_bot.cli.adding import adding
from qa_bot.cli.exits import REFUSED
from qa_bot.cli.opening import exists, open_index, without_text
from qa_bot.cli.options import DEFAULT_INDEX, IndexOption, JsonOption, ModelOption
from qa_bot.cli.terminal import (
    note,
    print_json,
    print_outcomes,
    print_table,
)

__all__ = ["sync"]


def sync(
    folder: Annotated[str, typer.Argument(help="The folder whose articles the index shall hold.")],
    remove_gone: Annotated[
        bool, typer.Option("--remove-gone", help="Remove articles whose file is gone, too.")
    ] = False,
    index: IndexOption = DEFAULT_INDEX,
    model: ModelOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring the index up to a folder: add what is new, replace what changed.

    Run it from a timer to watch a folder. Articles whose file is gone are told of, and stay.
    """
    if not exists(folder):
        raise typer.BadParameter(f"There is no such folder: {folder}.")
    with open_index(index, model, create=True) as bot, adding(bot) as progress:
        report = bot.sync(folder, remove_gone=remove_gone, progress=progress)
        articles = bot.info()["articles"]
    lists = {"outdated": report.outdated, "gone": report.gone, "kept": report.kept}
    counts = {s: len(getattr(report, s)) for s in ("added", "replaced", "skipped", "refused")}
    counts |= {name: len(listed) for name, listed in lists.items()}
    if as_json:
        rows = {name: [without_text(a) for a in listed] for name, listed in lists.items()}
        outcomes = [asdict(outcome) for outcome in report.outcomes]
        print_json({**counts, "outcomes": outcomes, "articles": rows})
    else:
        print_outcomes(report.outcomes)
        print_table(
            ("what", "id", "article", "file"),
            [(name, a.id, a.title, a.path) for name, listed in lists.items() for a in listed],
        )
        print(", ".join(f"{n} {s}" for s, n in counts.items()) + f". In the index: {articles}.")
        if report.gone and not remove_gone:
            note("The articles whose files are gone stay; --remove-gone removes them.")
    if report.refused:
        raise typer.Exit(REFUSED)
