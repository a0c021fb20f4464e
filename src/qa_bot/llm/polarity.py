"""Which way a clause goes: up or down, gain or loss, open or closed, done or not done."""

from __future__ import annotations

import re

__all__ = ["AXES", "denies", "negation", "side"]

# On each axis a clause is on the first side, the second, or neither. On aligned text.
AXES: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(one, re.IGNORECASE), re.compile(other, re.IGNORECASE))
    for one, other in (
        (
            r"增[长加至幅添]|递增|剧增|上[升涨调扬]|提[高升]|攀升|走高|飙升|扩大|翻了?[一两]?番"
            r"|涨|新增|再开|升至"
            r"|(?<!\w)(?:up|ro?se|risen|rises?|rising|rais\w+|increas\w+|gr[eo]w\w*|growth|climb\w*"
            r"|jump\w*|surg\w+|soar\w*|doubl\w+|tripl\w+|expand\w*|higher|hik\w+)(?!\w)"
            r"|増え|増加|増や|上昇|上升|上がっ|伸び|値上|值上|引き上げ",
            r"下[降跌滑调挫]|减[少至幅]|递减|锐减|降[低至幅为]|缩[减小水]|回落|走低|跌"
            r"|(?<!投)降(?!临|雨|雪|落)|关闭\d|裁[员减]"
            r"|(?<!\w)(?:down|fell|falls?|falling|fallen|decreas\w+|declin\w+|drop\w*|cuts?"
            r"|cutting|lower\w*"
            r"|shr[aiu]nk\w*|slump\w*|slid\w*|plung\w+|reduc\w+|halv\w+|shed|dip\w*)(?!\w)"
            r"|減少|減っ|減り|減ら|下落|低下|下がっ|値下|值下|引き下げ|收窄|narrow\w*",
        ),
        (
            r"盈利|获利|赚|扭亏|黒字|(?<!\w)(?:profits?|profitable|earned|surplus)(?!\w)",
            r"亏损|亏|赤字|(?<!\w)(?:loss(?:es)?|lost|deficit)(?!\w)",
        ),
        (
            r"开幕|开[始工馆业放通播](?!前)|启[动用]|(?:照常|正常|对外|重新)开放|起(?=[,，。]"
            r"|$)|始于"
            r"|(?<!\w)(?:(?:re)?open(?:s|ed|ing)?|start(?:s|ed|ing)?|beg[aiu]ns?|launch\w*)(?!\w)",
            r"闭幕|关闭(?!\\d)|停业|封闭|结束|截[止至]|落幕|收官|到期"
            r"|(?<!\w)(?:clos(?:e|es|ed|ing|ure)|shut|ends?|ended|ending|expir\w+|until"
            r"|finish\w*|conclud\w+)(?!\w)",
        ),
        (
            r"高于|高出|超出|多出|贵|上回|高い|高く|(?<!\w)(?:over budget|above|dearer"
            r"|more expensive|exceed\w*)(?!\w)",
            r"低于|低出|节省|节约|便宜|下回|安い|安く|(?<!\w)(?:under budget|below|cheaper"
            r"|short of)(?!\w)",
        ),
        (
            r"提前|早于|(?<!\w)(?:ahead of|earlier)(?!\w)",
            r"推迟|延后|延期|延误|晚于|(?<!\w)(?:behind schedule|later than|delay\w*"
            r"|postpon\w*)(?!\w)",
        ),
    )
)
_BEHIND = 8  # characters that a word behind a figure is farther off than one before it
_NOT = re.compile(
    r"[未没無无]有?(?!来|关|论|锡|人机|线|数|疑|障碍)|并非|不(?![少仅但断同足到过久锈如得等一])"
    r"|否认|尚未|从未|ません|なかっ|ない|ず[、に]"
    r"|(?<!\w)(?:not|no|never|nor|neither|without|den(?:y|ies|ied)|failed to"
    r"|none|cannot|yet to|still to|unable to|untrue|false)(?!\w)"
    r"|n['’]t(?!\w)",
    re.IGNORECASE,
)
# Within a language these deny, too; between languages their counterparts are many.
_REFUSAL = re.compile(r"否决|拒绝|驳回|(?<!\w)(?:refus\w+|reject\w+)(?!\w)", re.IGNORECASE)
_NOT_LESS = re.compile(
    r"不(?:少|低|多|超|高)[于过]|no (?:less|more|fewer) than|not only|不仅|不但", re.IGNORECASE
)


def negation(clause: str) -> re.Match[str] | None:
    """The first word of an aligned clause that negates, not counting 不少于 and the like."""
    return _NOT.search(_NOT_LESS.sub(lambda match: "~" * len(match[0]), clause))


def denies(clause: str) -> re.Match[str] | None:
    """The first word of an aligned clause that negates or refuses."""
    return negation(clause) or _REFUSAL.search(clause)


def side(axis: int, text: str, at: int | None = None) -> int:
    """1 or -1 for the sides of `AXES[axis]` that a text is on, 0 where neither or both.

    Where it is on both, the one whose word is nearest to the character `at` counts, if that is
    given; a word before it rather than one behind it.
    """
    spans = [[m.span() for m in pattern.finditer(text)] for pattern in AXES[axis]]
    if not (spans[0] and spans[1]) or at is None:
        return bool(spans[0]) - bool(spans[1])
    near = [
        min(at - end if end <= at else start - at + _BEHIND for start, end in found)
        for found in spans
    ]
    return 1 if near[0] < near[1] else -1
