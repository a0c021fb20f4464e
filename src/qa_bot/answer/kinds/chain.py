"""Questions in two steps, of which the second is asked of what the first one answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from qa_bot.answer.draft import Context, Draft, Found
from qa_bot.question.question import Question, parse
from qa_bot.question.steps import steps_of
from qa_bot.text.wording import in_words

__all__ = ["chain"]

_LONGEST_NAME = 24  # characters of an answer of which more is asked; Latin letters count half
_MOST = 6  # quotes

Answering = Callable[[Question, Found, Context], tuple[str, Draft | None]]


def chain(question: Question, context: Context, answering: Answering) -> tuple[str, Draft] | None:
    """The answer to the second step with the quotes of both; None where one of them has none."""
    steps = steps_of(question.asked)
    if steps is None:
        return None
    _, first = _answer(steps.first, context, answering)
    name = first.short.strip() if first else ""
    if first is None or not _is_name(name):
        return None
    kind, then = _answer(steps.then.replace("{}", name), context, answering)
    if then is None:
        return None
    separator = in_words(question.answer_language, "separator")
    lead = separator.join(filter(None, (name, then.lead))) if steps.both else then.lead
    known = {(s.quote.article.id, s.quote.start) for s in then.statements}
    before = [s for s in first.statements[:1] if (s.quote.article.id, s.quote.start) not in known]
    return kind, replace(
        then,
        lead=lead,
        statements=(*before, *then.statements)[:_MOST],
        confidence=min(first.confidence, then.confidence),
    )


def _is_name(answer: str) -> bool:
    """Whether more can be asked of an answer: it is short, and no number."""
    width = sum(0.5 if c.isascii() else 1 for c in answer)
    return 0 < width <= _LONGEST_NAME and not answer[0].isdigit()


def _answer(asked: str, context: Context, answering: Answering) -> tuple[str, Draft | None]:
    question = parse(asked)
    found = context.find(question)
    kind, draft = answering(replace(question, kind=found.guess.kind), found, context)
    answered = draft is not None and draft.state == "answered"
    return kind, draft if answered else None
