"""Opening an index, whichever engine keeps it."""

from __future__ import annotations

from pathlib import Path

from qa_bot.index.embedded.index import EmbeddedIndex
from qa_bot.index.protocol import Index

__all__ = ["open_index"]


def open_index(path: Path) -> Index:
    """The index in the folder `path`, which is made if there is none.

    :raises IndexMismatchError: if it was made by a newer qa_bot, or is no index.
    :raises QABotError: if it cannot be opened.
    """
    return EmbeddedIndex(path)
