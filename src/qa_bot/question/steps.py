"""Questions in two steps: first who or what is meant, then what is asked of that.

"在会上致辞的那位校长，他还有什么头衔？" has to be asked twice: who spoke, and which titles he has.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa_bot.question.followups import ENGLISH_PRONOUN, PRONOUN, QUESTION_WORD
from qa_bot.text.chinese import words

__all__ = ["Steps", "steps_of"]

_SHORTEST = 6  # characters of a first step in Chinese; below it is a mere name
_FEWEST_WORDS = 4  # the same in English
# "那家公司", which the rest is asked of
_MEANT = re.compile(
    r"^(?P<which>.{3,}?[的])(?P<that>(?:那|这|這)[一]?(?P<measure>[位个個家名本座条條部支场場届款項项])?)?"
    r"(?P<noun>[\u3400-\u9fff]{0,10})$"
)
_CLAUSES = re.compile(r"(?:[，：。？；]|[,:.?;](?=\s))\s*(?:而且|并且|然后|and )?")
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_ASKS = re.compile(rf"{QUESTION_WORD.pattern}|啥|咋", re.IGNORECASE)
_ENGLISH_ASKS = re.compile(
    r"^(?:(?:at|in|on|for|from|by|to|of|with) )?(?:who|whom|whose|what|which|when|where|why|how)\b",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(r"\b(?:who(?:se|m)?|he|him|his|she|her|hers)\b", re.IGNORECASE)
_PEOPLE = "位名"  # measure words of people


@dataclass(frozen=True, slots=True)
class Steps:
    """The `first` question, whose answer takes the place of "{}" in the one asked `then`.

    `both`: the first is asked for its own sake, too.
    """

    first: str
    then: str
    both: bool


def steps_of(question: str) -> Steps | None:
    """The two steps of a question; None if it has no such two."""
    bare = question.strip().rstrip("？?。.!！ ")
    cuts = [(bare[: m.start()].strip(), bare[m.end() :].strip()) for m in _CLAUSES.finditer(bare)]
    if not _HAN.search(bare):
        return next(filter(None, (_english(head, rest) for head, rest in cuts)), None)
    asked = [pair for pair in cuts[::-1] if PRONOUN.match(f"{pair[1]}？")]
    return next(filter(None, (_chinese(head, rest) for head, rest in (*asked, *cuts[:1]))), None)


def _chinese(head: str, rest: str) -> Steps | None:
    if len(head) < _SHORTEST or not _ASKS.search(rest):
        return None
    pronoun = PRONOUN.match(f"{rest}？")
    if _ASKS.search(head):
        if pronoun is None:
            return None
        behind = rest[pronoun.end() :]
        if behind[:2] in head:  # what was named there, not the answer: 那家图书馆
            return Steps(f"{head}？", f"{behind}？", both=True)
        return Steps(f"{head}？", f"{{}}{behind}？", both=True)
    meant = _MEANT.match(head)
    if meant is None or (pronoun is None and _ASKS.match(rest)):
        return None
    noun = meant["noun"]
    if not meant["that"] and (not noun or words(noun)[-1].tag[0] not in "nN"):
        return None
    person = (meant["measure"] or "-") in _PEOPLE or _is_person(noun, rest)
    noun = noun or ("人" if person else "")
    first = f"{meant['which']}{noun}{'是谁' if person else '是什么'}？"
    if pronoun is not None:
        return Steps(first, f"{{}}{rest[pronoun.end() :]}？", both=False)
    of_it = words(rest)[0].tag[0] == "n"
    return Steps(first, f"{{}}{'的' if of_it else ''}{rest}？", both=False)


def _is_person(noun: str, rest: str) -> bool:
    """Whether a noun or what is said of it tells of a person."""
    return re.search(r"[人者员員师師长長手生家将將]$", noun) is not None or rest[:1] in "他她"


def _english(head: str, rest: str) -> Steps | None:
    pronoun = ENGLISH_PRONOUN.search(rest)
    if len(head.split()) < _FEWEST_WORDS or not pronoun or not _ENGLISH_ASKS.match(rest):
        return None
    owner = "'s" if pronoun.lastgroup == "owner" else ""
    then = f"{rest[: pronoun.start()]}{{}}{owner}{rest[pronoun.end() :]}?"
    if _ENGLISH_ASKS.match(head):
        return Steps(f"{head}?", then, both=True)
    asks = "Who is" if _SOMEBODY.search(f"{head} {pronoun[0]}") else "What is"
    return Steps(f"{asks} {head[0].lower()}{head[1:]}?", then, both=False)
