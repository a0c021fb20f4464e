"""Numbers as newspapers write them, in digits and in words: where they stand and what they mean.

`1.1亿`, `一亿一千万`, `110 million` and `11 crore` are one number; so are `三成`, `百分之三十` and
`30%`. Values are exact. What only says about how many there are (`三四个`, `十几`, `数百`) is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Literal, NamedTuple

from qa_bot.text.measures import MEASURE_BEHIND, NO_MEASURE_OF_ONE, unit_behind

__all__ = [
    "COUNT_WORD",
    "HAN_COUNT",
    "HAN_ORDER",
    "ORDINAL_WORD",
    "Kind",
    "Number",
    "chinese_number",
    "find_numbers",
    "number_of",
    "number_value",
]

Kind = Literal["cardinal", "ordinal", "share"]


class Number(NamedTuple):
    """A number at [start, end) of a text, its `unit` left out.

    `value` has the scale in it (`1.1亿` is 110000000); a share is at most 1 where it is of a whole
    (`30%` is 0.3). `unit` is the measure word or the noun behind it as it is written (`元`, `个`,
    `people`), "" if nothing tells.
    """

    value: Decimal
    start: int
    end: int
    unit: str
    kind: Kind


# -- Chinese numerals --------------------------------------------------------------------------

_DIGITS = {
    c: value
    for row in ("零一二三四五六七八九", "〇壹贰叁肆伍陆柒捌玖")
    for value, c in enumerate(row)
}
_DIGITS |= {"○": 0, "两": 2, "兩": 2, "貳": 2, "參": 3, "陸": 6}
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIADS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_LONGEST = 30  # characters of a numeral
_ZEROS = "零〇○"
_NUMERAL = f"[{''.join(_DIGITS | _TENS | _MYRIADS)}廿卅]"
_SECTION = re.compile("(.*?)([万萬亿億]+)")


def chinese_number(numeral: str) -> int | None:
    """The value of a Chinese numeral, None if it is not one.

    With units (`一百一十三`, `三千五`, `廿三`, `两亿零五十万`) or digit by digit (`二〇二四`).
    """
    numeral = numeral.replace("廿", "二十").replace("卅", "三十")
    if not 0 < len(numeral) <= _LONGEST:
        return None
    if all(character in _DIGITS for character in numeral):
        return int("".join(str(_DIGITS[character]) for character in numeral))
    total, rest, least = 0, numeral, 10**16
    while match := _SECTION.match(rest):
        scale = 1
        for character in match[2]:
            scale *= _MYRIADS[character]
        section = _below_myriad(match[1])
        if section is None or scale >= least:
            return None
        total, rest, least = total + section * scale, rest[match.end() :], scale
    if not rest:
        return total
    if len(rest) == 1 and rest in _DIGITS and rest not in _ZEROS:  # 两万五
        return total + _DIGITS[rest] * (least // 10)
    section = _below_myriad(rest)
    return None if section is None else total + section


def _below_myriad(numeral: str) -> int | None:
    """The value of a numeral of 十, 百, 千 and digits, in falling order."""
    total, digit, unit = 0, None, 10**4
    zero = False
    for character in numeral:
        if character in _TENS:
            next_unit = _TENS[character]
            if next_unit >= unit or digit == 0:
                return None
            total += (1 if digit is None else digit) * next_unit
            unit, digit, zero = next_unit, None, False
        elif character not in _DIGITS or digit is not None:
            return None
        elif _DIGITS[character]:
            digit = _DIGITS[character]
        elif zero:
            return None
        else:
            zero = True
    if digit is None:
        return None if zero or not numeral else total
    if unit in (100, 1000) and not zero:  # 三千五
        return total + digit * (unit // 10)
    return total + digit


# -- numbers in a text -------------------------------------------------------------------------

_FOLDED = {ord(c) + 0xFEE0: c for c in "0123456789.%"}  # full-width, one for one
# Longer ones are codes, and what has two points is a version or a date.
_PLAIN = r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,5}|[0-9]{1,15})(?:\.[0-9]{1,8})?(?![0-9]|\.[0-9])"
_BEFORE_DIGITS = r"(?<![A-Za-z0-9.])(?<![0-9],)"
_COMMA = re.compile("[0-9]{1,4},[0-9]{1,2}")  # a decimal comma
_SCALES: dict[str, int] = _TENS | _MYRIADS | {"兆": 10**12}
_SCALES |= {"천": 10**3, "만": 10**4, "억": 10**8, "조": 10**12}
_HAN_SCALE = r"(?:[十百千]?(?:[万萬][亿億]|[万萬亿億만억조]|兆(?![瓦赫字比]))|[百千천])"
_WORD_SCALES = {"hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9}
_WORD_SCALES |= {"trillion": 10**12, "lakh": 10**5, "crore": 10**7}
_WORD_SCALES |= {"mn": 10**6, "bn": 10**9, "tn": 10**12}
_MILLIONS = (
    "millionen millions millones millón milioni milhões miljoen миллион миллиона миллионов млн"
)
_MILLIARDS = (
    "milliarde milliarden milliard milliards miliardi miljard миллиард миллиарда миллиардов млрд"
)
_WORD_SCALES |= dict.fromkeys(_MILLIONS.split(), 10**6) | dict.fromkeys(_MILLIARDS.split(), 10**9)
_WORD_SCALE = rf"(?:{'|'.join(_WORD_SCALES)})\b"
_PART = re.compile(rf"({_PLAIN})[多余餘]?\s?({_HAN_SCALE}|)")
_NUMERALS = rf"(?<!{_NUMERAL})(?<![几幾数數]){_NUMERAL}{{1,{_LONGEST}}}(?![几幾]|{_NUMERAL})"
_POINT = "[点點](?P<point>[零〇一二三四五六七八九]{1,8})"

_SMALL = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
_SMALL += " fifteen sixteen seventeen eighteen nineteen"
_WORDS = {word: value for value, word in enumerate(_SMALL.split())}
_ROUND = "twenty thirty forty fifty sixty seventy eighty ninety"
_WORDS |= {word: 10 * value for value, word in enumerate(_ROUND.split(), 2)}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fifth": 5, "eighth": 8, "ninth": 9}
_ORDINALS |= {"twelfth": 12}
_ORDINALS |= {
    (word[:-1] + "ieth" if word.endswith("y") else word + "th"): value
    for word, value in _WORDS.items()
    if value > 3 and value not in _ORDINALS.values()
}
_WORD = rf"(?:{'|'.join(sorted(_WORDS, key=len, reverse=True))})"
_ORDINAL_WORD = rf"(?:{'|'.join(sorted(_ORDINALS, key=len, reverse=True))})"
_COUNT_WORDS = (
    rf"{_WORD}(?:[- ]{_WORD}|[- ](?:hundred|thousand|million|billion)\b(?: and {_WORD})?)*"
)

_OPENING = r"(?:^|(?<=[\s,，。；;：:、（(]))"
_AMOUNT = rf"(?:{_PLAIN}|{_NUMERAL}{{1,{_LONGEST}}})"


def _amount(written: str) -> Decimal | None:
    """The value of plain digits, or of a Chinese numeral."""
    if written[0].isascii():
        return Decimal(written.replace(",", "." if _COMMA.fullmatch(written) else ""))
    value = chinese_number(written)
    return None if value is None else Decimal(value)


def _ordinal(match: re.Match[str]) -> Decimal | None:
    return _amount(match["n"])


def _ordinal_word(match: re.Match[str]) -> Decimal | None:
    ten, last = match["ten"], _ORDINALS[match["n"].lower()]
    if ten is None:
        return Decimal(last)
    return Decimal(_WORDS[ten.lower()] + last) if last < 10 else None


def _fraction(match: re.Match[str]) -> Decimal | None:
    below, above = match["below"], _amount(match["above"])
    whole = _SCALES[below] if below in _SCALES else _amount(below)
    if not whole or above is None:
        return None
    return (above + _behind_point(match)) / whole


def _decimal(match: re.Match[str]) -> Decimal | None:
    """`六点五万`, `二点五倍`; not a time of day."""
    before = chinese_number(match["n"])
    if before is None:
        return None
    scale = 1
    for character in match["scale"] or "":
        scale *= _SCALES[character]
    unit = unit_behind(match.string, match.end())
    if match["scale"] or (unit and unit not in ("分", "号", "号线")):
        return (before + _behind_point(match)) * scale
    return None


def _behind_point(match: re.Match[str]) -> Decimal:
    digits = match["point"] or ""
    return Decimal("0." + "".join(str(_DIGITS[digit]) for digit in digits)) if digits else Decimal()


def _hundredth(match: re.Match[str]) -> Decimal | None:
    words = match.groupdict().get("words")
    value = _in_words(words) if words else _amount(match["n"])
    return None if value is None else value / 100


def _tenths(match: re.Match[str]) -> Decimal | None:
    tenths, more = _amount(match["n"]), match["more"]
    if tenths is None or tenths > 10:
        return None
    hundredths = 5 if more == "半" else number_value(more) if more else 0
    return tenths / 10 + Decimal(hundredths or 0) / 100


def _scaled(match: re.Match[str]) -> Decimal | None:
    value = _amount(match["n"])
    return None if value is None else value * _WORD_SCALES[match["scale"].lower()]


def _mixed(match: re.Match[str]) -> Decimal | None:
    """`1亿2000万`: digits with scales that fall."""
    total, least = Decimal(0), None
    for plain, scales in _PART.findall(match[0]):
        scale = 1
        for character in scales:
            scale *= _SCALES[character]
        part = Decimal(plain.replace(",", "")) * scale
        if least is not None and part >= least:
            return None
        total, least = total + part, scale
    return total


def _numeral(match: re.Match[str]) -> Decimal | None:
    """A Chinese numeral by itself; a short one only before a measure word: 四川 is no number."""
    written, text, end = match[0], match.string, match.end()
    measure = MEASURE_BEHIND.match(text, end)
    hour = text.startswith(("点", "點"), max(match.start() - 1, 0))
    if written == "十" and not hour and re.match("分(?![钟鐘之])|足|字", text[end : end + 2]):
        return None  # 十分高兴, 十足
    if not any(character in _DIGITS or character in "十拾廿卅" for character in written):
        return None  # 百万富翁, 千万
    bare = all(character in _DIGITS for character in written)
    if any(character in "壹贰貳叁參肆伍陆陸柒捌玖拾佰仟" for character in written) and (
        bare or len(written) == 1
    ):
        return None  # 陆, 伍 and 参 are names and words
    short = written == "十" or (bare and len(written) < 4 and not re.search("[零〇○]", written[1:]))
    if short and measure is None:
        return None
    if written == "一" and re.match(NO_MEASURE_OF_ONE, text[end : end + 1]):
        return None
    if bare and len(written) == 2 and 0 < _DIGITS[written[1]] - _DIGITS[written[0]] <= 2:
        return None  # 三四个, 三五个
    return _amount(written)


def _count_words(match: re.Match[str]) -> Decimal | None:
    """Words that count; not `one` alone, which is seldom a number."""
    return _in_words(match[0]) if match[0].lower() != "one" else None


def _in_words(written: str) -> Decimal | None:
    """`two hundred and twelve thousand`; None if it is no number: `six seven`."""
    total = section = 0
    for word in re.findall("[a-z]+", written.lower()):
        if word in _WORDS:
            if section % 100 and (section % 10 or section % 100 < 20 or _WORDS[word] >= 10):
                return None  # six seven
            section += _WORDS[word]
        elif word == "hundred":
            section *= 100
        elif word != "and":
            total, section = total + section * _WORD_SCALES[word], 0
    return Decimal(total + section)


_Reading = Callable[[re.Match[str]], Decimal | None]
_PATTERNS: tuple[tuple[str, Kind, _Reading], ...] = (
    (rf"第\s?(?P<n>{_AMOUNT})", "ordinal", _ordinal),
    (rf"{_OPENING}其(?P<n>[一二三四五六七八九十]{{1,3}})", "ordinal", _ordinal),
    (rf"{_OPENING}(?P<n>[一二三四五六七八九十]{{1,3}})(?=[是则則要])", "ordinal", _ordinal),
    (rf"(?P<n>{_AMOUNT})\s?(?:つ目|番目|번째)", "ordinal", _ordinal),
    (rf"{_BEFORE_DIGITS}(?P<n>[0-9]{{1,9}})(?:st|nd|rd|th)\b", "ordinal", _ordinal),
    (
        rf"(?i:\b(?:(?P<ten>{_WORD})[- ])?(?P<n>{_ORDINAL_WORD})\b)",
        "ordinal",
        _ordinal_word,
    ),
    (rf"(?P<below>{_AMOUNT})分[之の](?P<above>{_AMOUNT})(?:{_POINT})?", "share", _fraction),
    (rf"(?i:\b(?P<words>{_COUNT_WORDS})[ -]per ?cent\b(?! point))", "share", _hundredth),
    (
        rf"{_BEFORE_DIGITS}(?P<n>{_PLAIN}|{_COMMA.pattern})\s?(?:%|(?i:per ?cent)\b(?! point))",
        "share",
        _hundredth,
    ),
    (
        r"(?<![第其])(?P<n>[一两兩二三四五六七八九十]|(?<![0-9.])[1-9](?:\.[0-9])?)成"
        r"(?:(?P<more>[一二三四五六七八九半])(?![一-九十百千万]))?"
        r"(?![为為立功长長本果员員绩績就不品因份交语語])",
        "share",
        _tenths,
    ),
    (
        r"(?P<n>[一二三四五六七八九十]|(?<![0-9.])[1-9](?:\.[0-9])?)割"
        r"(?:(?P<more>[一二三四五六七八九1-9])分)?(?![引りれる])",
        "share",
        _tenths,
    ),
    (
        r"(?:(?<=[“「『‘\"])|(?=.{1,3}[“「『‘\"]))(?P<n>[一二两三四五六七八九十]{1,3})"
        r"(?=[“「『‘\"]?[\u3400-\u9fff]{1,2}[”」』’\"])",
        "cardinal",
        _ordinal,
    ),
    (
        rf"{_BEFORE_DIGITS}(?P<n>{_PLAIN}|{_COMMA.pattern})[ -]?(?P<scale>(?i:{_WORD_SCALE}))",
        "cardinal",
        _scaled,
    ),
    (
        rf"{_BEFORE_DIGITS}{_PLAIN}(?:[多余餘]?\s?{_HAN_SCALE}(?:{_PLAIN}\s?{_HAN_SCALE})*)?",
        "cardinal",
        _mixed,
    ),
    (
        rf"(?<!{_NUMERAL})(?P<n>{_NUMERAL}{{1,{_LONGEST}}}){_POINT}"
        r"(?P<scale>[万萬]?[亿億]|[万萬])?(?![零〇一二三四五六七八九十])",
        "cardinal",
        _decimal,
    ),
    (_NUMERALS, "cardinal", _numeral),
    (rf"(?i:\b{_COUNT_WORDS}\b)", "cardinal", _count_words),
)
_READERS = [(re.compile(pattern), kind, read) for pattern, kind, read in _PATTERNS]


def find_numbers(text: str) -> list[Number]:
    """The numbers in `text`, in order, none within another."""
    text = text.translate(_FOLDED)
    found = sorted(
        (match.start(), rank, match.end(), value)
        for rank, (pattern, _, read) in enumerate(_READERS)
        for match in pattern.finditer(text)
        if (value := read(match)) is not None
    )
    numbers: list[Number] = []
    for start, rank, end, value in found:
        if not numbers or start >= numbers[-1].end:
            kind = _READERS[rank][1]
            whole = value.to_integral_value()
            value = whole if value == whole else value.normalize()
            numbers.append(Number(value, start, end, unit_behind(text, end), kind))
    return numbers


def number_of(text: str) -> Number | None:
    """The number that the whole of `text` is, with its unit if it has one; None if it is not one.

    The values of two are compared as they are: `1.1亿元` and `110 million yuan` are equal.
    """
    text = text.strip()
    numbers = find_numbers(text)
    if len(numbers) != 1 or numbers[0].start:
        return None
    rest = text[numbers[0].end :].translate(_FOLDED).strip(" -多余餘来來")
    return numbers[0] if rest == numbers[0].unit else None


HAN_COUNT = "[两一二三四五六七八九十]{1,3}"
COUNT_WORD, ORDINAL_WORD = _WORD, _ORDINAL_WORD
"""Patterns of small Chinese numerals, of `one` to `ninety` and of `first` to `ninetieth`."""
HAN_ORDER = ("首先", "其次", "再次", "最后")
"""What stands before the first, second, third and (if it is the last) fourth of several."""


def number_value(written: str) -> int | None:
    """The value of one small number that stands alone, however it counts; None if it is none.

    In digits, circled or not (`3`, `③`), in Chinese or English words, also ordinal ones (`third`,
    `首先`, of which `最后` is taken for the fourth).
    """
    word = written.strip().casefold()
    if word in HAN_ORDER:
        return HAN_ORDER.index(word) + 1
    if len(word) == 1 and "①" <= word <= "⑳":
        return ord(word) - ord("①") + 1
    if word.isascii() and word.isdigit():
        return int(word)
    about = len(word) > 1 and all(character in _DIGITS for character in word)  # 三四
    return None if about else _WORDS.get(word, _ORDINALS.get(word, chinese_number(word)))
