"""The terms of a text as the engine's full text takes them: words between blanks."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from qa_bot.text.terms import terms

__all__ = ["body_of", "query", "query_all", "sent"]

_LONGEST = 60  # bytes of a term that are sent; the engine passes longer ones over


def body_of(title: str, text: str) -> str:
    """What stands in the table for a passage."""
    return " ".join(map(sent, terms(f"{title}\n{text}")))


def sent(term: str) -> str:
    """A term as it is sent: a letter before it, for the engine passes over "the" and "of"."""
    plain = term.encode()
    if len(plain) > _LONGEST:
        return "h" + hashlib.sha256(plain).hexdigest()[:40]
    return f"t{term}"


def query(wanted: Iterable[str]) -> str:
    """The terms that a passage may hold, any of them."""
    return " ".join(map(sent, wanted))


def query_all(wanted: Iterable[str]) -> str:
    """The terms that a passage must hold, each of them (boolean mode)."""
    return " ".join(f"+{sent(term)}" for term in wanted)
