"""The form in which what heads articles is corrected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa_bot.ui.markup import fill

__all__ = ["FIELDS", "correction"]

FIELDS = {"title": "headline", "date": "date", "byline": "byline", "source": "source"}
"""The inputs of the form; the text of each is `field_{value}`."""

_NAMED = 5  # headlines of several articles


@dataclass(frozen=True, slots=True)
class _Field:
    """`differ`: the articles have different values, and none is shown."""

    name: str
    label: str
    value: str
    differ: bool


@dataclass(frozen=True, slots=True)
class _Correction:
    count: int
    titles: str
    fields: tuple[_Field, ...]
    fault: str


def correction(
    titles: Sequence[str],
    values: Sequence[str],
    differ: Sequence[bool],
    lang: str,
    *,
    fault: str = "",
) -> str:
    """The form for articles with these headlines; `values` and `differ` are those of `FIELDS`.

    :param fault: what is wrong with the date.
    """
    fields = tuple(
        _Field(name, label, value, mixed)
        for (name, label), value, mixed in zip(FIELDS.items(), values, differ, strict=True)
    )
    more = "…" if len(titles) > _NAMED else ""
    named = " · ".join(titles[:_NAMED]) + more
    return fill("correction", lang, correction=_Correction(len(titles), named, fields, fault))
