"""Remarks that stand by themselves: notes, problems, progress, what became of added articles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from qa_bot.errors import IndexAwayError, QABotError
from qa_bot.records import EmbeddingFault, Outcome, Status
from qa_bot.ui.markup import fill
from qa_bot.ui.texts import LANGUAGES, LOCALES, say

__all__ = [
    "Note",
    "embedding_fault",
    "fault",
    "fault_text",
    "languages",
    "note",
    "outcomes",
    "problem",
    "progress",
]

_GLANCE = 6  # outcomes
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


def embedding_fault(given: EmbeddingFault, lang: str) -> str:
    """Why new articles are not found by meaning, and whether that mends itself, as a problem."""
    error = given.error
    reason = fault_text(error, lang) if isinstance(error, QABotError) else given.reason
    return problem(
        say(lang, "embedding_waits" if given.retried else "embedding_stopped", reason=reason)
    )


def progress(text: str, done: int = 0, total: int | None = None) -> str:
    """:param total: how much there is to be done; None while it is not known."""
    return fill("progress", text=text, done=done, total=total)


@dataclass(frozen=True, slots=True)
class _Count:
    status: str
    number: int


@dataclass(frozen=True, slots=True)
class _File:
    """How much of what a file held was added, and the rest."""

    name: str
    counts: tuple[_Count, ...]
    refused: bool


def outcomes(came: Sequence[Outcome], lang: str) -> str:
    """What became of each file, and of each article; refusals first, with the reason."""
    rows = sorted(came, key=lambda outcome: outcome.status != "refused")
    files = _files(came)
    if len(files) == len(came):  # then each is told of below
        files = ()
    return fill(
        "outcomes",
        lang,
        files=files[:_OUTCOMES],
        # a few are read at a glance; a refusal must be seen
        open=not files or len(came) <= _GLANCE or any(file.refused for file in files),
        outcomes=rows[:_OUTCOMES],
        left_out=max(len(rows) - _OUTCOMES, 0),
    )


def _files(came: Sequence[Outcome]) -> tuple[_File, ...]:
    """The files in their order; those of which something was refused first."""
    counts: dict[str, Counter[str]] = {}
    for outcome in came:  # what was refused may be a row of a file
        name = re.sub(r":\d+$", "", outcome.path)
        counts.setdefault(name, Counter())[outcome.status] += 1
    files = [
        _File(
            name,
            tuple(_Count(s, found[s]) for s in get_args(Status) if found[s]),
            refused="refused" in found,
        )
        for name, found in counts.items()
    ]
    return tuple(sorted(files, key=lambda file: not file.refused))


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
