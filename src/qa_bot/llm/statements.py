"""What a text states, clause by clause: as a fact, as denied or as a rumour."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa_bot.llm.nearness import Nearness
from qa_bot.llm.polarity import AXES, denies, negation, side
from qa_bot.text.terms import content_terms

__all__ = ["only_heard", "rumoured", "stated_otherwise"]

_CLAUSE = re.compile(r"(?:[^，。；！？,;.!?\n]|(?<=\d)[,.](?=\d)|(?<=[A-Z])\.)+")
_SENTENCE = re.compile(r"(?:[^。；！？;.!?\n]|(?<=\d)\.(?=\d)|(?<=[A-Z])\.)+")
_HEARD = re.compile(
    r"爆料|传言|据传|网传|传闻|谣传|误传|流传|有消息称|据.{0,3}网友|网友.{0,4}[称说]|发帖称"
    r"|未经证实|疑似|据悉尚未|小道消息|噂|とみられる|との情报|との情報"
    r"|(?<!\w)(?:rumou?r\w*|reportedly|alleged\w*|unconfirmed|hearsay|is said to|are said to"
    r"|a reported"
    r"|purported\w*|speculat\w+|claim(?:s|ed)? (?:that|on|in|of|about)|reports? (?:that|of)"
    r"|social media posts?|posts? (?:that|saying))(?!\w)",
    re.IGNORECASE,
)
_TOLD_SO = re.compile(
    r"据[^，。]{0,10}(?:称|说)|网友|(?:有人|坊间)(?:称|说)|(?<!\w)(?:say|said) to be(?!\w)"
)
# That a rumour is none: such words speak of what was said before.
_DENIAL = re.compile(
    r"辟谣|谣言|不实|不属实|并非事实|子虚乌有|澄清|否认|デマ|事实ではない|事実ではない"
    r"|(?<!\w)(?:untrue|false|den(?:y|ied|ies)|baseless|unfounded|hoax|debunk\w*|in fact"
    r"|dismissed)(?!\w)",
    re.IGNORECASE,
)
_ANNOUNCES = re.compile(r"(?:[称说道：:]|that|saying)\s*$", re.IGNORECASE)
_SAYS = 6  # characters that say something
_SHARED = 0.6  # of what is negated, for another clause to speak of the same
_SPOKEN_OF = (
    0.5  # of the words of a clause, for another to speak of the same with the opposite word
)
_NEARER = 0.03  # cosine by which the clause that speaks of it is nearer than any other
_NEAR = 0.35


@dataclass(frozen=True, slots=True)
class _Statement:
    text: str
    rumour: bool


def only_heard(text: str) -> bool:
    """Whether aligned text tells what is rumoured or told by somebody unnamed, or denies such."""
    return bool(_HEARD.search(text) or _TOLD_SO.search(text) or _DENIAL.search(text))


def rumoured(
    claim: str, source: str, *, same_language: bool, networks: Nearness | None = None
) -> bool:
    """Whether the aligned `claim` tells as a fact what `source` has as a rumour or denies."""
    if only_heard(claim):
        return False
    told = _statements(source)
    rumours = [_content(s.text) for s in told if s.rumour]
    facts = [s.text for s in told if not s.rumour]
    if not rumours:
        return False
    if not facts:
        return True
    if same_language:
        wanted = _stems(claim)
        return _most(wanted, rumours) > _most(wanted, facts) and not negation(claim)
    if networks is None:
        return False
    cosines = networks.cosines(claim, [*rumours, *facts])
    heard = cosines[: len(rumours)].max() > cosines[len(rumours) :].max()
    return bool(heard) and not negation(claim)


def stated_otherwise(
    claim: str, source: str, *, same_language: bool, networks: Nearness | None = None
) -> str:
    """The clause of the aligned `claim` that denies what `source` says, or says what it denies.

    "" if none does.
    """
    if not same_language:
        return _across(claim, source, networks)
    return _denied(claim, source) or _opposed(claim, source)


def _denied(claim: str, source: str) -> str:
    for one, other, back in ((source, claim, False), (claim, source, True)):
        for clause in _clauses(one):
            match = denies(clause)
            if match is None:
                continue
            wanted = _stems(clause[match.end() :])
            wanted = wanted if len(wanted) > 1 else _stems(clause[: match.start()]) | wanted
            if not wanted:
                continue
            for told in _clauses(other):
                if not denies(told) and _share(wanted, told) >= _SHARED:
                    known = [c for c in _clauses(other) if denies(c)]
                    if not any(_share(wanted, c) >= _SHARED for c in known):
                        return clause if back else told
    return ""


def _opposed(claim: str, source: str) -> str:
    """The clause of which the source says the opposite, by a word: open and closed, up and down."""
    told = _clauses(source)
    for clause in _clauses(claim):
        wanted = _stems(clause)
        shares = [_share(wanted, other) for other in told]
        if not wanted or max(shares, default=0) < _SPOKEN_OF:
            continue
        nearest = [c for c, share in zip(told, shares, strict=True) if share == max(shares)]
        for axis in range(len(AXES)):
            ours, theirs = side(axis, clause), {side(axis, other) for other in nearest}
            if ours and theirs == {-ours} and not denies(clause) and not any(map(denies, nearest)):
                return clause
    return ""


def _across(claim: str, source: str, networks: Nearness | None) -> str:
    ours, theirs = (bool(negation(text)) for text in (claim, source))
    if ours and not theirs:
        return claim
    clauses = _clauses(source)
    negated = [bool(negation(clause)) for clause in clauses]
    if theirs and not ours and all(negated):
        return claim
    if networks is None or not theirs:
        return ""
    cosines = networks.cosines(claim, clauses)
    with_it = max((c for c, n in zip(cosines, negated, strict=True) if n == ours), default=0.0)
    against = max((c for c, n in zip(cosines, negated, strict=True) if n != ours), default=0.0)
    return claim if against > _NEAR and against > with_it + _NEARER else ""


def _statements(source: str) -> list[_Statement]:
    """The clauses of `source`; one that only announces a rumour makes one of the next, too."""
    found: list[_Statement] = []
    for sentence in _SENTENCE.findall(source):
        announced = False
        for clause in _CLAUSE.findall(sentence):
            heard = bool(_HEARD.search(clause))
            found.append(_Statement(clause, heard or announced))
            told = heard or announced
            announced = told and bool(_ANNOUNCES.search(clause) or _open_quote(sentence, clause))
    return found


def _content(clause: str) -> str:
    """What a clause says behind the word that makes it a rumour, if it says it there."""
    match = _HEARD.search(clause)
    behind = clause[match.end() :] if match else ""
    return behind if len(behind) > _SAYS else clause


def _open_quote(sentence: str, clause: str) -> bool:
    before = sentence[: sentence.find(clause) + len(clause)]
    return before.count("“") > before.count("”")


def _clauses(text: str) -> list[str]:
    return [clause for clause in _CLAUSE.findall(text) if clause.strip()]


def _stems(text: str) -> set[str]:
    """The terms of a text longer than a character, English words without their endings."""
    return {_stem(t) for t in content_terms(text) if len(t) > 1} if text.strip() else set()


def _stem(term: str) -> str:
    return re.sub(r"(?<=[a-z]{3})(?:ing|ed|es|s|e|d)$", "", term) if term.isascii() else term


def _share(wanted: set[str], text: str) -> float:
    return len(wanted & _stems(text)) / len(wanted) if wanted else 0.0


def _most(wanted: set[str], clauses: Sequence[str]) -> float:
    return max((_share(wanted, clause) for clause in clauses), default=0.0)
