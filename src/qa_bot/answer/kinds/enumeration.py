"""All members of an enumeration, and its nth."""

from __future__ import annotations

from dataclasses import dataclass

from qa_bot.answer.draft import Context, Draft, Found, Quote, Statement, quote_of
from qa_bot.answer.series import Series, series_of
from qa_bot.answer.window import ArticleText
from qa_bot.question.ordinals import asked_number, asked_position
from qa_bot.question.question import Question
from qa_bot.records import Article
from qa_bot.search.retriever import coverage
from qa_bot.text.wording import in_words

__all__ = ["members", "nth"]

_ARTICLES = 3  # that are looked at
_LEAST = 0.3  # share of the question's weight that the series and its beginning hold
_BEFORE = 300  # characters before a series that may say what it enumerates


@dataclass(frozen=True, slots=True)
class _Fit:
    series: Series
    article: Article
    score: float


def members(question: Question, found: Found, context: Context) -> Draft | None:
    """All items of the enumeration that is asked for."""
    wanted = asked_number(question.plain)
    fit = _best(found, wanted)
    if fit is None:
        return None
    language, items = question.answer_language, fit.series.items
    key = "items" if wanted in (0, len(items)) else "items.missing"
    lead = in_words(language, key, n=len(items), asked=wanted)
    statements = tuple(Statement(Quote(fit.article, a, b)) for a, b in items)
    short = in_words(language, "separator").join(fit.article.text[a:b] for a, b in items)
    confidence = max(found.reading.confidence, context.threshold)
    return Draft("answered", lead, short, statements, confidence=confidence)


def nth(question: Question, found: Found, context: Context) -> Draft | None:
    """One item of the enumeration that is asked for, counted from 1, or from its end."""
    position = asked_position(question.plain)
    if position == 0:
        return None
    fit = _best(found, 0)
    if fit is None:
        return None
    count = len(fit.series.items)
    if abs(position) > count:
        lead = in_words(question.answer_language, "items.missing", asked=position, n=count)
        last = Quote(fit.article, *fit.series.items[-1])
        return Draft("possible", lead, "", (Statement(last),), confidence=0.1, settled=True)
    index = position - 1 if position > 0 else position
    start, end = fit.series.items[index]
    quote = Quote(fit.article, start, end)
    confidence = max(found.reading.confidence, context.threshold)
    return Draft("answered", "", quote.text, (Statement(quote),), confidence=confidence)


def _best(found: Found, wanted: int) -> _Fit | None:
    """The series of the first articles that fits the question best, if one does."""
    seen: dict[str, Article] = {}
    for hit in found.reading.hits:
        if len(seen) < _ARTICLES:
            seen.setdefault(hit.article.id, hit.article)
    evidence = [quote_of(e) for e in found.reading.evidence[:5]]
    fits = []
    for rank, article in enumerate(seen.values()):
        for series in series_of(ArticleText(article).plain):
            count = len(series.items)
            start, end = series.items[0][0], series.items[-1][1]
            near = article.text[max(0, start - _BEFORE) : start]
            held = coverage(
                found.search.weights, f"{article.title}\n{near}{article.text[start:end]}"
            )
            if held < _LEAST:
                continue
            touched = any(
                q.article.id == article.id and q.start < end and start - _BEFORE < q.end
                for q in evidence
            )
            right = wanted > 0 and count == wanted
            fits.append(_Fit(series, article, held + 0.5 * touched + 0.7 * right - 0.15 * rank))
    best = max(fits, key=lambda fit: fit.score, default=None)
    return best if best is not None and best.score >= 2 * _LEAST else None
