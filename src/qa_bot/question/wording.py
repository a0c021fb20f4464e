"""What a question asks for, and whom or what it names."""

from __future__ import annotations

import re

from qa_bot.text.chinese import align, name_spans, words
from qa_bot.text.languages import detect_language

__all__ = [
    "PROPER",
    "as_question",
    "asked_of",
    "day_asked_for",
    "names",
    "office_asked_of",
    "same_answer",
]

# What a search box is given instead of a question, by its end, and what makes it one. Written in
# simplified characters, as above.
_ASKS = re.compile(
    r"[谁几哪何吗么呢]|什么|多少|怎|是否|有无|能否|可否|多[大高长久远重宽深快]|[？?]"
    r"|^(?:请|介绍|说说|讲讲|谈谈|列出|列举|总结|概括|告诉)"
    r"|^(?:what|who|whom|whose|when|where|which|why|how|is|are|was|were|do|does|did|can|could|has"
    r"|have|had|will|would|should|name|list|tell)\b",
    re.IGNORECASE,
)
_KEYWORDS: tuple[tuple[str, str], ...] = (
    (r"(?:时间|日期|日子|时候|年份)", "是什么时候？"),
    (r"(?:地|地点|地址|位置|城市|路线|籍贯)", "是哪里？"),
    (
        r"(?:数|数量|人次|票房|金额|面积|价格?|费用?|长度|高度|总量|总额|销[量售额]|产[量值]"
        r"|增速|增幅|比例|率|[席额][位度]|吞吐量|发送量|收入|利润|投资|人口|排名|名次)",
        "是多少？",
    ),
    (
        r"(?:冠军|亚军|季军|得主|主演|导演|演员|作者|成员|人选|[市县区省部局院校馆会厂队]长"
        r"|书记|主席|总统|总理|首相|总裁|[人者手])",
        "是谁？",
    ),
)


_OFFICE = re.compile(
    r"(?P<whom>.{2,10}?)(?<![担现])(?:现在|目前)?"
    r"(?:(?:担任|现任|任|是)了?(?:什么|何|啥)(?:职务|职位|官职|职)|的职[务位]是(?:什么|啥))$"
)
_WHO = re.compile(r"谁是(?P<whom>.{2,4})$|(?P<who>.{2,4})是(?:谁|什么人|何人)$")


# English names, but for those that begin a sentence: Metro Line 2
PROPER = re.compile(r"(?<=[a-z,] )[A-Z][\w-]+(?: (?:[A-Z][\w-]+|\d+))*")
_POINTING = "这那哪该此某每各"  # "that book" is no name
_COUNTING = r"a-z\d〇零一二三四五六七八九十百千万亿两"  # runs of these are one word or number


_EDITION_OR_YEAR = re.compile(
    r"第[一二三四五六七八九十百\d]+[届期批次号]"
    r"|(?<![月\d第一二三四五六七八九十百])[一二三四五六七八九十\d]+(?:[届期批](?!间|待|评)|号线)"
    r"|(?:19|20)\d\d(?=年)"
)

_WHEN = re.compile(
    r"什[么麼][时時]候|何[时時日]|哪一?[天年日]|[几幾][月号號]|いつ|\bwhen\b", re.IGNORECASE
)
_DAY = re.compile(
    r"(?:(?:(?:19|20)\d\d年)?\d{1,2}月(?:\d{1,2}[日号號])?|(?:19|20)\d\d年)(?:[初底末中]|(?:[上下中]午|凌晨|早上|晚上?|傍晚)?"
    r"(?:\d{1,2}(?:[:：]\d\d|[时時点點](?:\d{1,2}分|半)?))|[上下中]午|凌晨|早上|晚上?|傍晚)?"
    r"(?:[至到—–-](?:\d{1,2}月)?\d{1,2}[日号號])?(?:以?[前后後]|起|左右)?"
)
_CLAUSE = 4  # characters besides the day


def day_asked_for(question: str, answer: str) -> tuple[int, int] | None:
    """Where in `answer`, a clause, the one day stands that a question asks for; else None."""
    if not _WHEN.search(question):
        return None
    days = list(_DAY.finditer(answer))
    if len(days) != 1 or len(answer) - len(days[0][0]) < _CLAUSE:
        return None
    return days[0].span()


def as_question(text: str) -> str:
    """`text`; or, where it asks for nothing in so many words ("2024年书展时间"), a question of it.

    The reader was trained on questions, and believes less of what keywords find. It also finds
    what stands before a name ("馆长何知微") better when that is asked for as it stands there.
    """
    bare = text.strip().rstrip("。.!！ ")
    plain = align(bare)
    if whom := _office_of(plain.rstrip("？?")):
        return f"什么职务的{bare[slice(*whom)]}？"
    if not plain or _ASKS.search(plain):
        return text
    language = detect_language(plain)
    if language == "en":
        return f"What is {bare}?"
    if not language.startswith("zh"):
        return text
    if not re.search(r"[\w」』》”）]$", plain):
        return text
    return bare + (asked_of(plain) or "是什么？")


def asked_of(noun: str) -> str:
    """What asks for a Chinese `noun` that has a kind of its own, a price or a place; else ""."""
    plain = align(noun)
    return next((asks for ending, asks in _KEYWORDS if re.search(rf"{ending}$", plain)), "")


def _office_of(plain: str) -> tuple[int, int] | None:
    """Whose office a question asks for, as a slice of it; None if it asks for something else."""
    if match := _OFFICE.match(plain):
        return match.span("whom")
    if match := _WHO.match(plain):
        group = "whom" if match["whom"] else "who"
        if words(match[group])[0].tag == "nr":  # of rare names the tagger knows the beginning only
            return match.span(group)
    return None


def names(question: str) -> list[str]:
    """Names of persons, places and bodies, ordinals, years and days of a Chinese `question`.

    In simplified characters and half width, as `align` gives them. Of an English question what is
    written with capitals, but for its first word.
    """
    text = align(question)
    if detect_language(text) == "en":
        return [*re.findall(r"[\u3400-\u9fff·]{2,}", text), *PROPER.findall(text)]
    return [
        *(text[a:b] for _, a, b in name_spans(question) if text[a] not in _POINTING),
        *_EDITION_OR_YEAR.findall(text),
        *(f"{month}月{day}日" for month, day in re.findall(r"(\d+)月(\d+)[日号]", text)),
    ]


def office_asked_of(question: str) -> str:
    """The person whose office `question` asks for, as `align` gives it; "" if it does not."""
    plain = align(question.strip().rstrip("。.!！ ？?"))
    whom = _office_of(plain)
    return plain[slice(*whom)] if whom else ""


def same_answer(one: str, other: str) -> bool:
    """Whether two bare answers say the same, one perhaps more fully: 8月9日 and 2024年8月9日.

    A number is never part of another: 5 is not 35.
    """
    short, long = sorted((_plain(one), _plain(other)), key=len)
    if not short:
        return False
    left = rf"(?<![{_COUNTING}.,])" if re.match(f"[{_COUNTING}]", short) else ""
    right = rf"(?![{_COUNTING}.,])" if re.search(f"[{_COUNTING}]$", short) else ""
    return re.search(left + re.escape(short) + right, long) is not None


def _plain(answer: str) -> str:
    return "".join(align(answer).casefold().split())
