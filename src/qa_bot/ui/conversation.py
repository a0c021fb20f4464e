"""A conversation as the browser keeps it: its turns, as HTML and as history."""

from __future__ import annotations

import zlib

from qa_bot.records import Turn
from qa_bot.ui.views import answer as view

__all__ = ["Kept", "Messages", "kept", "key_of", "messages", "remembered"]

Kept = dict[str, str]  # a turn as the browser keeps it
Messages = list[dict[str, str]]

_REMEMBERED = 5  # turns from which a follow-up question is understood
_FIELDS = ("question", "html", "asked", "answer", "markdown", "facts")


def key_of(facts: str) -> str:
    """What an answer is known by when it is judged, by the facts of it."""
    return f"{zlib.crc32(facts.encode('utf-8', 'surrogatepass')):08x}"


def kept(turns: object) -> list[Kept]:
    """The turns a browser kept, as far as they are well formed."""
    if not isinstance(turns, list):
        return []
    return [
        {field: turn[field] for field in _FIELDS if isinstance(turn.get(field), str)}
        for turn in turns
        if isinstance(turn, dict)
        and isinstance(turn.get("question"), str)
        and isinstance(turn.get("html"), str)
    ]


def remembered(turns: list[Kept]) -> list[Turn]:
    """The last turns, for a follow-up question to be understood from."""
    return [
        Turn(turn.get("asked") or turn["question"], turn.get("answer", ""))
        for turn in turns[-_REMEMBERED:]
    ]


def messages(turns: list[Kept]) -> Messages:
    """The turns as the chat shows them."""
    pairs: Messages = []
    for turn in turns:
        pairs.append({"role": "user", "content": view.question(turn["question"])})
        pairs.append({"role": "assistant", "content": turn["html"]})
    return pairs
