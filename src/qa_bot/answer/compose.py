"""From what was found and read to the answer the user sees."""

from __future__ import annotations

import re

from qa_bot.answer.citations import cite
from qa_bot.answer.evidence import Evidence
from qa_bot.answer.name_check import absent_names
from qa_bot.answer.reader import Reading
from qa_bot.question.question import Question
from qa_bot.question.wording import same_answer
from qa_bot.records import Answer, Citation
from qa_bot.text.chinese import align
from qa_bot.text.phrases import alternatively, not_in_articles

__all__ = ["SURE", "compose"]

SURE = 0.75  # confidence from which on one sentence is enough

_MOST = 4  # sentences shown
_LEAST = 0.05  # score, below which a second sentence has hardly ever to do with the question
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_CLOSE = 0.5  # of the best sentence's score, for another to be shown as well


def compose(
    question: Question, reading: Reading, threshold: float, timings: dict[str, float]
) -> Answer:
    """The answer that `reading` supports, or that the articles hold none.

    `threshold` is the least confidence (0 to 1) at which an answer is given.
    """
    language = question.answer_language
    answerable = bool(reading.evidence) and reading.confidence >= threshold
    if not answerable:
        return Answer(
            question=question.text,
            text=not_in_articles(language),
            short="",
            citations=(),
            hits=reading.hits,
            answerable=False,
            confidence=reading.confidence,
            language=language,
            timings=timings,
        )
    chosen = _chosen(question, reading)
    other = _other(question, reading, chosen)
    citations = cite([*chosen, *other])
    text = _text(chosen, citations)
    for citation in citations[len(chosen) :]:
        text += f"\n\n{alternatively(language)}{citation.quote} [{citation.number}]"
    return Answer(
        question=question.text,
        text=text,
        short=chosen[0].answer or citations[0].quote,
        citations=citations,
        hits=reading.hits,
        answerable=True,
        confidence=reading.confidence,
        language=language,
        timings=timings,
        absent=_absent(question, [*chosen, *other]),
    )


def _absent(question: Question, cited: list[Evidence]) -> tuple[str, ...]:
    """What a question names and no cited article does, if all are in its language."""
    if any(e.window.of.language != question.primary for e in cited):
        return ()
    missing = [absent_names(question, e.window.of, e.plain) for e in cited]
    return tuple(name for name in missing[0] if all(name in names for names in missing))


def _chosen(question: Question, reading: Reading) -> list[Evidence]:
    """The best sentence, and those that belong to the answer as well.

    Of a list or an explanation these are all that come close; of a fact, what another article says
    of it: the same, or something else.
    """
    best, *others = reading.evidence
    close = [e for e in others if e.score >= _CLOSE * best.score and e.text != best.text]
    if question.kind == "fact":
        alike = [e for e in close if same_answer(e.answer, best.answer) and _elsewhere(e, best)]
        contrary = [e for e in others if _contrary(e, best)]
        return [best, *alike[:1], *contrary[:1]]
    # sentences of one article read in its order, behind those of the best one's article
    article = best.hit.article.id
    chosen = [best, *close][:_MOST]
    return sorted(chosen, key=lambda e: (e.hit.article.id != article, e.hit.article.id, e.start))


def _other(question: Question, reading: Reading, chosen: list[Evidence]) -> list[Evidence]:
    """The next best sentence, where the best is alone and not sure; none that lacks its names.

    Of 118 news questions answered so, 12 have their answer there instead.
    """
    best, *others = reading.evidence
    if len(chosen) > 1 or best.score >= SURE:
        return []
    named = [name for name in question.names if name in best.plain]
    second = next((e for e in others if e.text != best.text and e.score >= _LEAST), None)
    fits = second is not None and all(name in second.plain for name in named)
    return [second] if second is not None and fits else []


def _elsewhere(one: Evidence, other: Evidence) -> bool:
    return one.hit.article.id != other.hit.article.id


def _contrary(one: Evidence, best: Evidence) -> bool:
    """Whether another article comes close and answers differently.

    One of another day may do so in any way; what nobody dated, or was written on the same day, says
    the same in other words more often than not, unless it has other numbers.
    """
    days = {one.hit.article.published, best.hit.article.published}
    return (
        _elsewhere(one, best)
        and one.score >= _CLOSE * best.score
        and bool(one.answer and best.answer)
        and not same_answer(one.answer, best.answer)
        and ((len(days) == 2 and all(days)) or _other_numbers(one.answer, best.answer))
    )


def _other_numbers(one: str, other: str) -> bool:
    numbers = [set(_NUMBER.findall(align(answer))) for answer in (one, other)]
    return all(numbers) and not numbers[0] & numbers[1]


def _text(chosen: list[Evidence], citations: tuple[Citation, ...]) -> str:
    """The bare answer, those that contradict it, and the sentences that prove them."""
    best = chosen[0]
    short = best.answer
    quotes = citations[: len(chosen)]
    contrary = [e for e in chosen[1:] if _contrary(e, best)]
    if contrary:
        days = [e.hit.article.published for e in (best, *contrary)]
        dated = all(days) and len({*days}) == len(days)
        told = zip((best, *contrary), days, strict=True)
        short = " / ".join(f"{e.answer} ({day})" if dated else e.answer for e, day in told)
    lines = [f"{citation.quote} [{citation.number}]" for citation in quotes]
    # an answer that is its sentence need not be said twice
    whole = not contrary and len(short) > 0.8 * len(best.text)
    return "\n\n".join(lines if whole or not short else [short, *lines])
