"""A file on its way in: where it lies, what to call it, and its bytes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from qa_bot.errors import ReadError
from qa_bot.records import Article, Refusal

__all__ = ["Entry", "InputFile", "Reader", "shown_path"]

Entry = Article | Refusal

_SHOWN = 40  # characters of a value in a message


@dataclass(frozen=True, slots=True)
class InputFile:
    """A regular file whose size is within `limit` bytes. `shown` is its absolute path as text."""

    path: Path
    shown: str
    limit: int

    def read(self) -> bytes:
        """The whole content.

        :raises ReadError: if the file has grown beyond the limit since it was looked at.
        """
        with self.path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            data = file.read(min(size, self.limit) + 1)  # room for as much is made at once
        if len(data) > self.limit:
            raise ReadError("grew while it was read: add it again when it is complete.")
        return data

    def part(self, number: int, reason: str) -> Refusal:
        """The refusal of one row or page, counted from 1."""
        return Refusal(f"{self.shown}:{number}", reason)

    def guessed(self, encoding: str) -> Refusal:
        """The report of a doubtful encoding: what was read is added all the same."""
        return Refusal(
            self.shown,
            f"does not tell its encoding, and {encoding} is a guess: look whether its text is "
            "right; if not, save the file as UTF-8 and add it again.",
        )

    def undated(self, number: int, date: str) -> Refusal:
        """The refusal of a date alone: its article is added, and found under no date."""
        return self.part(
            number,
            f"has a date that is not understood ({date[:_SHOWN]!r}): the article is added without "
            "it. Write 2024-08-09, 2024-08 or 2024, and add it again.",
        )


Reader = Callable[[InputFile], Iterator[Entry]]


def shown_path(path: Path) -> str:
    """The absolute path as text that any store accepts.

    A name whose bytes are not UTF-8 (old Chinese archives unpacked on Linux) is read as GB 18030.
    """
    text = str(path.absolute())
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return os.fsencode(text).decode("gb18030", "replace")
    return text
