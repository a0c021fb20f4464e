"""Whether a bare answer is of the kind that a fact asks for: a time, a number, a person."""

from __future__ import annotations

import re

from qa_bot.text.chinese import align, name_spans, words
from qa_bot.text.languages import detect_language
from qa_bot.text.moments import moments_in

__all__ = ["counts_in_unit", "echoes", "fits", "has_kind_asked", "unit_asked_for"]

_NUMERAL = re.compile(
    r"\d|[〇零一二两三四五六七八九十百千万亿半几数]"
    r"|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty(?:-\w+)?|dozens?|hundreds?"
    r"|thousands?|million|billion|half|twice|no|none|several)\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\d|[年月日号时点晚早午夜晨周昨今明前后初底末]|星期|世纪"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)[a-z]*\b"
    r"|\b(?:yesterday|today|tomorrow|tonight|week|month|year|morning|evening|night|century)\b"
    r"|spring|summer|autumn|winter",
    re.IGNORECASE,
)
_SCORE = re.compile(r"\d|[一二两三四五六七八九十零]|胜|负|平")
_UNIT = re.compile(r"[几](?P<unit>[\u3400-\u9fff])")
_MONEY = re.compile(
    r"[元圆圓块角钱円원$€£¥￥₩₽]|[\d百千万亿兆](?![\d.,]*\s*[^\W\d_])|法郎|英镑|卢布"
    r"|\b(?:yuan|rmb|cny|yen|usd|dollars?|cents?|euros?|eur|pounds?|pence|francs?|rubles?|won|marks?"
    r"|million|billion|free|nothing)\b|免费|無料|无偿",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(r"[一两二三四五六七八九十\d][名位]|[A-Za-z]{2}")
_CHOICE = re.compile(
    r"还是|或者|哪|谁|和|跟|与|及|、|どちら|\b(?:or|which|whether|who|and)\b", re.IGNORECASE
)
_SHORT = 30  # characters of an answer to who, when, where or how many
_UNITS_ALIKE = {"名": "人位", "位": "人名", "人": "名位口", "天": "日", "号": "日", "点": "时"}
# every sentence counts something so, or in other words, or lists them: 疫苗有几种
_COUNTS_NOTHING = "个点次种类样项"
_MEASURES = "qntm"  # parts of speech of units


def fits(asks: str, answer: str) -> bool:
    """Whether `answer` can be what a question asks for.

    `asks` is what `qa_bot.question.kinds` tells a fact to ask for. In doubt it fits.
    """
    plain = align(answer)
    if asks in _TESTS and not _TESTS[asks].search(plain):
        return False
    if asks in _AMOUNTS and _is_day(plain):
        return False
    return asks not in _NEVER_CLAUSES or not _is_clause(plain)


def echoes(question_plain: str, answer: str) -> bool:
    """Whether `answer` says nothing but what the aligned question has, and lets nobody choose."""
    said = align(answer).casefold().strip()
    return bool(said) and said in question_plain.casefold() and not _CHOICE.search(question_plain)


def has_kind_asked(asks: str, question_plain: str, sentence: str) -> bool:
    """Whether a whole `sentence` has a time, number or name, as asked, that the question has not.

    `asks` as in `fits`. In doubt it has.
    """
    plain = align(sentence)
    for told in sorted(re.findall(r"[\d.,]*\d|[A-Z]\w+", question_plain), key=len, reverse=True):
        plain = plain.replace(told, " ")
    if asks != "person":
        return asks not in _TESTS or _TESTS[asks].search(plain) is not None
    if plain.isascii():
        return re.search(r"[\w,] [A-Z]\w+|^\W*[A-Z]\w+ [A-Z]|\ban? \w", plain) is not None
    if not detect_language(plain).startswith("zh"):
        return True
    named = [plain[a:b] for _, a, b in name_spans(plain)]
    return any(name not in question_plain for name in named) or _SOMEBODY.search(plain) is not None


def counts_in_unit(question_plain: str, sentence: str) -> bool:
    """Whether the aligned `sentence` has a number of the unit that a question counts in, if any."""
    unit = unit_asked_for(question_plain)
    if not unit:
        return True
    units = unit + _UNITS_ALIKE.get(unit, "")
    return re.search(rf"[\d一二两三四五六七八九十百千万亿多余几][{units}]", sentence) is not None


def unit_asked_for(question_plain: str) -> str:
    """The unit that an aligned question counts in: 岁 of 今年几岁; "" where it names none."""
    match = _UNIT.search(question_plain)
    if match is None or match["unit"] in _COUNTS_NOTHING:
        return ""
    return match["unit"] if words(match["unit"])[0].tag[0] in _MEASURES else ""


def _is_day(plain: str) -> bool:
    """Whether an answer is one day and nothing else, which is no amount: 8月9日, not 8月9日至11日.

    A day without its month (9日) may be an amount as well.
    """
    moments = moments_in(plain)
    if len(moments) != 1 or moments[0].kind != "day" or moments[0].value.startswith("---"):
        return False
    return not _NUMERAL.search(plain[: moments[0].start] + plain[moments[0].end :])


def _is_clause(plain: str) -> bool:
    """Whether an answer is a whole clause with a verb, longer than a name or a number is."""
    if len(plain) <= _SHORT or plain.isascii():
        return False
    return any(tag == "v" for _, tag in words(plain))


_AMOUNTS = ("duration", "quantity", "percentage", "money", "score")
_NEVER_CLAUSES = ("person", "time", "percentage", "score", "duration", "place", "money")
_TESTS = {
    "money": _MONEY,
    "time": _TIME,
    "duration": _NUMERAL,
    "quantity": _NUMERAL,
    "percentage": _NUMERAL,
    "score": _SCORE,
}
