"""Opening the index that a command is about, and what commands show of an article."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from qa_bot.cli.exits import NoIndexError
from qa_bot.records import Article

if TYPE_CHECKING:
    from qa_bot.bot import QABot

__all__ = ["exists", "is_index", "open_index", "without_text"]


def open_index(index: str, model: str | None, *, create: bool = False, **given: object) -> QABot:
    """Open the index; only with `create` one that does not exist.

    `given` are settings, None where the command line has none.
    """
    from qa_bot.settings import load_settings

    settings = load_settings(model=model, **given)
    from qa_bot.bot import QABot

    if not create and not QABot.is_index(index, settings):
        shown = QABot.shown_index(index)
        raise NoIndexError(
            f"There is no index at {shown}. Make one with `qa-bot add PATHS --index {shown}`, "
            "or name the right one with --index or QA_BOT_INDEX."
        )
    return QABot.open(index, settings=settings)


def is_index(index: str) -> bool:
    """Whether a folder or a database holds an index."""
    from qa_bot.bot import QABot

    return QABot.is_index(index)


def exists(path: str) -> bool:
    """Whether there is such a file or folder."""
    try:
        return Path(path).expanduser().exists()
    except (OSError, RuntimeError):  # a name that is too long; "~name" of nobody
        return False


def without_text(article: Article) -> dict[str, object]:
    """The fields of an article, how long its text is in place of the text."""
    row: dict[str, object] = asdict(article)
    del row["text"]
    return row | {"characters": len(article.text)}
