"""Shares and multiples that are told in words: a third, half, two in five, 八折, 翻一番."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from qa_bot.text.numerals import number_value

__all__ = ["told_in_words"]

# Words that are numbers of a dimension by themselves.
_WORDS: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (re.compile(pattern, re.I), dimension, value)
    for pattern, dimension, value in (
        (r"翻了?两番|quadrupl(?:ed?|ing)|four ?fold", "times", "4"),
        (r"翻了?(?:一)?番|倍[増增]|doubl(?:ed|ing)|twice as|twofold"
            r"|(?<!\w)doubles?\b", "times", "2"),
        (r"tripl(?:ed?|ing)|trebl(?:ed?|ing)|threefold|三倍に", "times", "3"),
        (r"halv(?:ed?|ing)|减半|腰斩|半減|半减|对半砍", "share", "0.5"),
        (r"半个百分点|(?<!and )\bhalf[- ](?:a[- ])?(?:percentage[- ])?point\b", "points", "0.5"),
        (r"(?<![个個])半小时|半个小时|半个?钟头|half an hour|half-hour", "minutes", "30"),
        (r"半个月|half a month", "days", "15"),
        (r"(?<![上下])半年(?!报|度)|half a year", "months", "6"),
        (r"半价|半额|半額|half[- ]price", "share", "0.5"),
        (r"一半|半数|过半|半分(?!钟)|(?<!and a )(?<!first )(?<!second )\bhalf\b"
         r"(?= (?:of|the|are|were|have|had|as|a)\b|[.,;]|$)", "share", "0.5"),
        (r"\bthree[- ]quarters? of\b(?! a)", "share", "0.75"),
        (r"\b(?:a|one)[- ]quarter\b(?! of a (?:percentage )?point)(?![- ]point)", "share", "0.25"),
        (r"\ba dozen\b|一打|\bdozen\b", "", "12"),
        (r"\b(?:both|a pair of|a couple of)\b|双方|[双两](?=[国校人方市县省队党岸会])", "", "2"),
        (r"(?:(?<=than )|(?<=over )|(?<=nearly )|(?<=for ))a year\b", "years", "1"),
        (r"\ba decade\b", "years", "10"),
        (r"\ba century\b", "years", "100"),
        (r"\ba (?:hundred)\b", "", "100"),
    )
)  # fmt: skip
_PARTS = {"third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7}
_PARTS |= {"eighth": 8, "ninth": 9, "tenth": 10}
_SMALL = "one|two|three|four|five|six|seven|eight|nine"
_FRACTION = re.compile(
    rf"\b(?P<n>a|an|{_SMALL})[- ](?P<part>{'|'.join(_PARTS)})(?P<s>s)?\b"
    r"(?P<points>[- ](?:of a )?(?:percentage[- ])?point\b)?"
    r"(?P<after>(?= of| to\b| more| less|[.,;]|$))?",
    re.I,
)
_AMONG = re.compile(
    rf"\b(?P<n>{_SMALL}) (?:[a-z]+ )?(?:in|out of|of) (?P<every>every )?(?P<m>{_SMALL}|ten)\b"
    r"(?! (?:hours|days|weeks|months|years|minutes|cities|countries|games|matches))",
    re.I,
)
_EACH_HAS = re.compile(
    r"每(?P<m>[两三四五六七八九十]|[2-9]|10)(?P<k>[人名个位家户])(?:中"
    r"|里)?就?有(?P<n>[一两三四五六七八九]|[1-9])(?P=k)"
)
_DOZENS = re.compile(r"\b(?P<n>[a-z]+|\d+) dozen\b", re.I)
_DISCOUNT = re.compile(
    r"(?P<tenth>[一二三四五六七八九]"
    r"|(?<![\d.])[1-9])(?:[点.]?(?P<more>[一二三四五六七八九1-9]))?折(?![叠算扣线断磨腾])"
    r"|(?P<off>[一二三四五六七八九]|(?<![\d.])[1-9])割(?=引)"
)


def told_in_words(plain: str) -> Iterator[tuple[Decimal, str, int, int]]:
    """Value, dimension (as `quantities.Quantity` has it), start and end of each in aligned text.

    A discount is the share by which the price falls. Spans may overlap: the first one counts.
    """
    yield from _fractions(plain)
    for pattern in (_AMONG, _EACH_HAS):
        for match in pattern.finditer(plain):
            few, many = (number_value(match[part]) or 0 for part in ("n", "m"))
            if few < many:
                yield Decimal(few) / many, "share", *match.span()
    for match in _DISCOUNT.finditer(plain):
        if match["off"]:
            off = Decimal(number_value(match["off"]) or 0) / 10
        else:
            tenths, more = (number_value(match[part] or "0") or 0 for part in ("tenth", "more"))
            off = 1 - Decimal(10 * tenths + more) / 100
        yield off, "share", *match.span()
    for match in _DOZENS.finditer(plain):
        if dozens := number_value(match["n"]):
            yield Decimal(12 * dozens), "", *match.span()
    for words, dimension, worth in _WORDS:
        for match in words.finditer(plain):
            yield Decimal(worth), dimension, *match.span()


def _fractions(plain: str) -> Iterator[tuple[Decimal, str, int, int]]:
    for match in _FRACTION.finditer(plain):
        n = number_value(match["n"]) or 1  # a third
        before = plain[: match.start()][-12:]
        by = re.search(r"(?:by|than|almost|about|nearly|over|around|only|just) $", before)
        if re.search(r"(?:first|last|next|past|previous) $", before):
            continue  # the first three quarters are of a year
        value = Decimal(n) / _PARTS[match["part"].lower()]
        if match["points"]:
            yield value, "points", *match.span()
        elif match["s"] or (n == 1 and (by or match["after"] is not None)):
            yield value, "share", *match.span()
