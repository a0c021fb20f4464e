"""What kind of answer a question asks for, and where a sentence holds one of that kind."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Literal

import rjieba

from qa_bot.terms import simplify

__all__ = ["AnswerKind", "align", "answer_kind", "candidates", "names"]

AnswerKind = Literal[
    "money", "percent", "number", "date", "year", "time", "person", "place", "quoted",
    "reason", "list", "other",
]  # fmt: skip

# In this order: the first that matches a question names its kind. Chinese patterns are written in
# simplified characters; questions are simplified before they are matched.
_QUESTION_KINDS: tuple[tuple[AnswerKind, str], ...] = (
    (
        "reason",
        r"为什么|为何|原因|何故|怎么会|なぜ|理由|\bwhy\b|\breason|warum|pourquoi|왜",
    ),
    (
        "money",
        r"多少(?:万|亿)?(?:钱|元|块|美元|欧元|日元|港元|资金|经费|费用|预算|投资)"
        r"|什么价|价格是|票价|几(?:块钱|元)"
        r"|(?:金额|总额|造价|投资|预算|奖金|工资|价格|拨款)[^，。]{0,6}(?:是|为|有)?多少"
        r"|いくら|何円"
        r"|how much (?:money|did|does|will|was|were|is|are)|\b(?:price|cost|fee|budget)\b"
        r"|wie ?viel (?:geld|kostet|euro)|wie teuer"
        r"|combien (?:d'argent|coûte)|prix|얼마",
    ),
    (
        "percent",
        r"百分之(?:多少|几)|百分比|占比|比例"
        r"|(?:增长|下降|上升|提高|增幅|降幅|增速|率)[^，。]{0,4}多少"
        r"|何(?:パーセント|％|割)|percent|per cent|prozent|pourcentage",
    ),
    ("year", r"哪一?年|何年|what year|which year|welche[mns]? jahr|quelle année|몇 ?년"),
    (
        "time",
        r"几点|何时开|何時から|what time|wie viel uhr|um wie viel|quelle heure|몇 ?시",
    ),
    (
        "date",
        r"什么时候|何时|哪(?:一)?[天日月]|几月|几号|日期|何日|何月|いつ|星期几|周几"
        r"|\bwhen\b|\b(?:what|which) (?:date|day)|\bwann\b|\bquand\b|\bcuándo\b|언제",
    ),
    (
        "number",
        r"多少|几(?!乎)|多大|多高|多长|多远|多重|多久|何人|何[件本校台名回歳歳点メ]"
        r"|いくつ|どのくらい|どれくらい"
        r"|how (?:many|much|long|far|old|tall|high|big|large)|\bnumber of"
        r"|wie ?(?:viele?|lange?|hoch|groß)|\bcombien\b|cuántos|몇",
    ),
    (
        "person",
        r"谁|哪(?:一)?位|何人|什么人|叫什么名字|姓名|だれ|誰|どなた"
        r"|\bwho\b|\bwhom\b|\bwhose\b|\bwer\b|\bwem\b|\bqui\b|\bquién|누구|누가",
    ),
    (
        "list",
        r"哪些|哪(?:两|几|二|三|四|五|六|七|八|九|十)|分别|有什么|どの[三四五]つ"
        r"|which (?:two|three|four|five)|\bwhat are\b|\bname the\b|\blist\b"
        r"|welche (?:zwei|drei|vier)|quels sont|어떤 것들",
    ),
    (
        "place",
        r"哪里|哪儿|何处|什么地方|地点|在哪"
        r"|哪(?:个|座|条)?(?:城市|地方|区|县|镇|村|街|路|国家|省)|どこ"
        r"|\bwhere\b|\bwo\b|\bwohin\b|\boù\b|\bdónde\b|어디",
    ),
    (
        "quoted",
        r"主题|口号|名称|叫(?:做)?什么|书名|片名|题目|标题|テーマ"
        r"|\b(?:theme|slogan|title|name) of\b|called|\bthema\b|\bmotto\b|\bthème\b",
    ),
)

_DIGITS = (
    r"(?:\d+(?:[,，]\d{3})*(?:\.\d+)?"
    r"|[〇零一二三四五六七八九十百千两半]+(?=[万亿元人名个家所项年月日天岁次条位座辆米公吨亩户%％]))"
)
_SCALE = r"(?:\s?[余多])?\s?(?:百|千|万|亿|million|billion|thousand|Millionen|Milliarden)*[余多]?"
_NUMBER = _DIGITS + _SCALE
_CURRENCY = (
    r"(?:人民币)?"
    r"(?:元|美元|欧元|日元|港元|英镑|块钱|円|ドル|yuan|RMB|dollars?|euros?|yen|pounds?)"
)
# A number with 月, 日 or 号 behind it is part of a date, and so is a bare year.
_UNIT = (
    r"(?:平方米|平方公里|立方米|公里|千米|公斤|公顷|小时|分钟|个百分点|个月|人次"
    r"|[人名位家所个项条座次辆台套件只张本部份户栋层间米亩吨度岁年天周秒届期场支种类门艘架头棵株]"
    r"|[路号](?=[、，。和线楼车])|[段章篇幅首册卷箱袋斤克升元]|[%％℃回]"
    r"|[ -]?[A-Za-zÀ-ÿ]+)?"
    r"(?![\d月日])"
)
_NO_YEAR = r"(?!(?:19|20)\d\d(?:年|(?![.,]?\d)\s?(?![人名位家所个项条座次辆台套件米亩吨元万亿])))"
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_DATE = (
    r"(?:(?:\d{4}|今|去|明|前|昨)年)?\d{1,2}月(?:(?:\d{1,2}[日号])|[上中下]旬|底|初)?"
    r"(?:(?:至|到|—|-|－|~|～)(?:\d{1,2}月)?\d{1,2}[日号])?"
    r"|\d{1,2}[-—至到]\d{1,2}月份?"
    r"|\d{4}年(?:[春夏秋冬]季?|年?底|[上下]半年)?|\d{1,2}[日号](?!报)"
    rf"|{_MONTH} \d{{1,2}}(?!\d)(?:st|nd|rd|th)?(?:, \d{{4}})?"
    rf"|\d{{1,2}} {_MONTH}(?: \d{{4}})?|{_MONTH} \d{{4}}"
    r"|[昨今明][天日]|前天|[上本]周[一二三四五六日]?|(?:星期|周)[一二三四五六日]"
    r"|[月火水木金土日]曜日?"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|yesterday|\b(?:19|20)\d\d\b"
)
_TIME = (
    r"(?:上午|下午|晚上?|凌晨|中午|午前|午後|早上?)?"
    r"\d{1,2}(?:[:：]\d\d|[时点時](?:\d{1,2}分|半|整)?)"
    r"|\d{1,2}(?::\d\d)? ?[ap]\.?m\.?"
)
_LATIN_NAME = (
    r"(?:[A-ZÀ-Þ][A-Za-zÀ-ÿ'’.-]+)(?: (?:de|van|von|of|the|der|di|la))?"
    r"(?: [A-ZÀ-Þ][A-Za-zÀ-ÿ'’.-]+)+"
)

_SPAN_PATTERNS: dict[str, re.Pattern[str]] = {
    "money": re.compile(rf"[$€£¥￥]\s?{_NUMBER}|{_NUMBER}\s?{_CURRENCY}"),
    "percent": re.compile(
        r"百分之[\d一二三四五六七八九十点.]+"
        rf"|{_DIGITS}\s?(?:%|％|个百分点|成|割|per ?cent|Prozent|倍)"
    ),
    "number": re.compile(rf"(?<![\d.]){_NO_YEAR}{_NUMBER}\s?{_UNIT}"),
    "date": re.compile(_DATE),
    "year": re.compile(r"\d{4}年|\b(?:1\d|20)\d\d\b"),
    "time": re.compile(_TIME),
    "quoted": re.compile(r"[“「『《\"][^”」』》\"]{2,40}[”」』》\"]"),
}


def answer_kind(question: str) -> AnswerKind:
    """The kind of answer that `question` asks for; `other` when nothing tells."""
    text = align(question)
    for kind, pattern in _QUESTION_KINDS:
        if re.search(pattern, text, re.IGNORECASE):
            return kind
    return "other"


def candidates(kind: AnswerKind, sentence: str) -> list[tuple[int, int]]:
    """[start, end) of what in `sentence` could be an answer of this kind, left to right."""
    text = align(sentence)
    if kind == "person":
        return [*_tagged(text, "nr"), *_named(text)]
    if kind == "place":
        return [*_tagged(text, "ns", "nt", "nz"), *_named(text)]
    pattern = _SPAN_PATTERNS.get(kind)
    return [m.span() for m in pattern.finditer(text)] if pattern else []


def names(question: str) -> list[str]:
    """Names of persons, places and bodies, ordinals and years that a Chinese `question` holds.

    In simplified characters and half width, as `align` gives them.
    """
    text = align(question)
    spans = [*_tagged(text, "nr"), *_tagged(text, "ns"), *_tagged(text, "nt")]
    found = [text[a:b] for a, b in spans if b - a > 1]
    return [
        *found,
        *re.findall(r"第[一二三四五六七八九十百\d]+[届期批次号]|(?:19|20)\d\d(?=年)", text),
    ]


def align(text: str) -> str:
    """`text` in simplified characters and half width where that keeps every offset."""
    narrow = "".join(
        n
        if len(n := unicodedata.normalize("NFKC", c)) == 1 and c not in "“”‘’，：；！？（）"
        else c
        for c in text
    )
    simplified = simplify(narrow)
    return simplified if len(simplified) == len(text) else narrow


def _tagged(text: str, *tags: str) -> Iterator[tuple[int, int]]:
    """Words of these parts of speech; neighbours that were cut apart come as one."""
    at = 0
    open_start = -1
    for word, tag in rjieba.tag(text):
        if tag.startswith(tags):
            open_start = at if open_start < 0 else open_start
        elif open_start >= 0:
            yield open_start, at
            open_start = -1
        at += len(word)
    if open_start >= 0:
        yield open_start, at


def _named(text: str) -> Iterator[tuple[int, int]]:
    return (m.span() for m in re.finditer(_LATIN_NAME, text))
