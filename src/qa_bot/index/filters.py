"""Which articles are meant: by date, source, id, or words of what heads them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from qa_bot.errors import QABotError
from qa_bot.index.metadata import day_span
from qa_bot.text.utf8 import storable

__all__ = ["Day", "Filter", "like_pattern"]

Day = str | datetime.date

_LONGEST = 200  # characters looked for
_ESCAPES = str.maketrans({mark: f"\\{mark}" for mark in "\\%_"})


@dataclass(frozen=True, slots=True)
class Filter:
    """ISO days, both inclusive, a source's name, and articles' ids; what is None lets all pass.

    `contains` is looked for in headline, byline and source, as it is written; or it is a whole id.
    `holders` are the keys of articles that pass it all the same: for what stands in their texts.
    `byline` is looked for in the byline alone. `among` are the keys of the articles that may pass.
    An article whose date is only a month or a year passes if any day of it does; one without a
    year passes no date.
    """

    since: str | None = None
    until: str | None = None
    source: str | None = None
    article_ids: tuple[str, ...] | None = None
    contains: str = ""
    byline: str = ""
    holders: tuple[int, ...] = ()
    among: tuple[int, ...] | None = None

    @classmethod
    def of(
        cls,
        since: Day | None = None,
        until: Day | None = None,
        source: str | None = None,
        article_ids: Iterable[str] | None = None,
        contains: str = "",
        byline: str = "",
    ) -> Self:
        """A filter of what people write: `2024`, `2024-08`, `2024-08-09` or a date.

        :raises QABotError: if a date cannot be read, the first is after the last, or
            `article_ids` is a text.
        """
        if isinstance(article_ids, str):
            raise QABotError("article_ids is a list of ids, not a text.")
        ids = None if article_ids is None else tuple(article_ids)
        first, last = _day(since), _day(until, last=True)
        if first and last and first > last:
            raise QABotError(f"{since} is after {until}: no article lies between them.")
        return cls(first, last, source or None, ids, contains, byline)

    def __bool__(self) -> bool:
        return self != Filter()


def like_pattern(wanted: str) -> str:
    """What SQL's LIKE looks for, escaped by a backslash: the text anywhere, as it is written."""
    return f"%{storable(wanted)[:_LONGEST].translate(_ESCAPES)}%"


def _day(value: Day | None, *, last: bool = False) -> str | None:
    """An ISO day; of a month or a year it is the first or last."""
    if value is None or value == "":
        return None
    text = value.isoformat()[:10] if isinstance(value, datetime.date) else str(value).strip()
    if full := day_span(text)[last]:
        try:
            # the last day of a month is 31 here: days are compared as text
            datetime.date.fromisoformat(full if len(text) == 10 else full[:8] + "01")
        except ValueError:
            pass
        else:
            return full
    raise QABotError(f"{value!r} is no date: write 2024-08-09, 2024-08 or 2024.")
