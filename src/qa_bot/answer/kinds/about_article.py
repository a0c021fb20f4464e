"""Who wrote an article, when and where it was printed, its headline, its length."""

from __future__ import annotations

from dataclasses import replace

from qa_bot.answer.draft import Context, Draft, Found, Statement
from qa_bot.answer.kinds.labels import label, opening
from qa_bot.index.mentions import Spelling
from qa_bot.question.question import Question
from qa_bot.question.topic import topics
from qa_bot.records import Article, Listed, State
from qa_bot.search.retriever import coverage
from qa_bot.text.languages import written_language
from qa_bot.text.terms import normalise
from qa_bot.text.wording import in_words

__all__ = ["author", "date", "length", "source", "title"]

_HELD = 0.5  # share of the weight of the topic's words that the article meant holds
_ABOUT = 0.02  # cosine above unrelated text, below which no article was meant


def author(question: Question, found: Found, context: Context) -> Draft | None:
    return _field(question, found, context, "author", "byline")


def date(question: Question, found: Found, context: Context) -> Draft | None:
    return _field(question, found, context, "date", "published")


def source(question: Question, found: Found, context: Context) -> Draft | None:
    return _field(question, found, context, "source", "source")


def title(question: Question, found: Found, context: Context) -> Draft | None:
    return _field(question, found, context, "title", "title")


def length(question: Question, found: Found, context: Context) -> Draft | None:
    """How many characters the article's text has, white space left out."""
    article = _meant(question, found, context, "article_length")
    if article is None:
        return None
    n = len("".join(article.text.split()))
    lead = in_words(question.answer_language, "article.length", n=n)
    return _of(article, lead, str(n))


def _field(
    question: Question, found: Found, context: Context, what: str, field: str
) -> Draft | None:
    article = _meant(question, found, context, f"article_{what}")
    if article is None:
        return None
    value = str(getattr(article, field))
    language = question.answer_language
    if not value:
        lead = in_words(language, f"article.no_{what}")
        return _of(article, lead, "", state_answered=False)
    return _of(article, in_words(language, f"article.{what}", value=value), value)


def _of(article: Article, lead: str, short: str, *, state_answered: bool = True) -> Draft:
    statement = Statement(opening(article), f"{label(article)}: ")
    state: State = "answered" if state_answered else "possible"
    return Draft(state, lead, short, (statement,), (Listed(article),))


def _meant(question: Question, found: Found, context: Context, kind: str) -> Article | None:
    """The article that the question means: of that headline, else the nearest to its topic."""
    wanted = topics(question.asked, kind)
    for text in wanted:
        spelling = Spelling(text)
        hits = [h.article for h in found.reading.hits if spelling.count(normalise(h.article.title))]
        if hits and len({article.id for article in hits}) == 1:
            return hits[0]
    names = [n for n in question.names if not n[0].isdigit()]
    where = context.where
    for name in names[:1]:
        signed = [a for a in context.articles(replace(where, contains=name)) if name in a.byline]
        if signed:  # "that piece of hers on the bridge"
            where = replace(where, article_ids=tuple(article.id for article in signed))
        elif not context.knows(name, where):
            return None
    search = context.search(" ".join(wanted) or question.asked, 5, where)
    if not search.hits or search.hits[0].parts.get("dense_above", 1.0) < _ABOUT:
        return None
    article = search.hits[0].article
    same = written_language(article) == question.primary
    if same and coverage(search.weights, f"{article.title}\n{article.text}") < _HELD:
        return None  # the nearest there is, but about something else
    return article
