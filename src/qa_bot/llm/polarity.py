"""Which way a sentence goes: up or down, gain or loss, done or not done, known or only heard."""

from __future__ import annotations

import re

from qa_bot.text.terms import content_terms, held

__all__ = ["AXES", "negates_otherwise", "only_heard", "side"]

# On each axis a clause is on the first side, the second, or neither. On aligned text.
AXES: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(one, re.IGNORECASE), re.compile(other, re.IGNORECASE))
    for one, other in (
        (
            r"增[长加至幅添]|递增|剧增|上[升涨调扬]|提[高升]|攀升|走高|飙升|扩大|翻了?[一两]?番|涨|新增|再开|升至"
            r"|(?<!\w)(?:up|ro?se|risen|rises?|rising|rais\w+|increas\w+|gr[eo]w\w*|growth|climb\w*"
            r"|jump\w*|surg\w+|soar\w*|doubl\w+|tripl\w+|expand\w*|higher|hik\w+)(?!\w)"
            r"|増え|増加|増や|上昇|上がっ|伸び",
            r"下[降跌滑调挫]|减[少至幅]|递减|锐减|降[低至幅为]|缩[减小水]|回落|走低|跌|(?<!投)降(?!临|雨|雪|落)|关闭\d|裁[员减]"
            r"|(?<!\w)(?:down|fell|falls?|falling|fallen|decreas\w+|declin\w+|drop\w*|cuts?|cutting|lower\w*"
            r"|shr[aiu]nk\w*|slump\w*|slid\w*|plung\w+|reduc\w+|halv\w+|shed|dip\w*)(?!\w)"
            r"|減少|減っ|減り|減ら|下落|低下|下がっ",
        ),
        (
            r"盈利|获利|赚|扭亏|黒字|(?<!\w)(?:profits?|profitable|earned|surplus)(?!\w)",
            r"亏损|亏|赤字|(?<!\w)(?:loss(?:es)?|lost|deficit)(?!\w)",
        ),
        (
            r"开幕|开[始工馆业放通播](?!前)|启[动用]|起(?=[,，。]|$)|始于"
            r"|(?<!\w)(?:open(?:s|ed|ing)?|start(?:s|ed|ing)?|beg[aiu]ns?|launch\w*)(?!\w)",
            r"闭幕|结束|截[止至]|落幕|收官|到期"
            r"|(?<!\w)(?:clos(?:es|ed|ing)|ends?|ended|ending|expir\w+|until|finish\w*|conclud\w+)(?!\w)",
        ),
    )
)
_NOT = re.compile(
    r"[未没無无]有?(?!来|关|论|锡|人机|线|数|疑|障碍)|并非|不(?![少仅但断同足到过久锈如得])|否认|尚未|从未|ません|なかっ|ない|ず[、に]"
    r"|(?<!\w)(?:not|no|never|nor|neither|without|den(?:y|ies|ied)|failed to"
    r"|none|cannot)(?!\w)"
    r"|n['’]t(?!\w)",
    re.IGNORECASE,
)
# Within a language these deny, too; between languages their counterparts are many.
_REFUSAL = re.compile(r"否决|拒绝|驳回|(?<!\w)(?:refus\w+|reject\w+)(?!\w)", re.IGNORECASE)
_NOT_LESS = re.compile(
    r"不(?:少|低|多|超|高)[于过]|no (?:less|more|fewer) than|not only|不仅|不但", re.IGNORECASE
)
_HEARD = re.compile(
    r"爆料|传言|据传|网传|传闻|谣传|有消息称|据.{0,3}网友|网友.{0,4}[称说]|未经证实|疑似|据悉尚未|小道消息|噂|とみられる"
    r"|(?<!\w)(?:rumou?r\w*|reportedly|alleged\w*|unconfirmed|hearsay|is said to|are said to"
    r"|purported\w*|speculat\w+|claim(?:s|ed)? that)(?!\w)",
    re.IGNORECASE,
)
_TOLD_SO = re.compile(
    r"据[^，。]{0,10}(?:称|说)|网友|(?:有人|坊间)(?:称|说)|(?<!\w)(?:say|said) to be(?!\w)"
)
_CLAUSE = re.compile(r"[^，。；！？,;!?\n]+")
_SHARED = 0.6  # of what is negated, for another clause to speak of the same


def side(axis: int, clause: str) -> int:
    """1 or -1 for the sides of `AXES[axis]` that a clause is on, 0 where neither or both."""
    one, other = (bool(pattern.search(clause)) for pattern in AXES[axis])
    return one - other


def only_heard(text: str) -> bool:
    """Whether aligned text tells what is rumoured or told by somebody unnamed."""
    return bool(_HEARD.search(text) or _TOLD_SO.search(text))


def negates_otherwise(claim: str, source: str, *, same_language: bool) -> str:
    """The clause of the aligned `claim` that denies what `source` says, or says what it denies.

    "" if none does. Between languages only a denial where there is none on the other side shows.
    """
    if not same_language:
        ours, theirs = _negations(claim), _negations(source)
        if ours and not theirs:
            return claim
        return claim if theirs and not ours and len(theirs) == len(_clauses(source)) else ""
    for one, other, back in ((source, claim, False), (claim, source, True)):
        for clause in _clauses(one):
            match = _negation(clause) or _REFUSAL.search(clause)
            if match is None:
                continue
            wanted = [t for t in content_terms(clause[match.end() :]) if len(t) > 1]
            if not wanted:
                continue
            for told in _clauses(other):
                if not _denies(told) and len(held(wanted, told)) >= _SHARED * len(wanted):
                    known = [c for c in _clauses(other) if _denies(c)]
                    if not any(len(held(wanted, c)) >= _SHARED * len(wanted) for c in known):
                        return clause if back else told
    return ""


def _clauses(text: str) -> list[str]:
    return [match[0] for match in _CLAUSE.finditer(text)]


def _negation(clause: str) -> re.Match[str] | None:
    return _NOT.search(_NOT_LESS.sub(lambda match: "~" * len(match[0]), clause))


def _denies(clause: str) -> bool:
    return bool(_negation(clause) or _REFUSAL.search(clause))


def _negations(text: str) -> list[str]:
    return [clause for clause in _clauses(text) if _negation(clause)]
