"""The filters in force, each with a cross that lifts it."""

from __future__ import annotations

from dataclasses import dataclass

from qa_bot.ui.markup import fill
from qa_bot.ui.texts import say

__all__ = ["FIELDS", "named", "narrowing"]

FIELDS = ("since", "until", "source")


@dataclass(frozen=True, slots=True)
class _Chip:
    field: str
    value: str
    text: str


def narrowing(values: tuple[str, str, str], lang: str) -> str:
    """What the `FIELDS` narrow the articles to, by their values; nothing where all are empty."""
    chips = [
        _Chip(field, value.strip(), say(lang, f"chip_{field}", value=value.strip()))
        for field, value in zip(FIELDS, values, strict=True)
        if value and value.strip()
    ]
    return fill("filter", lang, chips=chips) if chips else ""


def named(name: str, lang: str) -> str:
    """That a list is narrowed to articles that name somebody or something; nothing without."""
    chip = _Chip("name", name, say(lang, "chip_name", value=name))
    return fill("filter", lang, chips=[chip]) if name else ""
