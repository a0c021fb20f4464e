"""Remarks that stand by themselves: notes, problems, progress, what became of added articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa_bot.errors import IndexAwayError, QABotError
from qa_bot.records import Outcome
from qa_bot.ui.markup import fill
from qa_bot.ui.texts import LANGUAGES, LOCALES, say

__all__ = ["Note", "fault", "fault_text", "languages", "note", "outcomes", "problem", "progress"]

_OUTCOMES = 200  # shown one by one; the page gets them with every step of the progress


@dataclass(frozen=True, slots=True)
class Note:
    """A line of plain text, and the CSS classes that it has."""

    text: str
    css: str = "qa-note"


def note(text: str, css: str = "qa-note") -> str:
    return fill("note", note=Note(text, css))


def problem(text: str) -> str:
    return fill("problem", text=text)


def fault(error: QABotError, lang: str) -> str:
    """What went wrong, as a problem."""
    return problem(fault_text(error, lang))


def fault_text(error: QABotError, lang: str) -> str:
    """The same as plain text, in the page's language where a visitor can do nothing but wait."""
    return say(lang, "index_away") if isinstance(error, IndexAwayError) else str(error)


def progress(text: str, done: int = 0, total: int | None = None) -> str:
    """:param total: how much there is to be done; None while it is not known."""
    return fill("progress", text=text, done=done, total=total)


def outcomes(came: Sequence[Outcome], lang: str) -> str:
    """What became of each article or file; refusals first, with the reason."""
    rows = sorted(came, key=lambda outcome: outcome.status != "refused")
    return fill("outcomes", lang, outcomes=rows[:_OUTCOMES], left_out=max(len(rows) - _OUTCOMES, 0))


@dataclass(frozen=True, slots=True)
class _Language:
    href: str
    locale: str
    name: str


def languages() -> str:
    """The page's languages, each in its own words; page.js keeps the choice in a cookie."""
    switch = [_Language(f"?lang={tag}", locale, LANGUAGES[tag]) for tag, locale in LOCALES.items()]
    label = " / ".join(say(tag, "lang_switch") for tag in LOCALES)
    return fill("languages", label=label, languages=switch)
