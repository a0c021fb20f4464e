"""Chinese text: one form for all scripts and widths, and its words with their parts of speech."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from qa_bot.text.terms import simplify

__all__ = [
    "NameSpan",
    "Word",
    "after_verbs",
    "align",
    "first_noun",
    "is_person",
    "is_verb",
    "name_spans",
    "noun_before_verb",
    "noun_spans",
    "words",
]

_KEPT = "“”‘’，：；！？（）"  # full width in newspapers, and telling
_SHORT = 1000  # characters: longer texts are not kept in memory
# what may stand between a noun and its verb
_LEADING = {
    *("将", "将要", "会", "要", "是", "在", "从", "于", "由", "到", "到底", "究竟", "一共"),
    *("总共", "计划", "预计", "的", "，"),
}


class Word(NamedTuple):
    """A word, and its part of speech as jieba's dictionary has it (`nr`: a person, `v`: a verb)."""

    text: str
    tag: str


class NameSpan(NamedTuple):
    """A person ("nr"), place ("ns") or body ("nt"): `text[start:end]`."""

    tag: str
    start: int
    end: int


def align(text: str) -> str:
    """`text` in simplified characters and half width where that keeps every offset."""
    return _aligned(text) if len(text) <= _SHORT else _aligned.__wrapped__(text)


@functools.lru_cache(maxsize=4096)
def _aligned(text: str) -> str:
    narrow = "".join(
        n if len(n := unicodedata.normalize("NFKC", c)) == 1 and c not in _KEPT else c for c in text
    )
    simplified = simplify(narrow)
    return simplified if len(simplified) == len(text) else narrow


def words(text: str) -> tuple[Word, ...]:
    """The words of Chinese `text`, joined `align` of it again."""
    return _words(text) if len(text) <= _SHORT else _words.__wrapped__(text)


@functools.lru_cache(maxsize=4096)
def _words(text: str) -> tuple[Word, ...]:
    import rjieba  # its dictionary takes .1 s, which the first question spends on other things

    return tuple(Word(word, tag) for word, tag in rjieba.tag(align(text)))


def name_spans(text: str) -> list[NameSpan]:
    """Persons, places and bodies that Chinese `text` names, kind by kind."""
    tagged = words(text)
    return [
        NameSpan(tag, a, b)
        for tag in ("nr", "ns", "nt")
        for a, b in _tagged(tagged, tag)
        if b - a > 1
    ]


def is_person(text: str) -> bool:
    """Whether Chinese `text` is the name of a person, and nothing else."""
    return any(tag == "nr" and b - a == len(text) for tag, a, b in name_spans(text))


def noun_spans(text: str) -> list[tuple[int, int]]:
    """Nouns of Chinese `text` with what stands right before them: 柳堤大桥, 新图书馆, 3号线."""
    spans: list[tuple[int, int]] = []
    at = start = 0
    for word, tag in words(text):
        if tag.startswith("n"):
            if spans and spans[-1][1] == at:
                spans[-1] = spans[-1][0], at + len(word)
            else:
                spans.append((start, at + len(word)))
        elif not (tag == "a" or word.isdigit()):
            start = at + len(word)
        at += len(word)
    return spans


def first_noun(clause: str) -> str:
    """The noun at the beginning of a Chinese `clause`, before its verb.

    "" where it begins with something else, a pronoun, or a single character.
    """
    at = 0
    for word, tag in words(clause):
        if tag in ("v", "p", "d", "vd", "r", "c") and not (tag == "c" and at):
            break
        at += len(word)
    noun = clause[:at].rstrip("，, 的")
    return noun if len(noun) > 1 else ""


def noun_before_verb(clause: str) -> str:
    """`clause`, what stands before a verb, without adverbs and prepositions at its end."""
    found = [word for word, _ in words(clause)]
    while found and found[-1] in _LEADING:
        found.pop()
    return clause[: len("".join(found))]


def after_verbs(text: str) -> int:
    """Where Chinese `text` goes on behind its last verb, preposition or particle."""
    at = last = 0
    for word, tag in words(text):
        at += len(word)
        if tag in ("v", "p", "d", "ul", "uz", "ug"):
            last = at
    return last


def is_verb(text: str) -> bool:
    """Whether Chinese `text` is nothing but verbs."""
    return all(tag == "v" for _, tag in words(text))


def _tagged(tagged: tuple[Word, ...], tag_begins: str) -> Iterator[tuple[int, int]]:
    """Words of this part of speech; neighbours that were cut apart come as one."""
    at = 0
    open_start = -1
    for word, tag in tagged:
        if tag.startswith(tag_begins):
            open_start = at if open_start < 0 else open_start
        elif open_start >= 0:
            yield open_start, at
            open_start = -1
        at += len(word)
    if open_start >= 0:
        yield open_start, at
