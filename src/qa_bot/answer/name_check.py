"""Whether an article is about what a question names, or about a namesake of it."""

from __future__ import annotations

import re

from qa_bot.answer.window import ArticleText, Window
from qa_bot.question.question import Question
from qa_bot.text.chinese import align
from qa_bot.text.numerals import number_value

__all__ = ["absent_names", "other_name"]

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# A year or several: 2022, 2021-2022 (a season of sports, if they are neighbours), 2021/22.
_YEARS = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:[-—–~～至/](\d{4}|\d\d)(?!\d))?(?!\d)")
_EVENT = re.compile(r"(?<!\d)((?:19|20)\d\d)年?([\u3400-\u9fff]{3})")
_EDITION = re.compile(r"第?([一二三四五六七八九十百\d]+)([届期批次号])线?")
_SERIES = re.compile(r"(?<![\d.亿万])第?([一二三四五六七八九十\d]{1,3})(号线|号楼|届|大?桥)")
# The name of a body, as far as two characters tell it, and what kind it is of.
_BODY = re.compile(
    r"(?:(?![哪几某各该这那一两所家座个些本])[\u3400-\u9fff]){2}(大学|学院|中学|小学|医院)"
)
# places and parts of one thing that exclude each other
_PLACE = re.compile(r"第([一二三四五六七八九十\d]{1,3})(名|位|季度|轮|局|节|站)")
_OTHER_SIDE = tuple(
    (re.compile(one), re.compile(other))
    for pair in (
        (r"男[子单双队篮足排团]", r"女[子单双队篮足排团]"),
        (r"(?i)\b(?:men|boys)\b", r"(?i)\b(?:women|girls)\b"),
        ("半程", "全程"),
        ("上半年", "下半年"),
    )
    for one, other in (pair, pair[::-1])
)
_STEM = 4  # letters, so that the Chinese are found with China
_GENERIC = re.compile(
    r"\d+|University|College|School|Hospital|City|County|Street|Road|Bridge|Station|Company|Council"
    r"|Mrs?|Ms|Dr|President|Mayor|Line"
)
_ACROSS = 3.0  # between languages little else is compared
_CONTRADICTED = 3.0  # as much as three names that are missing


def other_name(
    question: Question, window: Window, sentence: str, *, same_language: bool = True
) -> float:
    """1 if a name in the question is missing in the article, `_CONTRADICTED` for a namesake.

    That is another edition or year of the same thing in the `passage`, or, in the `sentence` with
    the answer, another university or season where the question names one: near misses, and no
    answers. 1 also for a sentence of another year: of the answers to CMRC 2018's and DRCD's
    questions that name a year, one in fifty is in such a sentence. Between languages years are
    all that can be compared.
    """
    if not same_language:
        if _of_another(question.plain, sentence):
            return _CONTRADICTED
        editions = [e[1] for name in question.names if (e := _EDITION.fullmatch(name))]
        if any(number.isdigit() and number not in window.near for number in editions):
            return _CONTRADICTED
        return _ACROSS * _other_years(question, sentence)
    passage = window.hit.passage
    missing = absent_names(question, window.of, window.of.plain[passage.start : passage.end])
    near = window.near
    for name in list(missing):
        if edition := _EDITION.fullmatch(name):
            numbers = {
                number_value(number)
                for number, unit in _EDITION.findall(near)
                if unit == edition[2]
            }
            if number_value(edition[1]) in numbers:  # written with other numerals
                missing.remove(name)
            elif numbers:
                return _CONTRADICTED
        if _YEAR.fullmatch(name) and _YEAR.search(near):
            return _CONTRADICTED
    if _another_of_a_series(question.plain, sentence) or _of_another(question.plain, sentence):
        return _CONTRADICTED
    if body := _BODY.search(question.plain):
        others = any(found[1] == body[1] for found in _BODY.finditer(sentence))
        if others and body[0] not in window.of.plain_title + sentence:
            return _CONTRADICTED
    return max(_other_years(question, sentence), float(bool(missing)))


def _another_of_a_series(asked: str, sentence: str) -> bool:
    """Whether a sentence is of Line 2 where Line 1 is asked for, even if it speaks of both.

    What it is of, it names first.
    """
    first: dict[str, int | None] = {}
    for number, unit in _SERIES.findall(sentence):
        first.setdefault(unit, number_value(number))
    return any(
        first.get(unit, number_value(number)) != number_value(number)
        for number, unit in _SERIES.findall(asked)
    )


def _of_another(asked: str, sentence: str) -> bool:
    """Whether a sentence is of the women's race where the men's is asked for, or of another place.

    Not if it speaks of both.
    """
    for one, other in _OTHER_SIDE:
        sides = (one.search(asked), other.search(asked), one.search(sentence))
        if sides[0] and not any(sides[1:]) and other.search(sentence):
            return True
    told: dict[str, set[int | None]] = {}
    for number, unit in _PLACE.findall(sentence):
        told.setdefault(unit, set()).add(number_value(number))
    return any(
        unit in told and number_value(number) not in told[unit]
        for number, unit in _PLACE.findall(asked)
    )


def _other_years(question: Question, sentence: str) -> float:
    """1 if both name years and have none in common, `_CONTRADICTED` for another season."""
    asked, told = _years(question.plain), _years(sentence)
    if not asked or not told:
        return 0.0
    # 2025太湖大会, where the article tells of that of 2024
    for match in _EVENT.finditer(question.plain):
        events = set(re.findall(rf"((?:19|20)\d\d)年?{re.escape(match[2])}", sentence))
        if events and match[1] not in events:
            return _CONTRADICTED
    seasons = [{(a, b) for a, b in years if b - a == 1} for years in (asked, told)]
    if all(seasons) and not seasons[0] & seasons[1]:
        return _CONTRADICTED
    return float(not any(a <= d and c <= b for a, b in asked for c, d in told))


def _years(plain: str) -> set[tuple[int, int]]:
    """First and last year of each span of years in aligned text."""
    spans = set()
    for first, last in _YEARS.findall(plain):
        until = int(first[: 4 - len(last)] + last) if last else int(first)
        spans.add((int(first), max(int(first), until)))
    return spans


def absent_names(question: Question, text: ArticleText, quote: str) -> list[str]:
    """The names and days in a question that, for the most part, are not in the article.

    And the year, where the headline is of another one and the aligned `quote` (or passage)
    does not go back to it: a year stands somewhere in most articles, but of other things.
    """
    if not question.names:
        return []
    article = text.article
    head = (article.title, article.published, _day(article.published), article.source)
    whole = "\n".join((align("\n".join(head)), text.plain))
    near = "\n".join((text.plain_title, article.published, quote))
    of_a_year = _YEAR.search(text.plain_title) is not None
    return [
        name
        for name in question.names
        if not _stands_in(name, near if of_a_year and _YEAR.fullmatch(name) else whole)
    ]


def _stands_in(name: str, text: str) -> bool:
    if name[0].isdigit() or _EDITION.fullmatch(name):
        return name in text
    if name.isascii():
        words = [w[:_STEM].casefold() for w in name.split() if not _GENERIC.fullmatch(w)]
        return not words or any(word in text.casefold() for word in words)
    pairs = [name[i : i + 2] for i in range(len(name) - 1)]
    return 2 * sum(pair in text for pair in pairs) >= len(pairs)


def _day(published: str) -> str:
    """The month and day of a date, as Chinese text writes them; "" if it has none."""
    match = re.search(r"-(\d\d)-(\d\d)$", published)
    return f"{int(match[1])}月{int(match[2])}日" if match else ""
