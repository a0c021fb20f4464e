"""The conversation that a browser is in: its turns as they are shown, remembered and exported."""

from __future__ import annotations

import secrets
import zlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from pydantic import TypeAdapter, ValidationError

from qa_bot.exchange import Exchange
from qa_bot.records import Turn
from qa_bot.ui.views import answer as view

if TYPE_CHECKING:
    from qa_bot.bot import QABot

__all__ = [
    "SHOWN",
    "Browser",
    "Kept",
    "Messages",
    "exchanges",
    "kept_exchange",
    "key_of",
    "messages",
    "now",
    "number_of",
    "remembered",
]

Kept = dict[str, Any]
"""A turn: `question` and `html`; if it is an answer, its `facts` and `exchange`, too."""
Messages = list[dict[str, str]]

_REMEMBERED = 5  # turns from which a follow-up question is understood
SHOWN = 50  # turns
_EXCHANGE = TypeAdapter(Exchange)


@dataclass(frozen=True, slots=True)
class Browser:
    """What a browser keeps: its secret, and the conversation it is in, 0 before the first question.

    The secret hides one browser's conversations from others; it is made at the first visit.
    """

    secret: str
    current: int = 0

    @classmethod
    def of(cls, kept: object) -> Self:
        """What a browser kept, as far as it is well formed."""
        values = kept if isinstance(kept, dict) else {}
        secret, current = values.get("secret"), values.get("current")
        if not isinstance(secret, str) or len(secret) < 16:
            return cls(secrets.token_urlsafe(24))
        return cls(secret, current if isinstance(current, int) else 0)

    @property
    def kept(self) -> dict[str, Any]:
        return {"secret": self.secret, "current": self.current}

    def at(self, conversation: int) -> Browser:
        return replace(self, current=conversation)

    def turns(self, bot: QABot) -> list[Kept]:
        """The turns of the conversation it is in."""
        return bot.conversations.turns(self.secret, self.current) if self.current else []


def number_of(value: object) -> int:
    """The conversation that a page names; 0 if it names none."""
    number = str(value)
    return int(number) if number.isdecimal() and len(number) < 10 else 0


def now() -> str:
    """The time an answer is given at, ISO 8601 in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def key_of(facts: str) -> str:
    """What an answer is known by when it is judged, by the facts of it."""
    return f"{zlib.crc32(facts.encode('utf-8', 'surrogatepass')):08x}"


def kept_exchange(exchange: Exchange) -> dict[str, Any]:
    """As a turn keeps it."""
    kept: dict[str, Any] = _EXCHANGE.dump_python(exchange, mode="json")
    return kept


def exchanges(turns: list[Kept]) -> list[Exchange]:
    """The answers among the turns; what another version kept otherwise is left out."""
    found = []
    for turn in turns:
        try:
            found.append(_EXCHANGE.validate_python(turn.get("exchange")))
        except ValidationError:
            continue
    return found


def remembered(turns: list[Kept]) -> list[Turn]:
    """The last turns, for a follow-up question to be understood from."""
    last = []
    for turn in turns[-_REMEMBERED:]:
        exchange = turn.get("exchange") or {}
        last.append(Turn(exchange.get("asked") or turn["question"], _answer(exchange)))
    return last


def _answer(exchange: dict[str, Any]) -> str:
    """What a follow-up question may be about: the quotes too, but for a language model's text."""
    if exchange.get("state") == "answered" and exchange.get("answerer") == "extractive":
        return str(exchange.get("text", ""))
    return str(exchange.get("short", ""))


def messages(turns: list[Kept]) -> Messages:
    """The last turns as the chat shows them."""
    pairs: Messages = []
    for turn in turns[-SHOWN:]:
        pairs.append({"role": "user", "content": view.question(turn["question"])})
        pairs.append({"role": "assistant", "content": turn["html"]})
    return pairs
