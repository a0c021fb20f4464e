"""Opening an index, whichever engine keeps it."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from qa_bot.errors import QABotError
from qa_bot.files import STORE_FILE
from qa_bot.index.address import Address, is_address
from qa_bot.index.embedded.index import EmbeddedIndex
from qa_bot.index.protocol import Index

__all__ = ["is_index", "open_index", "shown"]


def open_index(place: str | Path, password: str = "") -> Index:
    """The index in a folder, which is made if there is none, or in a database.

    `password` is for an address that has none.

    :raises IndexMismatchError: if it was made by a newer qa_bot, or is no index.
    :raises IndexAwayError: if the database cannot be reached.
    :raises QABotError: if it cannot be opened.
    """
    if not is_address(str(place)):
        return EmbeddedIndex(Path(place).expanduser())
    address = _address(str(place), password)
    from qa_bot.index.oceanbase.index import OceanBaseIndex  # an extra

    return OceanBaseIndex(address)


def is_index(place: str | Path, password: str = "") -> bool:
    """Whether a folder or a database holds an index, so that opening would not start a new one.

    :raises QABotError: if a database cannot be asked.
    """
    if is_address(str(place)):
        address = _address(str(place), password)
        from qa_bot.index.oceanbase.index import holds_index

        return holds_index(address)
    try:
        return (Path(place).expanduser() / STORE_FILE).is_file()
    except (OSError, RuntimeError):  # a name that is too long; "~name" of nobody
        return False


def shown(place: str | Path) -> str:
    """How an index is called in messages: without a password."""
    return str(Address.of(str(place))) if is_address(str(place)) else str(place)


def _address(text: str, password: str) -> Address:
    address = Address.of(text, password)
    if importlib.util.find_spec("pymysql") is None:
        raise QABotError(
            "An index in a database needs PyMySQL: pip install -c constraints.txt '.[oceanbase]'."
        )
    return address
