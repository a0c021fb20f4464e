"""Numbers and units of one language in the words of another: `1.1亿元` is 110 million yuan."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from opencc import OpenCC

from qa_bot.text.chinese import align
from qa_bot.text.moments import moments_in
from qa_bot.text.quantities import STRONG, Quantity, quantities_in

__all__ = ["Gloss", "glosses"]


class Gloss(NamedTuple):
    """What [start, end) of a text says, in other words."""

    start: int
    end: int
    text: str


class _Unit(NamedTuple):
    """A unit by how it is written behind a number; `size` is in base units of its dimension.

    `rough` are no units of the reader's: what is told in others is rounded.
    """

    written: str
    size: str
    en: tuple[str, str]
    ja: str
    zh: str
    rough: bool = False


_UNITS: dict[str, tuple[_Unit, ...]] = {
    "yuan": (_Unit("", "1", ("yuan", "yuan"), "元", "元"),),
    "dollar": (_Unit("", "1", ("dollar", "dollars"), "ドル", "美元"),),
    "hkd": (_Unit("", "1", ("Hong Kong dollar", "Hong Kong dollars"), "香港ドル", "港元"),),
    "euro": (_Unit("", "1", ("euro", "euros"), "ユーロ", "欧元"),),
    "pound": (_Unit("", "1", ("pound", "pounds"), "ポンド", "英镑"),),
    "yen": (_Unit("", "1", ("yen", "yen"), "円", "日元"),),
    "rupee": (_Unit("", "1", ("rupee", "rupees"), "ルピー", "卢比"),),
    "won": (_Unit("", "1", ("won", "won"), "ウォン", "韩元"),),
    "rouble": (_Unit("", "1", ("rouble", "roubles"), "ルーブル", "卢布"),),
    "length": (
        _Unit("公里|千米|k|キロ", "1000", ("km", "km"), "キロ", "公里"),
        _Unit("英里|mile", "1609.34", ("mile", "miles"), "マイル", "英里"),
        _Unit("厘米|公分|c|センチ", "0.01", ("cm", "cm"), "センチ", "厘米"),
        _Unit("毫米|mil|mm|ミリ", "0.001", ("mm", "mm"), "ミリ", "毫米"),
        _Unit("英尺|f", "0.3048", ("foot", "feet"), "フィート", "英尺"),
        _Unit("米|公尺|m|メートル", "1", ("metre", "metres"), "メートル", "米"),
    ),
    "area": (
        _Unit(
            "平方公里|平方千米|square k|sq ?k|km",
            "1000000",
            ("square km", "square km"),
            "平方キロ",
            "平方公里",
        ),
        _Unit(
            "平方英里|square mi",
            "2589988",
            ("square mile", "square miles"),
            "平方マイル",
            "平方英里",
        ),
        _Unit(
            "平方|平米|square|m²|㎡",
            "1",
            ("square metre", "square metres"),
            "平方メートル",
            "平方米",
        ),
        _Unit("公顷|hectare|ha|ヘク", "10000", ("hectare", "hectares"), "ヘクタール", "公顷"),
        _Unit("亩|acre", "10000", ("hectare", "hectares"), "ヘクタール", "公顷", rough=True),
    ),
    "volume": (_Unit("", "1", ("cubic metre", "cubic metres"), "立方メートル", "立方米"),),
    "weight": (
        _Unit("吨|ton|トン|톤", "1000", ("tonne", "tonnes"), "トン", "吨"),
        _Unit("公斤|千克|k|キロ", "1", ("kg", "kg"), "キロ", "公斤"),
        _Unit("斤", "1", ("kg", "kg"), "キロ", "公斤"),
        _Unit("克|g", "0.001", ("gram", "grams"), "グラム", "克"),
    ),
    "minutes": (
        _Unit("小时|个半|個半|个?钟头|時間|시간|ho|hr", "60", ("hour", "hours"), "時間", "小时"),
        _Unit("秒|s", "0.016667", ("second", "seconds"), "秒", "秒"),
        _Unit("", "1", ("minute", "minutes"), "分", "分钟"),
    ),
    "days": (
        _Unit("个?星期|个?礼拜|周|週|w", "7", ("week", "weeks"), "週間", "周"),
        _Unit("", "1", ("day", "days"), "日", "天"),
    ),
    "months": (_Unit("", "1", ("month", "months"), "カ月", "个月"),),
    "years": (
        _Unit("世纪|cent", "100", ("century", "centuries"), "世紀", "个世纪"),
        _Unit("", "1", ("year", "years"), "年", "年"),
    ),
    "age": (_Unit("", "1", ("year old", "years old"), "歳", "岁"),),
    "degrees": (_Unit("", "1", ("°C", "°C"), "度", "摄氏度"),),
    "points": (_Unit("", "1", ("percentage point", "percentage points"), "ポイント", "个百分点"),),
    "times": (_Unit("", "1", ("times as much", "times as much"), "倍", "倍"),),
}
_SCALES = ((12, " trillion"), (9, " billion"), (6, " million"))
_LETTER = re.compile(r"[a-zA-Z\u3040-\u30ff]")
_HAN = re.compile(r"[\u3005-\u9fff]")
_OF_OTHERS = re.compile(r"(?:新?[台臺]币|新?[台臺]幣|澳门币|(?:A|C|NZ)\$)\s?$")
_GOES_ON = re.compile(r"[、至到~～—-]")  # its unit is behind another number
_FEW = 10  # what only counts fewer is understood, or means nothing without its noun
_HOTTEST = 60  # degrees, from which on they are of another kind
_DECIMALS = 3
_AGAINST = {"en": "–", "ja": "対", "zh": "比"}
# 三角 is a triangle, 二十四日 a day of a month that stands further in front
_NOT_TOLD = {("yuan", "角"), ("days", "日"), ("days", "일")}


def glosses(text: str, language: str, reader: str) -> list[Gloss]:
    """What of a text in `language` a reader of another one needs in words of their own.

    Both are BCP 47 tags; readers of Chinese and Japanese are told in their own language, all others
    in English, and nothing where the reader's is "". Dates and ordinals are left as they are, and
    the text itself always is.
    """
    told = reader.split("-")[0]
    told = told if told in ("zh", "ja") else "en"
    if not reader or language.split("-")[0] in (told, reader.split("-")[0]):
        return []
    plain = align(text)
    found = []
    quantities = quantities_in(plain, [(m.start, m.end) for m in moments_in(plain)])
    ends = {quantity.end for quantity in quantities}
    starts = {quantity.start for quantity in quantities}
    for quantity in quantities:
        if not quantity.dimension and _GOES_ON.match(plain, quantity.end):
            continue
        written = plain[quantity.start : quantity.end]
        # of a number that goes on in another one nobody knows what it is
        if (
            quantity.start in ends
            or quantity.end in starts
            or not _is_foreign(quantity, written, told)
        ):
            continue
        before = plain[max(0, quantity.start - 6) : quantity.start]
        said = next(_said(quantity, before, language, told), "")
        if said and said != written:
            if reader == "zh-Hant":
                said = OpenCC("s2tw").convert(said)
            found.append(Gloss(quantity.start, quantity.end, said))
    return found


def _is_foreign(quantity: Quantity, written: str, told: str) -> bool:
    """Whether it is written otherwise than in the reader's language, and says something."""
    if written.startswith("一") and abs(quantity.value) == 1:
        return False
    if not quantity.dimension:  # then the number alone can be told
        if abs(quantity.value) < _FEW:
            return False
        written = written.removesuffix(quantity.noun)
    if told == "en":
        return _HAN.search(written) is not None
    if _HAN.search(written):  # readers of Chinese and Japanese know it, but for the unit
        return quantity.dimension in STRONG - {"share"}
    return _LETTER.search(written) is not None


def _said(quantity: Quantity, before: str, language: str, told: str) -> Iterator[str]:
    value, dimension, noun = quantity.value, quantity.dimension, quantity.noun.strip(" -")
    if (dimension, noun) in _NOT_TOLD or (dimension == "share" and quantity.bound):
        return
    if dimension == "score":
        yield f"{value}{_AGAINST[told]}{quantity.other}"
    elif dimension == "share":
        yield f"{_plain(value * 100)}%"
    elif not dimension or (dimension in ("yuan", "dollar") and _OF_OTHERS.search(before)):
        yield _number(value, told)
    elif dimension == "yuan" and language == "zh-Hant":  # which of several nobody knows
        if abs(value) >= _FEW:
            yield _number(value, told)
    elif dimension != "degrees" or noun != "度" or abs(value) <= _HOTTEST:
        for unit in _UNITS.get(dimension, ()):
            if re.match(unit.written, noun, re.I):
                yield _measured(value / Decimal(unit.size), unit, told)


def _measured(value: Decimal, unit: _Unit, told: str) -> str:
    inexact = unit.rough or len(unit.size) > 5  # as many digits as the unit is known by
    value = Decimal(f"{value:.3g}") if inexact else value
    number = _number(value, told)
    if told == "en":
        return f"{'about ' if unit.rough else ''}{number} {unit.en[value != 1]}"
    about = {"ja": "約", "zh": "约"}[told] if unit.rough else ""
    return f"{about}{number}{unit.ja if told == 'ja' else unit.zh}"


def _number(value: Decimal, told: str) -> str:
    """As newspapers of the language write it, exact."""
    size = abs(value)
    if told == "en":
        for digits, word in _SCALES:
            scaled = value.scaleb(-digits)
            if size >= 10**digits and scaled == round(scaled, _DECIMALS):
                return _plain(scaled) + word
        return _plain(value, grouped=True)
    hundred_million, ten_thousand = ("億", "万") if told == "ja" else ("亿", "万")
    for digits, word in ((8, hundred_million), (4, ten_thousand)):
        scaled = value.scaleb(-digits)
        if size >= 10**digits and scaled == round(scaled, _DECIMALS):
            return _plain(scaled) + word
    return _plain(value)


def _plain(value: Decimal, *, grouped: bool = False) -> str:
    whole = value.to_integral_value()
    value = whole if value == whole else value.normalize()
    return f"{value:,f}" if grouped else f"{value:f}"
