"""A conversation of the OpenAI protocol as a question, and an answer as a message of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from qa_bot.api.models import Citation, Filters, ListedArticle
from qa_bot.records import LONGEST_QUESTION, Answer, Article, Turn

__all__ = ["MODEL", "ChatRequest", "extras", "message", "turns", "usage"]

MODEL = "qa_bot"
_LISTED = 50  # articles below an answer; `articles` has them all
_REMEMBERED = 5  # turns from which a follow-up question is understood
_MARK = re.compile(r" ?\[(?:\d{1,3}|\?)\]")
_DOUBTFUL = {
    "zh-Hans": "[?] 文章中没有依据。",
    "zh-Hant": "[?] 文章中沒有依據。",
    "en": "[?] Not supported by the articles.",
}


class TextPart(BaseModel):
    """A piece of a message; qa_bot reads text only."""

    type: Literal["text"]
    text: str


class ChatMessage(BaseModel):
    """A message of the conversation; only those of user and assistant count."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[TextPart] | None = None

    @property
    def text(self) -> str:
        """Its text, of all parts."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content).strip()
        return (self.content or "").strip()


class StreamOptions(BaseModel):
    """What else a stream tells."""

    model_config = ConfigDict(strict=True)
    include_usage: bool = False


class ChatRequest(Filters):
    """A conversation whose last message of a user is the question.

    Filters and `llm` (false: quotes only) are qa_bot's own; what is OpenAI's and not named here
    changes nothing.
    """

    model: str = MODEL
    messages: list[ChatMessage] = Field(min_length=1, max_length=1000)
    stream: bool = False
    stream_options: StreamOptions | None = None
    n: int | None = Field(None, ge=1, le=1)
    llm: bool = True

    @field_validator("messages")
    @classmethod
    def _asks(cls, messages: list[ChatMessage]) -> list[ChatMessage]:
        asked = [m.text for m in messages if m.role == "user"]
        if not asked or not asked[-1]:
            raise ValueError("There is no question: the last message of role user is it.")
        if len(asked[-1]) > LONGEST_QUESTION:
            raise ValueError(f"The last message is longer than {LONGEST_QUESTION} characters.")
        return messages


def turns(messages: Sequence[ChatMessage]) -> tuple[str, list[Turn]]:
    """The question, and what was asked before."""
    talk: list[tuple[str, str]] = []
    for said in messages:
        if said.role == "user":
            talk.append((said.text, ""))
        elif said.role == "assistant" and talk:
            talk[-1] = (talk[-1][0], talk[-1][1] or _bare(said.text))
    *before, (question, _) = talk
    history: list[Turn] = []
    for asked, answered in before[-_REMEMBERED:]:
        if asked:
            history.append(Turn(asked[:LONGEST_QUESTION], answered))
    return question, history


def _bare(text: str) -> str:
    """The bare answer in a message that `message` made: its first paragraph without marks."""
    return _MARK.sub("", text.split("\n\n", 1)[0]).strip()


def message(answer: Answer) -> str:
    """The answer as text: with marks, doubtful sentences as `[?]`, and below what is cited.

    Below that are the articles of its list that are not cited.
    """
    text, marked = answer.text, ""
    at = 0
    for _, end in sorted(answer.unsupported):
        marked += text[at:end] + " [?]"
        at = end
    marked += text[at:]
    below = [_source(citation, quoted=citation.quote in text) for citation in answer.citations]
    if answer.unsupported:
        below.append(_DOUBTFUL.get(answer.language, _DOUBTFUL["en"]))
    if answer.note:
        below.append(f"({answer.note})")
    cited = {citation.article.id for citation in answer.citations}
    more = [item.article for item in answer.articles if item.article.id not in cited]
    rest = [f"- {_where(article)}" for article in more[:_LISTED]]
    if len(more) > _LISTED:
        rest.append(f"- … ({len(more) - _LISTED})")
    return "\n\n".join(part for part in (marked, "\n".join(below), "\n".join(rest)) if part)


def _source(citation: Any, *, quoted: bool) -> str:
    """Number, quote (unless it is in the text itself), headline, newspaper and date on a line."""
    quote = "" if quoted else f"“{' '.join(citation.quote.split())}”"
    parts = (quote, _where(citation.article))
    return f"[{citation.number}] " + " — ".join(part for part in parts if part)


def _where(article: Article) -> str:
    known = (article.title, article.source, article.published.lstrip("-"))
    return ", ".join(" ".join(part.split()) for part in known if part) or article.id


def extras(answer: Answer) -> dict[str, Any]:
    """What qa_bot adds to the protocol's own fields."""
    return {
        "citations": [Citation.of(c, answer.language).model_dump() for c in answer.citations],
        "state": answer.state,
        "kind": answer.kind,
        "total": answer.total,
        "articles": [ListedArticle.of(listed).model_dump() for listed in answer.articles],
        "answerable": answer.answerable,
        "confidence": answer.confidence,
        "note": answer.note,
    }


def usage(answer: Answer) -> dict[str, int]:
    """Tokens of the language model that wrote the answer; none, if none did."""
    prompt, completion = (answer.tokens.get(kind, 0) for kind in ("prompt", "completion"))
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
    }
