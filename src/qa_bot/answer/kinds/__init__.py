"""One module a kind of answer; `answer_for` asks those that are likely, one after the other."""

from __future__ import annotations

from dataclasses import replace

from qa_bot.answer.draft import Context, Draft, Found, Handler
from qa_bot.answer.kinds import (
    about_article,
    chain,
    collection,
    comparison,
    enumeration,
    fact,
    identity,
    speech,
    summary,
    talk,
    timeline,
)
from qa_bot.question.kinds import SEVERAL
from qa_bot.question.question import Question
from qa_bot.records import SURE

__all__ = ["HANDLERS", "answer_for"]

HANDLERS: dict[str, Handler] = {
    "fact": fact.fact,
    "why": fact.explanation,
    "how": fact.explanation,
    "aspects": fact.aspects,
    "yesno": fact.yes_or_no,
    "list": enumeration.members,
    "nth": enumeration.nth,
    "said": speech.said,
    "who_is": identity.who_is,
    "what_is": identity.what_is,
    "summary": summary.summary,
    "timeline": timeline.timeline,
    "comparison": comparison.comparison,
    "count_articles": collection.listing,
    "articles": collection.listing,
    "author_articles": collection.by_author,
    "holdings": collection.holdings,
    "topic": collection.one_word,
    "article_author": about_article.author,
    "article_date": about_article.date,
    "article_source": about_article.source,
    "article_title": about_article.title,
    "article_length": about_article.length,
    "talk": talk.talk,
}
_LIKELY = 0.4  # probability of a kind, below which it is not asked
_PLAIN = 0.6
_EXACT = 0.15
_KINDS = 2  # that are asked
_CLEAR = 0.8  # probability from which on a kind is not taken for a fact
_FACTS_TOO = ("who_is", "what_is", "comparison", "summary", "timeline")


def answer_for(question: Question, found: Found, context: Context) -> tuple[str, Draft | None]:
    """What answers a question, and of which kind it is; None where nothing was found.

    A question in two steps is asked in two, where that is believed at least as much.
    """
    kind, draft = _likeliest(question, found, context)
    chained = chain.chain(question, context, _likeliest) if _may_chain(kind) else None
    if chained is None:
        return kind, draft
    if draft and draft.state == "answered" and draft.confidence > chained[1].confidence:
        return kind, draft
    return chained


def _may_chain(kind: str) -> bool:
    return kind != "comparison" and (kind == "fact" or kind in SEVERAL or kind in _FACTS_TOO)


def _likeliest(question: Question, found: Found, context: Context) -> tuple[str, Draft | None]:
    """The first draft that answers, of likely kinds and the reader's; else a possible one."""
    kinds = [kind for kind, share in found.guess.kinds[:_KINDS] if share >= _least(kind)]
    if found.guess.kind == "timeline":
        kinds = list(dict.fromkeys(("timeline", *kinds)))
    if kinds and kinds[0] in _FACTS_TOO and found.guess.kinds[0][1] < _CLEAR:
        # "who is the mayor of X" is asked like "who is X": what is read tells them apart
        kinds = ["fact", *kinds] if found.reading.confidence >= SURE else kinds
    kinds.append("why" if found.guess.kind in SEVERAL else "fact")
    if kinds[0] == "fact" and comparison.asks_of_each(question.asked):
        kinds = ["comparison", *kinds]
    possible: tuple[str, Draft] | None = None
    for kind in dict.fromkeys(kinds):
        draft = HANDLERS[kind](question, found, context)
        if draft is None:
            continue
        if kind == "why" and found.guess.kind == "timeline":
            draft = replace(draft, state="possible")  # one sentence is no order of events
        if draft.state == "answered" or draft.settled:
            return _named(kind, found), draft
        possible = possible or (kind, draft)
    if found.guess.kind in ("fact", *SEVERAL) and "comparison" not in kinds:
        # "who was faster, A or B" is asked like a fact, and read of each by itself
        draft = comparison.comparison(question, found, context)
        if draft and draft.state == "answered" and draft.confidence >= context.threshold:
            return "comparison", draft
    return possible or (found.guess.kind, None)


def _least(kind: str) -> float:
    """The probability from which on a kind is asked: more, where it always finds something."""
    if kind == "holdings":
        return _EXACT
    return _PLAIN if kind in ("timeline", "summary") else _LIKELY


def _named(kind: str, found: Found) -> str:
    """The kind that was asked for where the reader's sentences stand in for it."""
    return found.guess.kind if kind == "why" and found.guess.kind in SEVERAL else kind
