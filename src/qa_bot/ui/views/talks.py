"""The conversations of a browser, as a list to choose from, and what was done with one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa_bot.conversations import Conversation
from qa_bot.ui.markup import fill
from qa_bot.ui.texts import say
from qa_bot.ui.views.notices import note

__all__ = ["current", "exports", "removed", "talks"]

_LISTED = 30  # the others are found by their words
# How the formats of `qa_bot.ui.export` are called.
_FORMATS = (
    ("md", "Markdown"),
    ("docx", "Word"),
    ("html", "HTML"),
    ("bib", "BibTeX"),
    ("ris", "RIS"),
    ("json", "CSL-JSON"),
)


@dataclass(frozen=True, slots=True)
class _Talk:
    id: int
    name: str
    told: str
    current: bool

    @classmethod
    def of(cls, one: Conversation, current: int, lang: str) -> _Talk:
        told = f"{say(lang, 'questions', count=one.turns)} · {one.changed[:10]}"
        return cls(one.id, one.name, told, one.id == current)

    @property
    def href(self) -> str:
        return f"#ask?conversation={self.id}"


def talks(found: Sequence[Conversation], current: int, lang: str, *, searched: bool = False) -> str:
    """The conversations as links; `searched`: these are not all, but those with certain words."""
    if not found:
        return note(say(lang, "talks_unmatched" if searched else "talks_none"))
    listed = [_Talk.of(one, current, lang) for one in found[:_LISTED]]
    return fill("talks", lang, talks=listed, left_out=len(found) - len(listed))


def current(conversation: int, questions: int, last: str) -> str:
    """Which conversation is shown, and so many of its questions, for the scripts of the page.

    `last` is the last of them: the chat may show another conversation's still.
    """
    return fill("talk_current", id=conversation or "", questions=questions, last=last)


def removed(gone: Conversation, lang: str) -> str:
    """A remark on the conversation that was removed, with a way to put it back."""
    return fill("talk_removed", lang, id=gone.id, name=gone.name)


def exports(lang: str) -> str:
    """The menu of formats."""
    return fill("exports", lang, formats=_FORMATS)
