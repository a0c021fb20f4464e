"""Which way a figure goes: from, to or by how much; up or down; each day or each week."""

from __future__ import annotations

import re

from qa_bot.llm.figure import Figure
from qa_bot.llm.polarity import AXES, side
from qa_bot.text.moments import Moment
from qa_bot.text.quantities import Quantity

__all__ = ["Role", "goes_against", "role"]

_SPAN = 2  # the axis of opening and closing

Role = str
"""What a quantity is of a change: "from", "to", "by", or "" where nothing tells."""

_PERIOD = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"每[天日]|日均|\b(?:daily|(?:a|per|every|each) day)\b|毎日|1日",
        r"每周|周均|\b(?:weekly|(?:a|per|every|each) week)\b|毎週",
        r"每月|月均|\b(?:monthly|(?:a|per|every|each) month)\b|毎月",
        r"每年|年均|\b(?:yearly|annual(?:ly)?|(?:a|per|every|each) year)\b|毎年",
    )
]
# What may stand between a word of change and its amount.
_ABOUT = (
    r"(?:约|近|超过?|逾|大约|将近|接近|足足|整整|仅|只|"
    r" ?(?:about|around|nearly|almost|over|just|only|some|more than|an average of|up to))?"
)
_CURRENCY = r"\s?(?:US|HK|NT|A|C)?[$£€¥]?(?:人民币|RMB ?)?$"
_CHANGED = (
    r"增[加长多添]|递增|上[升涨调浮]|提[高升前]|涨|升|减少?|下[降跌滑调浮]|降低?|缩[短减]|压缩"
    r"|跌|回落|收窄|扩大"
    r"|增幅|降幅|涨幅|跌幅|幅度|延长|推迟|加[快长宽]|节[省约]|超出|[多少高低快慢][了出]|相差"
)
_THAN = r"[比较][^，。]{0,16}[多少快慢高低贵宜长短早晚差]"
_BY = re.compile(
    rf"(?:(?:(?:{_CHANGED})[了出]?(?:为|达到?|是)?|{_THAN}了?){_ABOUT}"
    rf"|\bby{_ABOUT} ?(?:a |an )?"
    r"|\b(?:ro?se|risen|rises|rising|rise of|up|down|fell|fallen|falls|fall of|grew|grown"
    r"|growth of|gain(?:s|ed)?(?: of)?"
    r"|drop(?:s|ped)?(?: of)?|increas(?:e|es|ed)(?: of)?|declin(?:e|es|ed)(?: of)?|decreas(?:e"
    r"|es|ed)(?: of)?"
    r"|climb(?:s|ed)?|jump(?:s|ed)?(?: of)?|surg(?:e|es|ed)|slid|slump(?:s|ed)?|shrank|los(?:t"
    r"|es)|added|shed|saved?"
    rf"|difference of|cut of|reduction of)(?: further)?{_ABOUT} ?(?:a |an )?|より{_ABOUT})"
    + _CURRENCY,
    re.IGNORECASE,
)
_BY_BEHIND = re.compile(
    r"[ -]?(?:percent(?:age)?[- ]points? )?(?:more\b|fewer\b|less\b|higher|lower|shorter|longer"
    r"|cheaper|dearer|larger|smaller|bigger"
    r"|faster|slower|earlier|later|older|younger|increase|rise|drop|fall|decline|cut|off\b"
    r"|reduction|gain|jump|growth|better|worse"
    r"|under budget|over budget|above|below|ahead|behind|short of)"
    r"|の?(?:[增増减減]|上升|上昇|低下|下落|值上|值下|値上|値下|高い|安い|高く|安く|多い|多く"
    r"|少な|上回|下回|短|长く)"
    r"|的(?:增幅|降幅|涨幅|跌幅|差距)",
    re.IGNORECASE,
)
_TO = re.compile(
    rf"(?:(?<!达)[至到](?=[^，。]{{0,6}}$)|达到?|为|升至|降至|(?<!\w)to|reach(?:es|ed|ing)?"
    rf"|stood at|stands at|now|total(?:s|ed|ling)?){_ABOUT} ?" + _CURRENCY,
    re.IGNORECASE,
)
_TO_BEHIND = re.compile(
    r",? (?:up|down) from\b|に(?:[增増减減]|上|下|伸|な|达|拡|缩|改)|へ(?:と)?(?:引き"
    r"|[增増减減上下])|と[^，。、]{0,4}の[^，。、]{0,12}から",
    re.IGNORECASE,
)
_SHARE_TO = re.compile(r"[至到]|,? to ")  # 6 percent to 318 million
_FROM = re.compile(
    rf"(?:[由从自](?:[^，。至到]{{0,8}}的)?|原定|原来的?|原先的?|(?<!\w)from|compared with"
    rf"|against){_ABOUT} ?(?:the |a )?" + _CURRENCY,
    re.IGNORECASE,
)
_FROM_BEHIND = re.compile(r"から(?!の)|(?<=[\d元円])より")
_CHANGE = re.compile(
    r"[增増减減]|升|降|涨|跌|缩|扩|多|少|高|低|提|调|快|慢|长|短|省|差|超|幅|早|晚|贵|便宜|收窄"
    r"|加|安|上|下|伸|折|割引"
    r"|\b(?:ris|ro?se|fell|fall|increas|decreas|declin|drop|cut|reduc|rais|grow|grew|more|less"
    r"|fewer|up\b|down\b"
    r"|than|by\b|differ|short|long|cheap|saved?|add|gain|los[st]|under|over|above|below|hik"
    r"|climb|jump|surg|shr[aiu]nk"
    r"|doubl|halv|tripl|change|expand|widen|narrow|off\b|discount)",
    re.IGNORECASE,
)


def role(figure: Figure) -> Role:
    """Whether a quantity is what something changed from, what to, or by how much."""
    what = figure.what
    if not isinstance(what, Quantity) or what.dimension in ("ordinal", "score", "age"):
        return ""
    before = figure.text[max(0, what.start - 24) : what.start].split("，")[-1]
    behind = figure.text[what.end : what.end + 28]
    if _FROM.search(before) or _FROM_BEHIND.match(behind):
        return "from"
    if _TO_BEHIND.match(behind):
        return "to"
    if _BY.search(before) or _BY_BEHIND.match(behind):
        return "by"
    if what.dimension in ("share", "points") and not what.side and _SHARE_TO.match(behind):
        return "by"
    return "to" if _TO.search(before) else ""


def goes_against(one: Figure, other: Figure) -> bool:
    """Whether what the source says of its figure rules out what the sentence says of the same."""
    if _other_side(one, other):
        return True
    a, b = one.what, other.what
    if isinstance(a, Quantity) and isinstance(b, Quantity):
        ours, theirs = role(one), role(other)
        if ours and theirs and ours != theirs:
            return True
        if ours == "by" and not theirs and not _CHANGE.search(other.clause):
            return True  # a level is no change
        if a.bound * b.bound < 0 and a.value == b.value:
            return True
    each = [{i for i, p in enumerate(_PERIOD) if p.search(f.clause)} for f in (one, other)]
    return bool(each[0] and each[1] and not each[0] & each[1])


def _other_side(one: Figure, other: Figure) -> bool:
    for axis in range(len(AXES)):
        ours, theirs = _side(axis, one), _side(axis, other)
        if axis == _SPAN:
            if not isinstance(one.what, Moment):
                continue
            theirs = _side(axis, other, alone=True) or _place_in_span(other)
            ours = _side(axis, one, alone=True) if not _place_in_span(one) else 0
        if ours and theirs and ours != theirs:
            return True
    return False


def _side(axis: int, figure: Figure, *, alone: bool = False) -> int:
    """The side of the clause; of the sentence, unless the clause stands `alone`, if it has none."""
    found = side(axis, figure.clause, figure.what.start - figure.at)
    return found or (0 if alone else side(axis, figure.sentence))


def _place_in_span(figure: Figure) -> int:
    """1 for the first day of a span, -1 for its last, 0 for a day by itself."""
    if not isinstance(figure.what, Moment):
        return 0
    before = figure.text[max(0, figure.what.start - 4) : figure.what.start]
    if re.search(r"[至到~～–-]\s?$|\bto (?:the )?$|から$", before) and re.search(r"\d", before):
        return -1
    behind = figure.text[figure.what.end :][:8]
    return 1 if re.match(r"\s?(?:至|到|~|～|–|-|から|to )\s?\d", behind) else 0
