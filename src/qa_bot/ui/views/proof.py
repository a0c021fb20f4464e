"""The articles of a page before they are added, to be corrected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from qa_bot.drafts import Draft, Drafts
from qa_bot.ui.markup import fill
from qa_bot.ui.texts import say

__all__ = ["field_id", "proof"]

_SNIPPET = 150  # characters
_BEGINNING = 60  # characters that a sentence is named by
_BREAKS = 2  # line breaks shown behind a sentence at most


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    label: str  # its text is `field_{label}`
    id: str
    value: str


@dataclass(frozen=True, slots=True)
class _Sentence:
    """`split_at` is the offset at which a new article can begin, 0 for nowhere."""

    text: str
    breaks: int
    split_at: int
    beginning: str


@dataclass(frozen=True, slots=True)
class _Draft:
    """One article; `fault` is what is wrong with its date, "" if nothing is."""

    number: int
    position: str
    last: bool
    fields: tuple[_Field, ...]
    fault: str
    fault_id: str
    lang: str
    snippet: str
    characters: int
    sentences: tuple[_Sentence, ...]


@dataclass(frozen=True, slots=True)
class _Proof:
    drafts: tuple[_Draft, ...]
    files: str
    focus: str
    undo: bool
    faulty: bool


def field_id(number: int, name: str) -> str:
    """The id of an input, for the page to go on at."""
    return f"qa-draft-{number}-{name}"


def proof(drafts: Drafts, lang: str, *, focus: str = "", undo: bool = False) -> str:
    """All drafts, each with its fields and what can be done with it.

    :param focus: the id of the input to go to.
    :param undo: whether there is a step to take back.
    """
    if not drafts:
        return ""
    view = _Proof(
        tuple(_draft(n, draft, len(drafts), lang) for n, draft in enumerate(drafts)),
        ", ".join(dict.fromkeys(d.article.path for d in drafts if d.article.path)),
        focus,
        undo,
        faulty=any(not draft.valid for draft in drafts),
    )
    return fill("proof", lang, proof=view)


def _draft(number: int, draft: Draft, count: int, lang: str) -> _Draft:
    article = draft.article
    fields = (
        ("title", "headline", article.title),
        ("date", "date", draft.date),
        ("byline", "byline", article.byline),
        ("source", "source", article.source),
    )
    beginning = " ".join(article.text[: _SNIPPET + 50].split())
    return _Draft(
        number,
        f"{number + 1} / {count}",
        last=number + 1 == count,
        fields=tuple(_Field(n, label, field_id(number, n), value) for n, label, value in fields),
        fault="" if draft.valid else say(lang, "bad_date", date=draft.date),
        fault_id=field_id(number, "fault"),
        lang=article.lang,
        snippet=beginning if len(beginning) <= _SNIPPET else beginning[:_SNIPPET] + "…",
        characters=len(article.text),
        sentences=tuple(_sentences(draft)),
    )


def _sentences(draft: Draft) -> Iterator[_Sentence]:
    """All of the text, each sentence but the first a place to split it."""
    text, begun = draft.article.text, False
    for start, end in pairwise([0, *draft.breaks(), len(text)]):
        sentence = text[start:end]
        words = " ".join(sentence.split())
        split_at = start if begun and words else 0
        breaks = min(sentence.count("\n"), _BREAKS)
        yield _Sentence(sentence.strip(), breaks, split_at, words[:_BEGINNING])
        begun = begun or bool(words)
