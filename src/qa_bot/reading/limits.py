"""How much one file may take while it is read, whatever is written in it.

Files of kinds that libraries parse are read in child processes (`workers`), which these bound.
"""

from __future__ import annotations

from collections.abc import Callable

__all__ = [
    "MEMORY_MB",
    "MOST_CELLS",
    "MOST_PAGES",
    "MOST_PICTURES",
    "PATIENCE",
    "SECONDS",
    "clock",
    "give_time",
]

SECONDS = 60
"""For one file, and again for each picture of it in which text is recognised."""

PATIENCE = 5
"""How many times as long a file may take on a machine that is busy with other things."""

MEMORY_MB = 2000
"""Memory (10^6 bytes) of the process that reads a file, where the system can limit it (Linux)."""

MOST_PAGES = 5000
"""Pages of a PDF."""

MOST_PICTURES = 500
"""Pictures of a file for whose text recognition time is given."""

MOST_CELLS = 100_000
"""Cells of the tables of a Word document."""


class _Clock:
    """Tells who watches the time that another picture is looked at; nobody, at first."""

    restart: Callable[[], None] | None = None


clock = _Clock()


def give_time() -> None:
    """Give the file that is being read its `SECONDS` again."""
    if clock.restart is not None:
        clock.restart()
