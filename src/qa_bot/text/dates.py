"""Dates as newspapers and their files write them, in ISO 8601 and never more exact than written.

A date is `2024-08-09`, `2024-08`, `2024`, or `--08-09` for a month and day without a year.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

from qa_bot.errors import QABotError
from qa_bot.text.calendars import ERAS, LUNAR_VALUE, fold_digits, is_lunar, other_calendar
from qa_bot.text.numerals import chinese_number

__all__ = [
    "MONTHS",
    "date_from_name",
    "dates_in",
    "find_date",
    "find_dateline",
    "is_date_line",
    "normalise_date",
    "refine_date",
    "typed_date",
]

_LONGEST_VALUE = 100  # a metadata value longer than this is prose, not a date
_FIRST_LOOK = 4000  # characters looked at before the whole of a long text
_LEDE = 160  # characters in which an article tells its date

_ERAS = {**ERAS, "民國": 1911, "民国": 1911}
# Month names by their beginnings, long enough to tell them apart: en, de, fr, es, pt, it, nl, ru.
_MONTH_STEMS = {
    1: "january|januari|januar|janvier|janeiro|jan|enero|ene|gennaio|gen|января|январь",
    2: "february|februari|februar|février|fevereiro|feb|fév|febrero|febbraio|fev|февраля|февраль",
    3: "march|maart|märz|mars|marzo|março|mar|mrz|марта|март",
    4: "april|avril|abril|aprile|apr|abr|avr|апреля|апрель",
    5: "may|mai|mayo|maio|maggio|mag|mei|мая|май",
    6: "june|juni|juin|junio|junho|giugno|jun|giu|июня|июнь",
    7: "july|juli|juillet|julio|julho|luglio|jul|lug|июля|июль",
    8: "august|augustus|août|agosto|aug|ago|августа|август",
    9: "september|septembre|septiembre|setembro|settembre|sept|sep|set|сентября|сентябрь",
    10: "october|oktober|octobre|octubre|outubro|ottobre|oct|okt|out|ott|октября|октябрь",
    11: "november|novembre|noviembre|novembro|nov|ноября|ноябрь",
    12: "december|dezember|décembre|diciembre|dezembro|dicembre|dec|dez|déc|dic|декабря|декабрь",
}
MONTHS = {name: number for number, names in _MONTH_STEMS.items() for name in names.split("|")}
_MONTH = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")(?![^\W\d_])\.?"

_HAN = "〇○零一二三四五六七八九"
_HAN_SMALL = "[一二三四五六七八九十廿卅]{1,4}"

# A numeral and 年 before a month: a year of an era that is not understood (光绪三十一年四月).
_YEAR_BEFORE = re.compile(r"[0-9元〇○零一二三四五六七八九十百]\s?[年년]\s?$")

# The day's mark, which the first day of a span (8月9-11日) goes without.
_CJK_DAY = r"\s?(?:[日号號]|일|(?=[-–~至、][0-9]{1,2}[日号號]))"
_CJK_YEAR = (
    r"(?:(?P<era>民國|民国|明治|大正|昭和|平成|令和)\s?(?P<erayear>[0-9]{1,3}|元|[一二三四五六七八九十百零〇]{1,6})"
    r"|(?<![0-9元前])(?P<ry>1[0-9]{2})(?=\s?年\s?[0-9]{1,2}\s?月\s?[0-9]{1,2}\s?[日號号])"
    r"|(?<![0-9])(?P<cy>[12][0-9]{3})|(?P<hy>[一二][" + _HAN + r"]{3}))\s?[年년]"
)
_CJK_MD = (
    r"(?:(?<![0-9.])(?P<cm>[0-9]{1,2})|(?P<hm>" + _HAN_SMALL + r"))\s?[月월]"
    r"(?:\s?(?:(?P<cd>[0-9]{1,2})|(?P<hd>" + _HAN_SMALL + r"))" + _CJK_DAY + r")?"
)
_CJK = re.compile(rf"{_CJK_YEAR}(?:度?\s?{_CJK_MD})?")
_CJK_MONTH_DAY = re.compile(
    r"(?<![0-9.\-–~至])(?P<cm>[0-9]{1,2})\s?[月월]\s?(?P<cd>[0-9]{1,2})"
    rf"{_CJK_DAY}|(?P<hm>{_HAN_SMALL})\s?月\s?(?P<hd>{_HAN_SMALL})\s?[日号號]"
)
_NUMERIC = re.compile(
    r"(?<![0-9A-Za-z.\-/])(?P<y>[12][0-9]{3})(?P<sep>[-/.])(?P<m>[0-9]{1,2})(?P=sep)(?P<d>[0-9]{1,2})"
    r"(?![0-9A-Za-z]|[-/.][0-9])"
    r"|(?<![0-9A-Za-z.\-/])(?P<ty>[12][0-9]{3})-(?P<tm>[0-9]{2})-(?P<td>[0-9]{2})(?=T[0-9]{2})"
)
# As Korean writes it: 2024. 7. 2.
_SPACED = re.compile(
    r"(?<![0-9A-Za-z.\-/])(?P<y>[12][0-9]{3})\.\s(?P<m>[0-9]{1,2})\.\s(?P<d>[0-9]{1,2})(?:\.|(?=\s?[(]))"
)
_DAY_MONTH_YEAR = re.compile(
    rf"(?<![0-9])(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th|er|\.|º)?[ \-_,]{{0,2}}(?:de |of )?"
    rf"(?P<m>{_MONTH})[ \-_,]{{0,2}}(?:de |del )?(?P<y>[12][0-9]{{3}})(?![0-9])",
    re.IGNORECASE,
)
_MONTH_DAY_YEAR = re.compile(
    rf"(?<![^\W_])(?P<m>{_MONTH})[ \-_]{{0,2}}(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?"
    r"[ ,\-_]{1,3}(?P<y>[12][0-9]{3})(?![0-9])",
    re.IGNORECASE,
)
_MONTH_YEAR = re.compile(
    rf"(?<![^\W_])(?P<m>{_MONTH})[ \-_,]{{0,2}}(?:de )?(?P<y>[12][0-9]{{3}})(?![0-9])",
    re.IGNORECASE,
)
# Without a year a month must be spelt as a name: "may 5" is seldom a date.
_ENGLISH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
)
_ENGLISH += r"|Jan\.?|Feb\.?|Mar\.|Apr\.?|Jun\.|Jul\.|Aug\.?|Sept?\.?|Oct\.?|Nov\.?|Dec\.?)"
_MONTH_DAY = re.compile(
    rf"(?<![^\W_])(?P<m>{_ENGLISH}) (?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?(?![0-9%:]|,[0-9]|\.[0-9])"
    rf"|(?<![0-9.,])(?P<d2>[0-9]{{1,2}})(?:st|nd|rd|th)? (?P<m2>{_ENGLISH})(?![^\W_])"
)

_COMPACT = re.compile(
    r"([12][0-9]{3})([0-9]{2})([0-9]{2})(?:T?[0-9]{2}:?[0-9]{2}(?::?[0-9]{2})?.{0,9})?"
)
_TRAILING_YEAR = re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})\2([12][0-9]{3})(?:[ ,T].{0,24})?")
_KOREAN = re.compile(r"([12][0-9]{3})\.\s?([0-9]{1,2})\.(?:\s?([0-9]{1,2})\.?)?(?: .{0,20})?")
_YEAR_MONTH = re.compile(r"([12][0-9]{3})[-/.]([0-9]{1,2})")
_YEAR = re.compile(r"([12][0-9]{3})年?")
_MONTH_DAY_ALONE = re.compile(r"(?:--)?([0-9]{1,2})[-/]([0-9]{1,2})")
_ISO_MONTH_DAY = re.compile(r"--([0-9]{2})-?([0-9]{2})")


def normalise_date(value: str) -> str:
    """The ISO date that a metadata value means, "" if it is not a date.

    A numeric date that could be either way round (`09/08/2024`) gives its year alone.
    """
    value = _plain(value[: _LONGEST_VALUE + 1]).strip()
    if not value or len(value) > _LONGEST_VALUE or LUNAR_VALUE.search(value):
        return ""
    if (known := other_calendar(value)) is not None:
        return known
    value = fold_digits(value)
    if match := _COMPACT.fullmatch(value):
        return _iso(*match.groups())
    if match := _TRAILING_YEAR.fullmatch(value):
        return _either_way_round(*match.groups())
    if match := _KOREAN.fullmatch(value):
        return _iso(match[1], match[2], match[3] or "")
    if match := _YEAR_MONTH.fullmatch(value):
        return _iso(*match.groups())
    if match := _YEAR.fullmatch(value):
        return match[1]
    if match := _ISO_MONTH_DAY.fullmatch(value):
        return _iso("", *match.groups())
    return find_date(value)


def typed_date(value: str) -> str:
    """The ISO date that someone typed, "" if nothing; a month and day need no year (`08-09`).

    :raises QABotError: if it is not a date.
    """
    plain = _plain(value[: _LONGEST_VALUE + 1]).strip()
    if not plain:
        return ""
    month_day = _MONTH_DAY_ALONE.fullmatch(plain)
    found = _iso("", *month_day.groups()) if month_day else normalise_date(plain)
    if not found:
        raise QABotError(
            f"{value.strip()[:_LONGEST_VALUE]!r} is no date: write 2024-08-09, 2024-08 or 2024; "
            "08-09 if the year is not known."
        )
    return found


def find_date(text: str) -> str:
    """The first date written out in `text`, "" if there is none. Relative words are no date."""
    for piece in (text[:_FIRST_LOOK], text):
        # A date at the very end of the first look may be cut off there.
        for _, end, iso in _dates(_plain(piece)):
            if end < _FIRST_LOOK - 40 or piece is text:
                return iso
            break
    return ""


def is_date_line(line: str) -> bool:
    """Whether a line says a full date and little else: a weekday, a time, a page, a source."""
    line = _plain(line[:200]).strip()
    if len(line) > 60 or re.search(r"[。!?；;]|,(?! [0-9]{4})[^ ]", line):
        return False
    return any(len(iso) == 10 for _, _, iso in _dates(line))


# What stands around a date that is not the day of the news.
_NOT_BEFORE = re.compile(
    r"(?:[自从從至到]|(?<!今)年|截止|去年|前年|明年|次年|翌年|每年|当年|當年|同年|将于|將於"
    r"|[(\[]|(?<![A-Za-z])(?:since|until|till|from|by|before|after|born|to|last|next))\s*$",
    re.IGNORECASE,
)
_NOT_AFTER = re.compile(
    r"\s*(?:[起前生卒]|以[来來前后後]|之[前后後]|出生|诞辰|誕辰|[-－—–~～至到])"
)
_DATELINE_NEXT = re.compile(r"\s*(?:[电電讯訊]|[(]|[-—–])")
_SENTENCE_END = re.compile(r"[。!?]|\.(?=\s+[A-Z][a-z])")
_OPENER = re.compile(
    r"[\s【\[(]*(?:本[报報刊网網台臺][^\s,。]{0,8}?[讯訊]|[^\s,。]{2,8}?[社报報网網][^,。]{0,12}?[电電讯訊])"
)


def find_dateline(text: str) -> str:
    """The date on which an article says its news happened, "" if it does not say.

    Only the first sentence counts, and not its deadlines, spans or dates of birth. A date with a
    year counts at the very beginning or behind an opener such as 本报讯, for elsewhere it is more
    often history than news.
    """
    lede = _plain(text[: _LEDE * 2]).lstrip()[:_LEDE]
    end = _SENTENCE_END.search(lede, 8)
    second = _SENTENCE_END.search(lede, end.end()) if end else None
    lede = lede[: second.end()] if second else lede
    opener = _OPENER.match(lede)
    for start, stop, iso in _dates(lede):
        if len(iso) not in (7, 10) or (len(iso) == 7 and iso[0] != "-"):
            continue
        dateline = _DATELINE_NEXT.match(lede, stop) and (opener or start < 40)
        if dateline and not _NOT_BEFORE.search(lede[:start]):
            return iso
        if _NOT_BEFORE.search(lede[:start]) or _NOT_AFTER.match(lede, stop):
            continue
        if iso.startswith("--") or opener or start < 4:
            return iso
    return ""


# A date glued to letters is a date only in the habit of newspaper sites (wxyz20240810a01): letters
# alone before it, a page number at most behind it. That keeps hashes and counters out.
_GLUED = re.compile(
    r"(?<![0-9A-Za-z])(?:[A-Za-z]{0,12})((?:19|20)[0-9]{2})([01][0-9])([0-3][0-9])"
    r"(?:[A-Za-z]{0,2}[0-9]{0,3})?(?![0-9A-Za-z])"
)
_GLUED_DATE_ONLY = re.compile(r"[0-9]{8}(?:[A-Za-z]|(?![0-9]))")
_NAME_YMD = re.compile(
    r"(?<![0-9A-Za-z])(1[89][0-9]{2}|20[0-9]{2})([-_. ])([0-9]{1,2})\2([0-9]{1,2})(?![0-9])"
)
_NAME_YM = re.compile(
    r"(?<![0-9A-Za-z])((?:19|20)[0-9]{2})[-_.]([01][0-9])(?![0-9A-Za-z]|[-_.][0-9])"
)
_PATH_YMD = re.compile(
    r"(?:^|/)((?:19|20)[0-9]{2})[-/_]?([01]?[0-9])[-/_]([0-3]?[0-9])(?=[/_.\- ]|$)"
)


def date_from_name(name: str) -> str:
    """The date a file name, path or address tells, "" if it tells none.

    The file name goes before its folders, the nearest folder before the farther ones. Hashes and
    running numbers are not taken for dates.
    """
    parts = _plain(name[-1000:]).replace("\\", "/").split("/")
    nearest = next(filter(None, map(_date_in_part, reversed(parts))), "")
    chains = (_iso(*match.groups()) for match in _PATH_YMD.finditer("/".join(parts)))
    return refine_date(nearest, next(filter(None, chains), ""))


def refine_date(known: str, other: str) -> str:
    """`known` made more exact by `other` where the two agree: 2024 and --08-09 make 2024-08-09."""
    if not known:
        return other
    if known.startswith("--"):
        return other if other.endswith(known[2:]) and len(other) == 10 else known
    if other.startswith("--") and (len(known) == 4 or known[5:] == other[2:4]):
        return _iso(known[:4], other[2:4], other[5:]) or known
    return other if other.startswith(known) else known


def _date_in_part(part: str) -> str:
    """The date in one component of a path."""
    for match in _NAME_YMD.finditer(part):
        if iso := _iso(match[1], match[3], match[4]):
            return iso
    for match in _GLUED.finditer(part):
        if _GLUED_DATE_ONLY.match(part, match.start(1)) and (iso := _iso(*match.groups())):
            return iso
    for match in _CJK.finditer(part):
        if iso := _cjk(match):
            return iso
    for pattern in (_DAY_MONTH_YEAR, _MONTH_DAY_YEAR):
        for match in pattern.finditer(part):
            if iso := _named(match):
                return iso
    found = _NAME_YM.search(part)
    return _iso(found[1], found[2]) if found else ""


def dates_in(plain: str) -> list[tuple[int, int, str]]:
    """Start, end and ISO form of each date written out in aligned text, in order."""
    return list(_dates(plain))


def _dates(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and ISO form of each date of `text`, in order; text as `_plain` gives it."""
    found = sorted(
        (match.start(), rank, match.end(), iso)
        for rank, (pattern, read) in enumerate(_READERS)
        for match in pattern.finditer(text)
        if (iso := read(match))
    )
    position = 0
    for start, _, end, iso in found:
        if start >= position:
            yield start, end, iso
            position = end


def _cjk(match: re.Match[str]) -> str:
    if is_lunar(match):
        return _cjk_year(match)
    year, month, day = _cjk_year(match), _either(match, "cm", "hm"), _either(match, "cd", "hd")
    return _iso(year, month, day) if year else ""


def _cjk_year(match: re.Match[str]) -> str:
    if era := match["era"]:
        year = 1 if match["erayear"] == "元" else int(_number(match["erayear"]))
        return str(_ERAS[era] + year) if year else ""
    if match["ry"]:  # a year of three digits is one of the Republic of China
        return str(_ERAS["民国"] + int(match["ry"]))
    return match["cy"] or _number(match["hy"] or "")


def _cjk_month_day(match: re.Match[str]) -> str:
    before = match.string[max(0, match.start() - 8) : match.start()]
    if is_lunar(match) or _YEAR_BEFORE.search(before):
        return ""
    return _iso("", _either(match, "cm", "hm"), _either(match, "cd", "hd"))


def _either(match: re.Match[str], digits: str, han: str) -> str:
    return match[digits] or _number(match[han] or "")


def _numeric(match: re.Match[str]) -> str:
    if match["ty"]:
        return _iso(match["ty"], match["tm"], match["td"])
    return _iso(match["y"], match["m"], match["d"])


def _spaced(match: re.Match[str]) -> str:
    return _iso(match["y"], match["m"], match["d"])


def _named(match: re.Match[str]) -> str:
    month = MONTHS[match["m"].rstrip(".").lower()]
    day = match.groupdict().get("d")
    return _iso(match["y"], str(month), day or "")


def _named_month_day(match: re.Match[str]) -> str:
    month = MONTHS[(match["m"] or match["m2"]).rstrip(".").lower()]
    return _iso("", str(month), match["d"] or match["d2"])


_READERS = (
    (_CJK, _cjk),
    (_NUMERIC, _numeric),
    (_SPACED, _spaced),
    (_DAY_MONTH_YEAR, _named),
    (_MONTH_DAY_YEAR, _named),
    (_MONTH_YEAR, _named),
    (_CJK_MONTH_DAY, _cjk_month_day),
    (_MONTH_DAY, _named_month_day),
)


def _plain(text: str) -> str:
    """Full-width digits and letters folded, so that the patterns need ASCII alone."""
    return unicodedata.normalize("NFKC", text)


def _number(numeral: str) -> str:
    """The digits of a Chinese numeral; digits and "" stay, what is no number is no date: 0."""
    if not numeral or numeral.isascii():
        return numeral
    return str(chinese_number(numeral) or 0)


def _either_way_round(first: str, separator: str, second: str, year: str) -> str:
    # Dots are the custom of countries that write the day first.
    if separator == "." or first == second or int(first) > 12:
        return _iso(year, second, first)
    if int(second) > 12:
        return _iso(year, first, second)
    return year


def _iso(year: str, month: str = "", day: str = "") -> str:
    """ISO form of the parts there are, "" if there is no such date."""
    try:
        # 2000 was a leap year: without a year, 29 February is a date.
        checked = date(int(year or 2000), int(month or 1), int(day or 1))
    except ValueError:
        return ""
    if not year:
        return f"--{checked:%m-%d}" if month and day else ""
    length = 10 if day else 7 if month else 4
    return checked.isoformat()[:length]
