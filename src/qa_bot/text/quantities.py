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

from qa_bot.text.measures import counted_kind
from qa_bot.text.numerals import COUNT_WORD, Number, chinese_number, find_numbers, number_value
from qa_bot.text.shares import told_in_words

__all__ = ["STRONG", "Quantity", "quantities_in"]


class Quantity(NamedTuple):
    """A quantity at [start, end) of a text, its unit included.

    `value` is in the base unit of its `dimension`: a share is at most 1 where it is of a whole,
    `times` is how many times as much; "ordinal" counts places, "score" has both sides' points in
    `value` and `other`; "" is a number that only counts. `noun` is the unit or noun as written.
    `bound` is 1 for `more than`, -1 for `less than` and `nearly`; `about` tells that it is rounded.
    Of the two ends of a range `side` is -1 and 1, else 0, and `other` is the other end. `kind` is
    what it counts, where a word tells: households, persons, vehicles. `per` is the amount that it
    is for, in the base unit of `per_dimension`: 0.5 of weight for 每斤; 0 if none is told.
    """

    value: Decimal
    dimension: str
    start: int
    end: int
    noun: str = ""
    bound: int = 0
    about: bool = False
    other: Decimal = Decimal(0)
    side: int = 0
    kind: str = ""
    per: Decimal = Decimal(0)
    per_dimension: str = ""


_SECOND = "0.016667"
# Behind a number: what it measures in, and how many base units one is. The longer ones first.
_UNITS: tuple[tuple[str, str, str], ...] = (
    (r"个?百分点|percentage[- ]points?|ポイント", "points", "1"),
    (r"个?基点|basis points?|bps?\b", "points", "0.01"),
    (r"平方公里|平方千米|square (?:kilomet(?:re|er)s?|km)|sq ?km|km²", "area", "1000000"),
    (r"平方英里|square miles?", "area", "2589988"),
    (r"平方米|平米|平方公尺|square met(?:re|er)s?|m²|㎡", "area", "1"),
    (r"公顷|hectares?|ha\b|ヘクタール", "area", "10000"),
    (r"亩|mu\b", "area", "666.67"),
    (r"坪|ping\b|tsubo\b", "area", "3.30579"),
    (r"acres?", "area", "4046.86"),
    (r"立方米|立方公尺|立方(?!公|厘|英)|cubic met(?:re|er)s?|m³", "volume", "1"),
    (r"毫升|millilit(?:re|er)s?|ml\b|ミリリットル", "volume", "0.000001"),
    (r"公升|升(?![至到幅值高温级])|lit(?:re|er)s?\b|リットル", "volume", "0.001"),
    (r"公里|千米|kilomet(?:re|er)s?|km\b|キロ(?:メートル)?(?!グ)", "length", "1000"),
    (r"英里|miles?\b", "length", "1609.34"),
    (r"厘米|公分|centimet(?:re|er)s?|cm\b|センチ", "length", "0.01"),
    (r"毫米|millimet(?:re|er)s?|mm\b|ミリ", "length", "0.001"),
    (r"feet\b|foot\b|ft\b|英尺", "length", "0.3048"),
    (r"米(?!ドル)|公尺|met(?:re|er)s?\b|m\b(?!illion)|メートル", "length", "1"),
    (r"微克|micrograms?|[µμ]g\b|mcg\b|マイクログラム", "weight", "0.000000001"),
    (r"毫克|milligrams?|mg\b|ミリグラム", "weight", "0.000001"),
    (r"公斤|千克|kilograms?|kilos?\b|kg\b|キログラム", "weight", "1"),
    (r"吨|tonnes?|tons?\b|トン|톤", "weight", "1000"),
    (r"台斤", "weight", "0.6"),
    (r"斤|jin\b|catt(?:y|ies)\b", "weight", "0.5"),
    (r"ounces?\b|盎司", "weight", "0.0283495"),
    (r"克(?!朗|拉)|grams?\b|g\b|グラム", "weight", "0.001"),
    (r"吉瓦|gigawatts?|GW\b", "power", "1000000"),
    (r"兆瓦(?!时)|megawatts?(?! ?-?hours?)|MW\b", "power", "1000"),
    (r"千瓦(?!时|小时)|kilowatts?(?! ?-?hours?)|kW\b", "power", "1"),
    (r"千瓦时|度电|kilowatt[- ]hours?|kWh\b", "energy", "1"),
    (r"澳元|澳大利亚元|Australian dollars?", "aud", "1"),
    (r"加元|加拿大元|Canadian dollars?", "cad", "1"),
    (r"新加坡元|新元|Singapore dollars?", "sgd", "1"),
    (r"新台币|台币|(?:New )?Taiwan(?:ese)? dollars?", "yuan", "1"),
    (r"克朗|kron(?:or|er|a|e|as)\b|koruna\b|crowns?\b|クローナ|クローネ", "crown", "1"),
    (r"(?:瑞士)?法郎|(?:Swiss )?francs?\b|フラン", "franc", "1"),
    (r"比索|pesos?\b", "peso", "1"),
    (r"雷亚尔|reais\b", "real", "1"),
    (r"美元|米ドル|ドル|美金|달러|(?:US )?dollars?|USD", "dollar", "1"),
    (r"港元|港币|HKD", "hkd", "1"),
    (r"欧元|ユーロ|유로|euros?|EUR\b", "euro", "1"),
    (r"英镑|ポンド|pounds? sterling|pounds?\b|GBP|quid\b", "pound", "1"),
    (r"磅", "pound", "1"),
    (r"日元|円|엔|yen\b|JPY", "yen", "1"),
    (r"卢比|ルピー|rupees?|INR", "rupee", "1"),
    (r"韩元|ウォン|원|won\b(?! )|KRW", "won", "1"),
    (r"卢布|roubles?|rubles?|RUB", "rouble", "1"),
    (r"元|人民币|块钱?|人民元|위안|yuan\b|RMB|CNY|renminbi", "yuan", "1"),
    (r"角", "yuan", "0.1"),
    (r"个半小时|個半小時", "minutes", "60"),
    (r"个?小时|个?钟头|时间|시간|{adjective}hours?\b|hrs?\b", "minutes", "60"),
    (r"分钟|分间|{adjective}minutes?\b|mins?\b", "minutes", "1"),
    (r"秒钟?|秒间|{adjective}seconds?\b", "minutes", _SECOND),
    (r"个?星期|个?礼拜|周间?(?!年|岁|末)|{adjective}weeks?\b", "days", "7"),
    (r"天|日间|日(?!元)|일|{adjective}days?\b", "days", "1"),
    (r"个(?:多|半)?月|か月|カ月|ヶ月|{adjective}months?\b", "months", "1"),
    (r"个?季度|quarters\b", "quarters", "1"),
    (r"世纪|centur(?:y|ies)\b", "years", "100"),
    (r"decades?\b", "years", "10"),
    (r"周?岁|歳|years? old|year-olds?|years? of age|(?<=\d)0?s\b", "age", "1"),
    (r"周?年(?:间|来|内)?|年间|년|{adjective}years?\b", "years", "1"),
    (r"摄氏度|°C|℃|degrees? Celsius|度|degrees?\b|°", "degrees", "1"),
    (r"倍", "times", "1"),
    (r"-?fold\b|times\b", "times", "1"),
    (r"人次|[人名位口員명]|people\b|persons?\b", "person", "1"),
)
_ADJECTIVE = "(?:(?:straight|consecutive|full|whole|more|extra|summer|winter|working|short|long) )?"
_UNIT = [
    (re.compile(rf"[ -]?(?:{words.replace('{adjective}', _ADJECTIVE)})", re.I), dim, Decimal(n))
    for words, dim, n in _UNITS
]
_BEFORE = re.compile(
    r"(?P<aud>A\$)\s?$|(?P<cad>C\$)\s?$|(?P<sgd>S\$)\s?$|(?P<twd>NT\$)\s?$|(?P<dollar>(?:US"
    r"|(?<!HK))\$)\s?$|(?P<hkd>HK\$)\s?$|(?P<euro>€|EUR )\s?$"
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
    r"|no (?:less|fewer) than|exceed\w*|upwards of|以上の?|passed|topped)\s?(?:了)?$",
    re.I,
)
_MORE_BEHIND = re.compile(r"\s?(?:以上|多|余|or (?:more|above)|を超え|を上回)")
_LESS = re.compile(
    r"(?:不到|不足|少于|低于|小于|未满|不超过|至多|最多|less than|fewer than|under|below"
    r"|no more than|at most|up to)\s?(?:a )?$",
    re.I,
)
_LESS_BEHIND = re.compile(r"\s?(?:以下|以内|未満|足らず|or (?:less|fewer))")
_NEARLY = re.compile(
    r"(?:(?<!最|附)近|将近|接近|(?<![a-z])(?:nearly|almost|close to|just (?:under|below|short of)))"
    r"\s?(?:a )?$|近く$",
    re.I,
)
_ABOUT = re.compile(
    r"(?:约|大约|大概|左右|上下|约为|估计|(?<![a-z])(?:about|around|some|roughly"
    r"|approximately|circa))\s?(?:a )?$|(?:およそ|約|ほぼ)$",
    re.I,
)
_ABOUT_BEHIND = re.compile(r"\s?(?:左右|上下|多|余|前後|or so|ほど|程度)")
_MORE_BY = re.compile(r"(?:增长|增加|提高|上升|高出|多出?|涨|增)了?(?:近|约|超过?)?$")

_POINTS = "[0-9]{1,3}|[零一二三四五六七八九十]{1,3}"
_SCORE = re.compile(
    rf"(?<![\d.:-])(?:(?P<a>{_POINTS})\s?[比:]\s?(?P<b>{_POINTS})(?![\d.:比如较])"
    r"|(?<=[a-z] )(?P<c>\d{1,2})[-–](?P<d>\d{1,2})(?![\d-])"
    r"(?P<ends>[.,;)]|$| (?:and|win|victory|loss|defeat|draw|on|at|in|against|over|to)\b)?)"
)
_LABEL = re.compile(
    r"(?:\b(?:Line|Route|No\.?|Number|Room|Phase|Gate|Highway|Terminal|Stage|Article|Chapter|Point"
    r"|Item|Top|Level|Class|Group) |[№])$",
    re.I,
)
_LABEL_BEHIND = re.compile(
    r"号(?!召)|路(?!人)|番线|(?<!两)期(?=[\u3400-\u9fff]{2}|は)(?!间)|等奖|[ -]?(?:st|nd|rd"
    r"|th)[ -]phase"
)
_RANGE = re.compile(r"\s?(?:(?P<strict>至|到|~|～|-|–|—|から|to)|and|or)\s?")
_BETWEEN = re.compile(r"between (?:about |around )?$", re.I)
_NEIGHBOURS = re.compile(
    r"(?<![一二三四五六七八九十百千万亿第])(?P<ten>[一二三四五六七八九]?十)?(?P<a>[一二三四五六七八])"
    r"(?P<b>[二三四五六七八九])(?P<scale>[十百千]?[万亿]?)(?=多?(?:公里|公斤"
    r"|[个名位家条只辆艘层户人年天岁次届场本元米吨斤点成小分块]))"
)
_N = rf"(\d{{1,4}}|[一二三四五六七八九十百]{{1,4}}|\b{COUNT_WORD})"
_DURATION = re.compile(
    rf"(?:(?<![\d.]){_N}(?:个?小时|时间| hours?)(?: and |又)?\s?)?(?:(?<![\d.:]){_N}(?:分(?!之"
    rf"|[成公米贝])钟?间?| minutes?)(?: and |又)?\s?)?"
    r"(?:(?<![\d.:])(\d{1,2}|[一二三四五六七八九十]{1,3})(?:秒| seconds?)(\d{1,3})?)?"
)
_RATE_BEFORE = re.compile(r"每1?个?(?P<unit>[^\d\s，。每]{1,4})[^\d，。；]{0,6}$")
_RATE_BEHIND = re.compile(r"\s?(?:/|每|(?:an?|per|each|every) )(?P<unit>[^\d，。；]{1,14})")
_RATES = ("weight", "area", "volume", "length", "energy")
_HAN_FIRST = re.compile("(?P<n>[一二两三四五六七八九十]{1,3})(?:至|到|~|～)$")
_HALF_MORE = re.compile(r"个半|(?:小时|时间|年|天|倍)半| and a half")
_CLASSIFIER = re.compile(r"[个個家座栋幢所条件项只张辆架艘种类册本部场间套户轮队组名位人次支枚]")

STRONG = frozenset(
    {
        *("yuan", "dollar", "hkd", "euro", "pound", "yen", "rupee", "won", "rouble", "money"),
        *("aud", "cad", "sgd", "crown", "franc", "peso", "real", "power", "energy"),
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
    for i, quantity in enumerate(found):
        found[i] = _of_range(plain, quantity, found[i + 1 :])
    for i in range(1, len(found)):
        found[i - 1], found[i] = _ends(plain, found[i - 1], found[i])
    return found


def _all(plain: str) -> Iterator[Quantity]:
    for match in _SCORE.finditer(plain):
        written = (match["a"] or match["c"], match["b"] or match["d"])
        sides = [Decimal(number_value(points) or 0) for points in written]
        if match["c"] and match["ends"] is None and sides[0] <= sides[1]:
            continue  # a range, unless it falls
        end = match.end("d") if match["d"] else match.end()
        yield Quantity(sides[0], "score", match.start(), end, other=sides[1])
    for value, dimension, start, end in told_in_words(plain):
        kind = "" if dimension else counted_kind(plain, end)
        yield _compared(plain, Quantity(value, dimension, start, end, kind=kind))
    for match in _DURATION.finditer(plain):
        if sum(part is not None for part in match.groups()) > 1:
            yield _compared(plain, Quantity(_duration(match), "minutes", *match.span()))
    for match in _NEIGHBOURS.finditer(plain):
        yield from _neighbours(plain, match)
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
    currency = {"twd": "yuan"}.get(currency, currency)  # 元 of Taiwan, too
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
    end = max(end, number.end)
    per, per_dimension = _rate(plain, start, end)
    kind = counted_kind(plain, number.end) if not dimension else ""
    return Quantity(
        value * size, dimension, start, end, noun, kind=kind, per=per, per_dimension=per_dimension
    )


def _rate(plain: str, start: int, end: int) -> tuple[Decimal, str]:
    """How much a quantity at [start, end) is for, and of which dimension: 每斤, a kilo."""
    match = _RATE_BEFORE.search(plain[max(0, start - 12) : start]) or _RATE_BEHIND.match(plain, end)
    if match:
        for pattern, name, n in _UNIT:
            if name in _RATES and pattern.match(match["unit"]):
                return n, name
    return Decimal(0), ""


def _duration(match: re.Match[str]) -> Decimal:
    """Minutes of 2小时15分, 11秒52, 3 minutes 20 seconds."""
    hours, minutes, seconds = (number_value(part or "0") or 0 for part in match.groups()[:3])
    total = Decimal(f"{seconds}.{match[4] or 0}") * Decimal(_SECOND)
    return total + 60 * hours + minutes


def _neighbours(plain: str, match: re.Match[str]) -> Iterator[Quantity]:
    """The two ends of 八九公里."""
    ends = [number_value(match[part]) or 0 for part in "ab"]
    if ends[1] != ends[0] + 1:
        return
    tens = number_value(match["ten"]) or 0 if match["ten"] else 0
    scale = 1
    for character in match["scale"]:
        scale *= {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}[character]
    at = match.end("scale") + plain[match.end("scale")].count("多")
    unit = next(((p.match(plain, at), d, n) for p, d, n in _UNIT if p.match(plain, at)), None)
    found, dimension, size = unit or (None, "", Decimal(1))
    dimension = "" if dimension == "person" else dimension
    noun = found[0] if found else plain[at]
    low, high = ((tens + end) * scale * size for end in ends)
    kind = counted_kind(plain, match.end("scale")) if not dimension else ""
    yield Quantity(low, dimension, match.start(), match.end("a"), noun, 0, True, high, -1, kind)
    stop = found.end() if found else match.end("scale")
    yield Quantity(high, dimension, match.end("a"), stop, noun, 0, True, low, 1, kind)


def _ends(plain: str, one: Quantity, two: Quantity) -> tuple[Quantity, Quantity]:
    """Two neighbours as the ends of a range, if they are: 30至50毫米, between 3 and 5."""
    between = re.sub(r"[$£€¥]|近|约|about |nearly ", "", plain[one.end : two.start])
    match = _RANGE.fullmatch(between)
    alike = one.dimension == two.dimension and one.dimension not in ("ordinal", "score")
    if not match or one.side or two.side or not alike or not one.value < two.value:
        return one, two
    before = plain[max(0, one.start - 20) : one.start]
    neighbours = two.value - one.value == 1 and between.strip() == "or"
    if not (match["strict"] or neighbours or _BETWEEN.search(before)):
        return one, two
    return one._replace(other=two.value, side=-1), two._replace(other=one.value, side=1)


def _compared(plain: str, quantity: Quantity) -> Quantity:
    before = plain[max(0, quantity.start - 16) : quantity.start]
    before = re.sub(r"[$£€¥₹]$|HK\$$|人民币$", "", before)
    behind = plain[quantity.end : quantity.end + 12]
    inside = plain[quantity.start : quantity.end]
    odd = "多" in inside or "余" in inside
    more = _MORE.search(before) or _MORE_BEHIND.match(behind) or odd
    less = _LESS.search(before) or _LESS_BEHIND.match(behind)
    nearly = _NEARLY.search(before) or re.match(r"\s?近く", behind)
    about = _ABOUT.search(before) or _ABOUT_BEHIND.match(behind) or odd
    bound = -1 if less or nearly else 1 if more or inside == "过半" else 0
    return quantity._replace(bound=bound, about=bool(about or nearly))


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
