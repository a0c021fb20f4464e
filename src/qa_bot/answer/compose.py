"""From a draft to the answer the user sees."""

from __future__ import annotations

from collections.abc import Sequence

from qa_bot.answer.citations import cite
from qa_bot.answer.draft import Draft
from qa_bot.question.question import Question
from qa_bot.records import Answer, Article, Hit
from qa_bot.text.phrases import not_in_articles
from qa_bot.text.wording import in_words

__all__ = ["compose", "not_found"]

_CLOSEST = 2  # articles named where nothing was found


def compose(question: Question, kind: str, draft: Draft, hits: Sequence[Hit]) -> Answer:
    """The answer that `draft` makes, of this `kind`; `hits` are the passages, best first."""
    citations = cite(statement.quote for statement in draft.statements)
    lines = [
        f"{statement.before}{citation.quote} [{citation.number}]"
        for statement, citation in zip(draft.statements, citations, strict=True)
    ]
    text = "\n\n".join(part for part in (draft.lead, *lines, draft.tail) if part)
    answered = draft.state == "answered"
    return Answer(
        question=question.text,
        text=text,
        short=draft.short if answered else "",
        citations=citations,
        hits=tuple(hits),
        answerable=answered,
        confidence=draft.confidence,
        language=question.answer_language,
        absent=draft.absent,
        state=draft.state,
        kind=kind,
        articles=draft.articles,
        total=draft.total,
    )


def not_found(
    question: Question,
    kind: str,
    hits: Sequence[Hit],
    unknown: Sequence[str],
    confidence: float,
) -> Answer:
    """That the articles hold no answer: which names none of them has, and what is nearest.

    `unknown` are the names in the question that no article mentions.
    """
    language = question.answer_language
    lines = [not_in_articles(language)]
    if unknown:
        names = in_words(language, "comma").join(unknown)
        lines.append(in_words(language, "not_found.names", names=names))
    if closest := _closest(hits):
        names = in_words(language, "separator").join(article.headline for article in closest)
        lines.append(in_words(language, "not_found.closest", headlines=names))
    return Answer(
        question=question.text,
        text="\n\n".join(lines),
        short="",
        citations=(),
        hits=tuple(hits),
        answerable=False,
        confidence=confidence,
        language=language,
        state="not_found",
        kind=kind,
    )


def _closest(hits: Sequence[Hit]) -> list[Article]:
    return list({hit.article.id: hit.article for hit in hits}.values())[:_CLOSEST]
