"""The command `correct`: other headlines, dates, bylines and sources for articles."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from qa_bot.cli.exits import NOTHING
from qa_bot.cli.opening import open_index, without_text
from qa_bot.cli.options import DEFAULT_INDEX, IndexOption, JsonOption, ModelOption
from qa_bot.cli.terminal import note, print_json, print_table
from qa_bot.errors import ArticleNotFoundError

__all__ = ["correct"]


def correct(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Ids, as `list` shows them.")],
    headline: Annotated[str | None, typer.Option(help="The headline they have.")] = None,
    date: Annotated[
        str | None, typer.Option(help="Their day: 2024-08-09, 2024-08, 2024, or 08-09.")
    ] = None,
    byline: Annotated[str | None, typer.Option(help="Who wrote them.")] = None,
    source: Annotated[str | None, typer.Option(help="The newspaper they are from.")] = None,
    index: IndexOption = DEFAULT_INDEX,
    model: ModelOption = None,
    as_json: JsonOption = False,
) -> None:
    """Correct headline, date, byline or source of articles; an empty value takes one away.

    Without any of these, tell what was corrected before. Exit code 1 if an id is unknown; then
    nothing is changed.
    """
    with open_index(index, model) as bot:
        try:
            if any(value is not None for value in (headline, date, byline, source)):
                bot.correct(ids, title=headline, published=date, byline=byline, source=source)
            articles = [bot.article(article_id) for article_id in ids]
        except ArticleNotFoundError as error:
            note(f"Error: {error}")
            raise typer.Exit(NOTHING) from error
        histories = [bot.history(article.id) for article in articles]
    if as_json:
        corrected = [
            {**without_text(article), "history": [asdict(change) for change in history]}
            for article, history in zip(articles, histories, strict=True)
        ]
        print_json({"articles": corrected})
        return
    print_table(
        ("id", "corrected", "field", "before", "after"),
        [
            (article.id, change.at, change.field, change.before, change.after)
            for article, history in zip(articles, histories, strict=True)
            for change in history
        ],
    )
