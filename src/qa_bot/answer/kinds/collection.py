"""Which articles, how many, by whom, what is in here: asked of the index, exactly."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa_bot.answer.draft import Context, Draft, Found, Statement
from qa_bot.answer.kinds.labels import first_mention, label, opening
from qa_bot.index.filters import Filter
from qa_bot.index.mentions import Mentions
from qa_bot.question.question import Question
from qa_bot.question.reference import about_topic
from qa_bot.question.scope import Scope, scope_of
from qa_bot.question.topic import frame_words, quoted, topics, word_spans
from qa_bot.records import Article, Hit, Listed, State
from qa_bot.text.chinese import is_person
from qa_bot.text.wording import in_words

__all__ = ["by_author", "holdings", "listing", "mentioned", "one_word"]

_MOST_OF_IT = 0.5  # share of what is wanted that is counted, where the whole stands nowhere
_WORDS = 6  # that an article must hold, all of them, where their stretch stands nowhere
_SHOWN = 12  # articles named in the text; the rest is in the list
_LISTED = 1000  # articles of the list of all there are, newest first
_BY_SOMEBODY = 0.15  # probability that articles by somebody are meant
_LIKELIEST, _MENTIONED = 3, 0.05  # kinds; probability that articles on somebody are meant
_NEAREST = 8  # articles that are looked at for whether they are about a topic
# How likely an article is about a topic (a logit): by the cosine of its nearest passage above
# unrelated text, by the reader's relevance, and by the share of the topic's words. Fitted on 25
# questions for articles and on 46 topics that three collections mostly lack: 80 % of the former
# and 7 % of the latter are above `_ABOUT_IT`.
_BY_COSINE, _BY_RELEVANCE, _BY_WORDS, _BIAS = 39.0, 0.8, 3.5, -4.0
_ABOUT_IT, _MAY_BE = -1.5, -2.5
_BEHIND = 2.5  # logits below the best, for an article to be named with it
_JUDGED, _GUESSED = 0.35, 0.2  # confidence in articles that are named for their meaning
_ABOUT = 0.02  # cosine above unrelated text, below which a passage is about something else
_NEWEST = re.compile(
    r"最新|最近(?:的|一)|最后一|最晚|newest|latest|most recent|neueste|dernier", re.IGNORECASE
)
_OLDEST = re.compile(
    r"最早|最旧|最老|第一篇|最古|最初の|oldest|earliest|first (?:article|piece|report)",
    re.IGNORECASE,
)


def listing(question: Question, found: Found, context: Context) -> Draft | None:
    """How many articles mention something, and which; the newest or oldest of them.

    A year in a question may be of what is asked for: "the 2024 book fair".
    """
    scope = scope_of(question.asked, context.sources(), context.where)
    draft = _listing(question, found, context, scope)
    if draft is None and scope:
        draft = _listing(question, found, context, Scope(context.where, rest=question.asked))
    return draft


def _listing(question: Question, found: Found, context: Context, scope: Scope) -> Draft | None:
    rest = _NEWEST.sub(" ", _OLDEST.sub(" ", scope.rest))
    wanted = topics(rest, "articles", "count_articles", "author_articles")
    likely_author = dict(found.guess.kinds).get("author_articles", 0.0)
    if likely_author > _BY_SOMEBODY and (draft := _signed(question, wanted, scope, context)):
        return draft
    if not wanted:
        return _scoped(question, scope, context) if scope else None
    mentions = mentioned(question, wanted, context, scope.where)
    if mentions.articles:
        draft = _of_mentions(question, mentions, _and(question, mentions.terms), scope)
        topic = found.guess.kind == "articles" and len(mentions.terms) > 1
        return _with_like(question, draft, wanted, scope, context) if topic else draft
    if draft := _signed(question, wanted, scope, context):
        return draft
    return _related(question, _and(question, wanted), scope, context)


def mentioned(
    question: Question,
    wanted: Sequence[str],
    context: Context,
    where: Filter,
    *,
    least: float = _MOST_OF_IT,
) -> Mentions:
    """The articles with all that is `wanted` as it is written; else with its names, or words.

    These must make up at least the share `least` of it: else something else would be counted.
    """
    exact = context.mentions(wanted, where)
    if exact.articles or not wanted:
        return exact
    names = [n for n in question.names if not n[0].isdigit()]
    small = frame_words("")
    words = [
        text[a:b]
        for text in wanted
        for a, b in word_spans(text, question.primary)
        if b - a > 1 and text[a:b].casefold() not in small
    ]
    known = [word for word in dict.fromkeys(words) if context.knows(word, where)]
    for others in (list(dict.fromkeys(names)), known):
        enough = sum(map(len, others)) >= least * sum(map(len, wanted))
        if others and enough and len(others) <= _WORDS:
            looser = context.mentions(others, where)
            if looser.articles:
                return looser
    return exact


def holdings(question: Question, found: Found, context: Context) -> Draft | None:
    """What is in here: how many articles, from when to when, of which papers."""
    language = question.answer_language
    scope = scope_of(question.asked, context.sources(), context.where)
    if scope:
        return _scoped(question, scope, context)
    total = context.count(context.where)
    if not total:
        return Draft("answered", in_words(language, "empty"), total=0)
    parts = [in_words(language, "holdings", n=total)]
    of_a_day = replace(context.where, since=context.where.since or "0000-01-01")
    dated = context.count(of_a_day)
    if dated:
        first, last = (context.articles(of_a_day, newest=n, limit=1)[0] for n in (False, True))
        days = {"first": first.published, "last": last.published}
        parts.append(in_words(language, "holdings.days", **days))
    if dated < total:
        parts.append(in_words(language, "holdings.undated", n=total - dated))
    if sources := context.sources():
        comma = in_words(language, "separator")
        parts.append(in_words(language, "holdings.sources", sources=comma.join(sources)))
    space = " " if language not in ("zh-Hans", "zh-Hant", "ja") else ""
    newest = context.articles(context.where, newest=True, limit=_LISTED)
    statements = tuple(Statement(opening(a), f"{label(a)}: ") for a in newest[:5])
    listed = tuple(map(Listed, newest))
    return Draft("answered", space.join(parts), str(total), statements, listed, total)


def by_author(question: Question, found: Found, context: Context) -> Draft | None:
    """What an author wrote; or what else the author of an article did."""
    scope = scope_of(question.asked, context.sources(), context.where)
    wanted = topics(scope.rest, "author_articles")
    if draft := _signed(question, wanted, scope, context):
        return draft
    if scope and not wanted:
        return _scoped(question, scope, context)
    likely = dict(found.guess.kinds[:_LIKELIEST]).get("articles", 0.0)
    somebody = any(map(is_person, question.names))
    if (likely >= _MENTIONED or somebody) and not quoted(question.asked):
        return listing(question, found, context)
    if not wanted or not found.reading.hits:
        return None
    near = context.search(" ".join(wanted), 5).hits
    article = next((hit.article for hit in near if hit.article.byline), None)
    if article is None:
        return None
    others = [a for a in _articles_by(article.byline, scope.where, context) if a != article]
    language = question.answer_language
    if not others:
        lead = in_words(language, "by_author.none", author=article.byline)
        return Draft(
            "answered",
            lead,
            article.byline,
            (Statement(opening(article), f"{label(article)}: "),),
            total=0,
        )
    return _signed_by(question, article.byline, others)


def one_word(question: Question, found: Found, context: Context) -> Draft | None:
    """An overview of a name or a word: how many articles, and what each says first."""
    word = question.asked.strip(" ?？。.!！")
    mentions = context.mentions([word], context.where)
    if not mentions.articles and word != (name := "".join(quoted(word))) and name:
        mentions = context.mentions([name], context.where)
    if not mentions.articles:
        return None
    return _of_mentions(question, mentions, _and(question, mentions.terms), Scope(context.where))


def _of_mentions(question: Question, mentions: Mentions, term: str, scope: Scope) -> Draft:
    language, listed = question.answer_language, mentions.articles
    newest, oldest = _NEWEST.search(question.asked), _OLDEST.search(question.asked)
    dated = [item for item in listed if item.article.published[:1].isdigit()]
    if (newest or oldest) and dated:
        item = dated[-1] if newest else dated[0]
        lead = in_words(language, "newest" if newest else "oldest", term=term)
        quote = first_mention(item.article, mentions.terms[0])
        statement = Statement(quote, f"{label(item.article)}: ")
        return Draft("answered", lead, item.article.headline, (statement,), (item,), 1)
    n = len(listed)
    key = "mentions" if len(mentions.terms) == 1 else "mentions.both"
    lead = in_words(language, key, n=n, term=term, times=mentions.times)
    if scope.label:
        lead += in_words(language, "mentions.scope", scope=scope.label)
    statements = tuple(
        Statement(first_mention(item.article, mentions.terms[0]), f"{label(item.article)}: ")
        for item in listed[:_SHOWN]
    )
    return Draft("answered", lead, str(n), statements, listed, n, tail=_more(language, n))


def _related(question: Question, term: str, scope: Scope, context: Context) -> Draft | None:
    """Articles about a topic whose words they do not hold: a judgement.

    That answers which articles there are, if not how many, where one is about it.
    """
    near = _nearest(question, term, scope, context)
    if not near:
        return None
    n, language = len(near), question.answer_language
    lead = in_words(language, "mentions.none", term=term)
    lead += in_words(language, "related", n=n, term=term)
    articles = [one.article for one in near]
    statements = tuple(Statement(opening(a), f"{label(a)}: ") for a in articles[:_SHOWN])
    listed = tuple(Listed(article) for article in articles)
    sure = question.kind == "articles" and near[0].about >= _ABOUT_IT
    state: State = "answered" if sure else "possible"
    confidence = _JUDGED if sure else _GUESSED
    return Draft(state, lead, "", statements, listed, 0, confidence, tail=_more(language, n))


def _with_like(
    question: Question, draft: Draft, wanted: Sequence[str], scope: Scope, context: Context
) -> Draft:
    """The articles that hold all words of a topic, and behind them others that are about it."""
    exact = {item.article.id for item in draft.articles}
    near = _nearest(question, " ".join(wanted), scope, context)
    like = [n.article for n in near if n.article.id not in exact and n.about >= _ABOUT_IT]
    if not like:
        return draft
    lead = in_words(question.answer_language, "related.also", n=len(like))
    statements = [Statement(opening(a), f"{label(a)}: ") for a in like[:_SHOWN]]
    statements[0] = replace(statements[0], before=f"{lead} {statements[0].before}")
    return replace(draft, statements=(*draft.statements, *statements))


@dataclass(frozen=True, slots=True)
class _Near:
    """An article near a topic; `about` is the logit of its being about it."""

    article: Article
    about: float


def _nearest(question: Question, term: str, scope: Scope, context: Context) -> list[_Near]:
    """The articles that are about a topic, or may be, best first."""
    allowed = {a.id for a in context.articles(scope.where)} if scope else None
    hits: dict[str, Hit] = {}
    for hit in context.search(term, 50).hits:
        if _above(hit) >= _ABOUT and (allowed is None or hit.article.id in allowed):
            known = hits.get(hit.article.id)
            hits[hit.article.id] = max(known, hit, key=_above) if known else hit
    nearest = sorted(hits.values(), key=_above, reverse=True)[:_NEAREST]
    asked = about_topic(question.primary, term)
    relevance = context.relevance(asked, nearest) if nearest else []
    near = []
    for hit, logit in zip(nearest, relevance, strict=True):
        words = hit.parts.get("coverage", 0.0)
        about = _BY_COSINE * _above(hit) + _BY_RELEVANCE * logit + _BY_WORDS * words + _BIAS
        near.append(_Near(hit.article, about))
    near.sort(key=lambda one: -one.about)
    return [one for one in near if one.about >= max(near[0].about - _BEHIND, _MAY_BE)] or near[:1]


def _above(hit: Hit) -> float:
    return hit.parts.get("dense_above", 0.0)


def _scoped(question: Question, scope: Scope, context: Context) -> Draft:
    articles = context.articles(scope.where)
    n, language = len(articles), question.answer_language
    lead = in_words(language, "scoped", n=n, scope=scope.label)
    statements = tuple(Statement(opening(a), f"{label(a)}: ") for a in articles[:_SHOWN])
    listed = tuple(Listed(a) for a in articles)
    return Draft("answered", lead, str(n), statements, listed, n, tail=_more(language, n))


def _signed(
    question: Question, wanted: Sequence[str], scope: Scope, context: Context
) -> Draft | None:
    """The articles signed by one whom the question names."""
    for name in [*wanted, *question.names]:
        if signed := _articles_by(name, scope.where, context):
            return _signed_by(question, name, signed)
    return None


def _articles_by(name: str, where: Filter, context: Context) -> list[Article]:
    if len(name) < 2:
        return []
    near = context.articles(replace(where, contains=name))
    return [article for article in near if name.casefold() in article.byline.casefold()]


def _signed_by(question: Question, author: str, articles: Sequence[Article]) -> Draft:
    n, language = len(articles), question.answer_language
    lead = in_words(language, "by_author", n=n, author=author)
    statements = tuple(Statement(opening(a), f"{label(a)}: ") for a in articles[:_SHOWN])
    listed = tuple(Listed(a) for a in articles)
    return Draft("answered", lead, str(n), statements, listed, n, tail=_more(language, n))


def _more(language: str, n: int) -> str:
    return in_words(language, "more", n=n - _SHOWN) if n > _SHOWN else ""


def _and(question: Question, terms: Sequence[str]) -> str:
    return in_words(question.answer_language, "comma").join(terms)
