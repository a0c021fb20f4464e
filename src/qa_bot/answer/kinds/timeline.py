"""The dated sentences of an event or a person, in the order of the days they tell of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa_bot.answer.draft import Context, Draft, Found, Quote, Statement
from qa_bot.answer.kinds.summary import subject_articles
from qa_bot.index.filters import Filter
from qa_bot.index.mentions import Spelling
from qa_bot.question.question import Question
from qa_bot.question.scope import scope_of
from qa_bot.question.topic import topics
from qa_bot.records import Article, Listed
from qa_bot.text.chinese import align
from qa_bot.text.dates import dates_in
from qa_bot.text.relative_days import relative_day
from qa_bot.text.sentences import split_sentences
from qa_bot.text.terms import normalise
from qa_bot.text.wording import in_words

__all__ = ["timeline"]

_MOST = 12  # sentences
_LONGEST = 300  # characters
# Confidence where the articles hold what is asked in these words, and where they are merely near.
_KNOWN, _NEAR = 0.8, 0.3
_AGE = re.compile(r"(?<!\d)(?P<n>\d{1,2})岁(?:时|那年|起|入|进|学|考|开始|登)")
_BORN = re.compile(
    r"(?P<year>1[89]\d\d|20\d\d)年[^。，]{0,12}?(?:出生|生于|诞生)|(?:born|生于)[^.。]{0,20}?(?P<later>1[89]\d\d|20\d\d)"
)
_YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?=年|\b)(?!\d)")


@dataclass(frozen=True, slots=True)
class _Dated:
    """A sentence, the ISO day it tells of, and how that is shown."""

    day: str
    shown: str
    quote: Quote


def timeline(question: Question, found: Found, context: Context) -> Draft | None:
    """At least two dated sentences about what is asked, in the order of events."""
    scope = scope_of(question.asked, (), Filter())
    wanted = topics(scope.rest, "timeline") if scope else topics(question.asked, "timeline")
    subject = subject_articles(question, found, context, wanted)
    dated = [row for a in subject.articles for row in _dated(question, a, subject.terms)]
    since, until = scope.where.since or "", scope.where.until or "9999"
    dated = [row for row in dated if since[: len(row.day)] <= row.day <= until]
    distinct: dict[str, _Dated] = {}
    for row in sorted(dated, key=lambda row: (row.day, row.quote.article.published)):
        distinct.setdefault("".join(row.quote.text.split()), row)
    rows = list(distinct.values())[:_MOST]
    if len(rows) < 2:
        return None
    language = question.answer_language
    colon = in_words(language, "colon")
    statements = tuple(Statement(row.quote, f"{row.shown}{colon}") for row in rows)
    lead = in_words(language, "timeline")
    listed = tuple(Listed(article) for article in subject.articles)
    short = in_words(language, "separator").join(row.shown for row in rows)
    if not subject.known:
        return Draft("possible", lead, "", statements, listed, confidence=_NEAR)
    return Draft("answered", lead, short, statements, listed, confidence=_KNOWN)


def _dated(question: Question, article: Article, wanted: Sequence[str]) -> list[_Dated]:
    """The sentences of an article that tell of a day, and are about what is `wanted`.

    Days without a year are of the article's, where that is known; days told from the article's own
    ("yesterday") are shown so. Where none tells its day, the first one is of the article's.
    """
    spellings = [Spelling(text) for text in wanted]
    title = normalise(article.title)
    about = not spellings or any(spelling.count(title) for spelling in spellings)
    year = article.published[:4] if article.published[:1].isdigit() else ""
    language = question.answer_language
    birth = _BORN.search(align(article.text)) if about else None
    born = int(birth["year"] or birth["later"]) if birth else 0
    found = []
    first: Quote | None = None
    for start, end in split_sentences(article.text):
        if end - start > _LONGEST:
            continue
        text = article.text[start:end]
        if not about and not any(s.count(normalise(text)) for s in spellings):
            continue
        first = first or Quote(article, start, end)
        plain = align(text)
        days = [iso for _, _, iso in dates_in(plain)]
        years = [match[0] for match in _YEAR.finditer(plain)]
        day, shown = "", ""
        if days:
            day = days[0] if days[0][0].isdigit() else f"{years[0] if years else year}{days[0][1:]}"
            shown = day if day[:1].isdigit() else days[0][2:]
        elif years:
            day = shown = years[0]
        elif born and (age := _AGE.search(plain)):
            day = str(born + int(age["n"]))
            shown = in_words(language, "relative", day=day, words=age[0])
        elif told := relative_day(plain, article.published):
            day = told.day
            shown = in_words(language, "relative", day=told.day, words=told.words)
        if day:
            key = day if day[:1].isdigit() else f"{year or '9999'}{day}"
            found.append(_Dated(key, shown, Quote(article, start, end)))
    if not found and first and year:
        found.append(_Dated(article.published, article.published, first))
    return found
