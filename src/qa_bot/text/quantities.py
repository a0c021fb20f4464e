"""What a text measures and counts: numbers with their unit, sign and comparison, in one form.

`1.1亿元`, `110 million yuan` and `RMB 110m` are one quantity, and so are `三成`, `30%` and, of what
has doubled, `翻一番` and `增长一倍`. Units of one dimension are turned into its base unit; yuan,
dollars and yen are different dimensions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from qa_bot.text.numerals import Number, chinese_number, find_numbers, number_value

__all__ = ["STRONG", "Quantity", "quantities_in"]


class Quantity(NamedTuple):
    """A quantity at [start, end) of a text, its unit included.

    `value` is in the base unit of its `dimension`: a share is at most 1 where it is of a whole,
    `times` is how many times as much; "ordinal" counts places, "score" has both sides' points in
    `value` and `other`; "" is a number that only counts. `noun` is the unit or noun as written.
    `bound` is 1 for `more than`, -1 for `less than`; `about` tells that it is rounded.
    """

    value: Decimal
    dimension: str
    start: int
    end: int
    noun: str = ""
    bound: int = 0
    about: bool = False
    other: Decimal = Decimal(0)


# Behind a number: what it measures in, and how many base units one is. The longer ones first.
_UNITS: tuple[tuple[str, str, str], ...] = (
    (r"个?百分点|percentage[- ]points?|ポイント", "points", "1"),
    (r"个?基点|basis points?|bps?\b", "points", "0.01"),
    (r"平方公里|平方千米|square (?:kilomet(?:re|er)s?|km)|sq ?km|km²", "area", "1000000"),
    (r"平方英里|square miles?", "area", "2589988"),
    (r"平方米|平米|平方公尺|square met(?:re|er)s?|m²|㎡", "area", "1"),
    (r"公顷|hectares?|ha\b|ヘクタール", "area", "10000"),
    (r"亩", "area", "666.67"),
    (r"acres?", "area", "4046.86"),
    (r"立方米|立方公尺|cubic met(?:re|er)s?|m³", "volume", "1"),
    (r"公里|千米|kilomet(?:re|er)s?|km\b|キロ(?:メートル)?(?!グ)", "length", "1000"),
    (r"英里|miles?\b", "length", "1609.34"),
    (r"厘米|公分|centimet(?:re|er)s?|cm\b|センチ", "length", "0.01"),
    (r"毫米|millimet(?:re|er)s?|mm\b|ミリ", "length", "0.001"),
    (r"feet\b|foot\b|ft\b|英尺", "length", "0.3048"),
    (r"米(?!ドル)|公尺|met(?:re|er)s?\b|m\b(?!illion)|メートル", "length", "1"),
    (r"公斤|千克|kilograms?|kilos?\b|kg\b|キログラム", "weight", "1"),
    (r"吨|tonnes?|tons?\b|トン|톤", "weight", "1000"),
    (r"斤", "weight", "0.5"),
    (r"克|grams?\b|g\b", "weight", "0.001"),
    (r"美元|米ドル|ドル|美金|달러|(?:US )?dollars?|USD", "dollar", "1"),
    (r"港元|港币|HKD", "hkd", "1"),
    (r"欧元|ユーロ|유로|euros?|EUR\b", "euro", "1"),
    (r"英镑|ポンド|pounds? sterling|pounds?\b|GBP|quid\b", "pound", "1"),
    (r"日元|円|엔|yen\b|JPY", "yen", "1"),
    (r"卢比|ルピー|rupees?|INR", "rupee", "1"),
    (r"韩元|ウォン|원|won\b(?! )|KRW", "won", "1"),
    (r"卢布|roubles?|rubles?|RUB", "rouble", "1"),
    (r"元|人民币|块钱?|人民元|위안|yuan\b|RMB|CNY|renminbi", "yuan", "1"),
    (r"角", "yuan", "0.1"),
    (r"个半小时|個半小時", "minutes", "60"),
    (r"小时|个钟头|钟头|時間|시간|hours?\b|hrs?\b", "minutes", "60"),
    (r"分钟|分鐘|分間|minutes?\b|mins?\b", "minutes", "1"),
    (r"秒钟?|秒間|seconds?\b", "minutes", "0.016667"),
    (r"个?星期|个?礼拜|周(?!年|岁|末)|週間?|weeks?\b", "days", "7"),
    (r"天|日間|日(?!元)|일|(?:straight |consecutive )?days?\b", "days", "1"),
    (r"个(?:多|半)?月|か月|カ月|ヶ月|months?\b", "months", "1"),
    (r"个?季度|quarters\b", "quarters", "1"),
    (r"世纪|centur(?:y|ies)\b", "years", "100"),
    (r"decades?\b", "years", "10"),
    (r"周?岁|歳|years? old|year-olds?|years? of age", "age", "1"),
    (r"周?年(?:间|来|内)?|年間|년|years?\b", "years", "1"),
    (r"摄氏度|°C|℃|degrees? Celsius|度|degrees?\b|°", "degrees", "1"),
    (r"倍", "times", "1"),
    (r"-?fold\b|times\b", "times", "1"),
    (r"人次|[人名位口員명]|people\b|persons?\b", "person", "1"),
)
_UNIT = [(re.compile(rf"[ -]?(?:{words})", re.I), dim, Decimal(n)) for words, dim, n in _UNITS]
_BEFORE = re.compile(
    r"(?P<dollar>(?:US|A|C|NZ|(?<!HK))\$)\s?$|(?P<hkd>HK\$)\s?$|(?P<euro>€|EUR )\s?$"
    r"|(?P<pound>£)\s?$|(?P<rupee>₹|Rs\.? ?)$|(?P<won>₩)$|(?P<yuan>RMB ?|CNY ?|人民币)\s?$"
    r"|(?P<money>[¥￥])\s?$"
)
_SHORT_SCALE = re.compile(r"\s?(?P<scale>bn|mn?|k|tn)\b", re.I)
_SCALES = {"k": 3, "m": 6, "mn": 6, "bn": 9, "tn": 12}
_NEGATIVE = re.compile(
    r"(?:零下|负|氷点下|マイナス|영하|minus |(?<![\d\w年月日至到%℃度])[-−–])\s?$", re.I
)
_BELOW_ZERO = re.compile(r"\s?(?:[a-z°]+ )?below (?:zero|freezing)", re.I)
_MORE = re.compile(
    r"(?:超过?|逾|突破|多于|高于|大于|不少于|不低于|至少|过|more than|over|above|at least"
    r"|no (?:less|fewer) than|exceed\w*|upwards of|以上の?)\s?(?:了)?$",
    re.I,
)
_MORE_BEHIND = re.compile(r"\s?(?:以上|多|余|or (?:more|above)|を超え|を上回)")
_LESS = re.compile(
    r"(?:不到|不足|少于|低于|小于|未满|不超过|至多|最多|less than|fewer than|under|below"
    r"|no more than|at most|up to)\s?(?:a )?$",
    re.I,
)
_LESS_BEHIND = re.compile(r"\s?(?:以下|以内|未満|足らず|or (?:less|fewer))")
_ABOUT = re.compile(
    r"(?:约|大约|大概|近|将近|接近|左右|上下|约为|(?<![a-z])(?:about|around|some|roughly"
    r"|approximately|nearly|almost|close to|circa))\s?(?:a )?$|(?:およそ|約|ほぼ)$",
    re.I,
)
_ABOUT_BEHIND = re.compile(r"\s?(?:左右|上下|多|余|前後|or so|ほど|程度)")
_MORE_BY = re.compile(r"(?:增长|增加|提高|上升|高出|多出?|涨|增)了?(?:近|约|超过?)?$")

# Words that are numbers of a dimension by themselves.
_WORDS: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (re.compile(pattern, re.I), dimension, value)
    for pattern, dimension, value in (
        (r"翻了?两番|quadrupl(?:ed?|ing)|four ?fold", "times", "4"),
        (r"翻了?(?:一)?番|倍増|doubl(?:ed|ing)|twice as|twofold|(?<!\w)doubles?\b", "times", "2"),
        (r"tripl(?:ed?|ing)|trebl(?:ed?|ing)|threefold|三倍に", "times", "3"),
        (r"halv(?:ed?|ing)|减半|腰斩|半減", "share", "0.5"),
        (r"(?<![个個])半小时|半个小时|半个?钟头|half an hour|half-hour", "minutes", "30"),
        (r"半个月|half a month", "days", "15"),
        (r"半年(?!报|度)|half a year", "months", "6"),
        (r"一半|半数|过半|半分(?!钟)|(?<!and a )(?<!first )(?<!second )\bhalf\b"
         r"(?= (?:of|the|are|were|have|had|a)\b|[.,;]|$)", "share", "0.5"),
        (r"\bthree[- ]quarters? of\b", "share", "0.75"),
        (r"\b(?:a|one)[- ]quarter\b", "share", "0.25"),
        (r"\ba dozen\b|一打|\bdozen\b", "", "12"),
        (r"\b(?:both|a pair of|a couple of)\b|双方|[双两](?=[国校人方市县省队党岸会])", "", "2"),
        (r"\ba decade\b", "years", "10"),
        (r"\ba century\b", "years", "100"),
        (r"\ba (?:hundred)\b", "", "100"),
    )
)  # fmt: skip
_DOZENS = re.compile(r"\b(?P<n>[a-z]+|\d+) dozen\b", re.I)
_PARTS = {"third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7}
_PARTS |= {"eighth": 8, "ninth": 9, "tenth": 10}
_FRACTION = re.compile(
    rf"\b(?P<n>a|an|one|two|three|four|five|six|seven|eight|nine)[- ]"
    rf"(?P<part>{'|'.join(_PARTS)})(?P<s>s)?\b(?P<after>(?= of| to\b| more| less|[.,;]|$))?",
    re.I,
)
_POINTS = "[0-9]{1,3}|[零一二三四五六七八九十]{1,3}"
_SCORE = re.compile(
    rf"(?<![\d.:-])(?:(?P<a>{_POINTS})\s?[比:]\s?(?P<b>{_POINTS})(?![\d.:比如较])"
    r"|(?<=[a-z] )(?P<c>\d{1,2})[-–](?P<d>\d{1,2})"
    r"(?=[.,;)]|$| (?:and|win|victory|loss|defeat|draw|on|at|in|against|over|to)\b))"
)
_LABEL = re.compile(
    r"(?:\b(?:Line|Route|No\.?|Number|Room|Phase|Gate|Highway|Terminal|Stage|Article|Chapter|Point"
    r"|Item|Top|Level|Class|Group) |[№])$",
    re.I,
)
_LABEL_BEHIND = re.compile(
    r"号(?!召)|路(?!人)|番線|号線|(?<!两)期(?=工程|投资|项目|建设|开工|竣工|完工)"
)
_RANGE = re.compile(r"\s?(?:至|到|~|～|-|–|—|から|to|and|or)\s?")
_HAN_FIRST = re.compile("(?P<n>[一二两三四五六七八九十]{1,3})(?:至|到|~|～)$")
_HALF_MORE = re.compile(r"[个個]半|年半|天半|倍半| and a half")
_CLASSIFIER = re.compile(r"[个個家座栋幢所条件项只张辆架艘种类册本部场间套户轮队组名位人次支枚]")

STRONG = frozenset(
    {
        *("yuan", "dollar", "hkd", "euro", "pound", "yen", "rupee", "won", "rouble", "money"),
        *("length", "area", "volume", "weight", "degrees", "minutes", "days", "months", "quarters"),
        *("years", "age", "points", "share", "times"),
    }
)
"""Dimensions of what is measured; the others only count."""


def quantities_in(plain: str, without: Iterable[tuple[int, int]] = ()) -> list[Quantity]:
    """The quantities of aligned text, in order, none within another nor in the spans `without`."""
    taken = [False] * len(plain)
    for start, end in without:
        taken[start:end] = [True] * (end - start)
    found: list[Quantity] = []
    for quantity in _all(plain):
        if not any(taken[quantity.start : quantity.end]):
            taken[quantity.start : quantity.end] = [True] * (quantity.end - quantity.start)
            found.append(quantity)
    found.sort(key=lambda quantity: quantity.start)
    return [_of_range(plain, quantity, found[i + 1 :]) for i, quantity in enumerate(found)]


def _all(plain: str) -> Iterator[Quantity]:
    for match in _SCORE.finditer(plain):
        written = (match["a"] or match["c"], match["b"] or match["d"])
        sides = [Decimal(number_value(points) or 0) for points in written]
        yield Quantity(sides[0], "score", *match.span(), other=sides[1])
    for match in _FRACTION.finditer(plain):
        n = number_value(match["n"]) or 1  # a third
        before = plain[: match.start()]
        by = re.search(r"(?:by|than|almost|about|nearly|over|around|only|just) $", before)
        if re.search(r"(?:first|last|next|past|previous) $", before):
            continue  # the first three quarters are of a year
        if match["s"] or (n == 1 and (by or match["after"] is not None)):
            value = Decimal(n) / _PARTS[match["part"].lower()]
            yield _compared(plain, Quantity(value, "share", *match.span()))
    for match in _DOZENS.finditer(plain):
        if dozens := number_value(match["n"]):
            yield Quantity(Decimal(12 * dozens), "", *match.span())
    for pattern, dimension, worth in _WORDS:
        for match in pattern.finditer(plain):
            yield _compared(plain, Quantity(Decimal(worth), dimension, *match.span()))
    for number in find_numbers(plain):
        quantity = _compared(plain, _measured(plain, number))
        yield quantity
        if number.value:
            yield from _first_of_range(plain, quantity, quantity.value / number.value)


def _measured(plain: str, number: Number) -> Quantity:
    value, start, end = number.value, number.start, number.end
    before = plain[max(0, start - 8) : start]
    if number.kind == "ordinal":
        return Quantity(value, "ordinal", start, end, number.unit)
    if number.kind == "share":
        return Quantity(value, "share", start, end)
    match = _BEFORE.search(before)
    currency = next((k for k, v in match.groupdict().items() if v), "") if match else ""
    if currency and (scale := _SHORT_SCALE.match(plain, end)):
        value *= 10 ** _SCALES[scale["scale"].lower()]
        end = scale.end()
    if _LABEL.search(before) or _LABEL_BEHIND.match(plain, end):
        return Quantity(value, "ordinal", start, end, number.unit)
    at = end
    if half := _HALF_MORE.match(plain, end):
        value += Decimal("0.5")
        at = half.end() if half[0].startswith(" ") else end
    while plain[at : at + 1] and plain[at] in "多余来":
        at += 1
    dimension, noun, size = currency, number.unit, Decimal(1)
    for pattern, name, n in _UNIT:
        if unit := pattern.match(plain, at):
            dimension, noun, size, end = currency or name, unit[0], n, unit.end()
            break
    if _NEGATIVE.search(plain[max(0, start - 7) : start]) or _BELOW_ZERO.match(plain, end):
        value = -value
    if dimension == "times" and _MORE_BY.search(plain[max(0, start - 6) : start]):
        value += 1  # 增长一倍 is twice as much
    if dimension == "person":
        dimension = ""
    return Quantity(value * size, dimension, start, max(end, number.end), noun)


def _compared(plain: str, quantity: Quantity) -> Quantity:
    before = plain[max(0, quantity.start - 16) : quantity.start]
    before = re.sub(r"[$£€¥₹]$|HK\$$|人民币$", "", before)
    behind = plain[quantity.end : quantity.end + 12]
    inside = plain[quantity.start : quantity.end]
    odd = "多" in inside or "余" in inside
    more = _MORE.search(before) or _MORE_BEHIND.match(behind) or odd
    less = _LESS.search(before) or _LESS_BEHIND.match(behind)
    about = _ABOUT.search(before) or _ABOUT_BEHIND.match(behind) or odd
    bound = -1 if less else 1 if more or inside == "过半" else 0
    return quantity._replace(bound=bound, about=bool(about))


def _of_range(plain: str, quantity: Quantity, behind: list[Quantity]) -> Quantity:
    """The first of a range with the unit and scale of the second: 33至35度, 80 to 60 million."""
    if not behind or quantity.dimension or quantity.noun:
        return quantity
    other = behind[0]
    between = plain[quantity.end : other.start]
    between = re.sub(r"[$£€¥]|近|约|about |nearly ", "", between)
    if not _RANGE.fullmatch(between) or other.dimension in ("ordinal", "score", "share"):
        return quantity
    there = plain[other.start : other.end]
    digits = re.match(r"[\d.,]*\d", there)
    first = Decimal(digits[0].replace(",", "")) if digits else find_numbers(there)[0].value
    ratio = other.value / first if first else Decimal(1)
    value = quantity.value * ratio
    if not other.value or not Decimal("0.05") <= abs(value / other.value) <= 20:
        value = quantity.value
    return quantity._replace(value=value, dimension=other.dimension, noun=other.noun)


def _first_of_range(plain: str, second: Quantity, size: Decimal) -> Iterator[Quantity]:
    """The Chinese numeral before a range's second: 六 of 六到八个月."""
    if match := _HAN_FIRST.search(plain[: second.start]):
        value = chinese_number(match["n"])
        if value is not None:
            yield second._replace(value=value * size, start=match.start("n"), end=match.end("n"))
