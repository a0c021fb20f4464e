"""What readers think of answers, in a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from qa_bot.index.oceanbase.connections import Connections, rows

__all__ = ["TableLog"]


@dataclass(frozen=True)
class TableLog:
    """A `qa_bot.feedback.Log` in the database."""

    connections: Connections

    def append(self, line: str) -> None:
        sql = "INSERT INTO judgements (line) VALUES (%s)"
        self.connections.read(lambda cursor: cursor.execute(sql, (line,)))

    def lines(self) -> Iterator[str]:
        sql = "SELECT line FROM judgements ORDER BY number"
        for (line,) in self.connections.read(lambda cursor: rows(cursor, sql)):
            yield line
