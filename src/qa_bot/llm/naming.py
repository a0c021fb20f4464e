"""Names of a sentence that its source does not have; between languages by their romanisation."""

from __future__ import annotations

import functools
import re

from qa_bot.llm.persons import mentions, same_person
from qa_bot.question.spelling import pinyin
from qa_bot.question.wording import names
from qa_bot.text.chinese import name_spans
from qa_bot.text.moments import MONTH_NAMES
from qa_bot.text.surnames import COMMON_SURNAMES, SURNAMES

__all__ = ["absent", "persons", "speaks_of"]

_CAPITALISED = re.compile(r"(?<=[a-z,] )[A-Z][\w'-]+(?: [A-Z][\w'-]+)*")
# Days are compared by what they mean.
_DAY = re.compile(
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|" + "|".join(MONTH_NAMES) + r")(?: \d+)?"
)
_TWO_WORDS = re.compile(
    r"\b([A-Z][a-z]{1,5}) ([A-Z][a-z]{1,5}(?:['-][A-Za-z][a-z]{0,5})?[a-z]{0,5})\b"
)
_AMOUNT = re.compile(r"(?:为|是|约|共|达到?)+\d|\d")
_SYLLABLE = re.compile(
    r"(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh)?(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|an"
    r"|en|in|un"
    r"|ai|ei|ao|ou|ia|ie|iu|ua|ui|uo|ue|er|a|o|e|i|u)"
)


def absent(claim: str, source: str, *, same_language: bool) -> list[str]:
    """The names of aligned `claim` that aligned `source` does not have."""
    if same_language:
        ruled_out = _no_names(claim)
        found = [n for n in names(claim) if not n[0].isdigit() and n not in ruled_out]
        found += _CAPITALISED.findall(claim)
        return [n for n in found if not _DAY.fullmatch(n) and not _held(n, source)]
    if _latin(claim):
        sounds = "".join(pinyin(source))
        return [
            match[0]
            for match in _TWO_WORDS.finditer(claim)
            if _is_pinyin(match[1], match[2])
            and not any(order in sounds + _letters(source) for order in _orders(match))
        ]
    if not _latin(source):
        return []
    # a Western name of which the Chinese form is known begins alike: 马斯克 and Musk
    rest = _TWO_WORDS.sub(lambda m: "" if _is_pinyin(m[1], m[2]) else m[0], source)
    initials = {word[0].casefold() for word in re.findall(r"(?<=\w )[A-Z]\w+", rest)}
    told = [mention.name for mention in mentions(source)]
    return [
        name
        for name, _, _ in mentions(claim)
        if not any(same_person(name, other) for other in told)
        and not speaks_of(source, name)
        and not initials & {syllable[0] for syllable in pinyin(name)}
    ]


def persons(text: str) -> list[str]:
    """The Chinese names of persons in aligned `text`."""
    spans = [(a, b) for tag, a, b in name_spans(text) if tag == "nr"]
    return [text[a:b] for a, b in spans if 2 <= b - a <= 4 and text[a] in SURNAMES]


def speaks_of(latin: str, han: str) -> bool:
    """Whether Latin text names a person whom Chinese text names."""
    letters = _letters(latin)
    for name in persons(han):
        first, *rest = pinyin(name)
        given = "".join(rest)
        if first + given in letters or given + first in letters:
            return True
    return False


def _orders(match: re.Match[str]) -> tuple[str, str]:
    """The letters of a name of two words, either way round."""
    return _letters(match[0]), _letters(match[2] + match[1])


def _is_pinyin(one: str, other: str) -> bool:
    """Whether two words are a Chinese surname and what may be a given name, either way round."""
    return any(
        surname.lower() in _surname_sounds() and _all_syllables(_letters(given))
        for surname, given in ((one, other), (other, one))
    )


def _all_syllables(letters: str) -> bool:
    return re.fullmatch(rf"(?:{_SYLLABLE.pattern}){{1,2}}", letters) is not None


@functools.cache
def _surname_sounds() -> frozenset[str]:
    return frozenset(pinyin("".join(sorted(COMMON_SURNAMES))))


def _no_names(text: str) -> set[str]:
    """Words that the tagger takes for names: persons without a surname, and what is measured.

    长度 of 长度为38.6公里 is a place to it.
    """
    spans = [(tag, a, b) for tag, a, b in name_spans(text) if b - a == 2]
    return {
        text[a:b]
        for tag, a, b in spans
        if (text[a] not in SURNAMES if tag == "nr" else _AMOUNT.match(text, b))
    }


def _latin(text: str) -> bool:
    return sum(c.isascii() and c.isalpha() for c in text) > len(text) / 2


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if "a" <= c <= "z")


def _held(name: str, source: str) -> bool:
    """Whether the name, or most of its words or pairs of characters, stands there."""
    if name.isascii():
        whole, parts = source.casefold(), name.casefold().split()
        return 3 * sum(part in whole for part in parts) > 2 * len(parts)
    pairs = [name[i : i + 2] for i in range(len(name) - 1)]
    return 2 * sum(pair in source for pair in pairs) >= len(pairs)
