"""A fact, and whatever else is read from sentences: the reader's answer with what proves it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from qa_bot.answer.answer_type import counts_in_unit, echoes, fits
from qa_bot.answer.draft import Context, Draft, Found, Quote, Statement, quote_of
from qa_bot.answer.evidence import Evidence
from qa_bot.answer.name_check import absent_names
from qa_bot.answer.reader import Reading
from qa_bot.question.question import Question
from qa_bot.question.wording import same_answer
from qa_bot.records import SURE
from qa_bot.search.retriever import coverage
from qa_bot.text.chinese import align
from qa_bot.text.phrases import alternatively
from qa_bot.text.sentences import split_sentences
from qa_bot.text.wording import in_words

__all__ = ["POSSIBLE", "aspects", "explanation", "fact", "yes_or_no"]

POSSIBLE = 0.15  # confidence, below which a sentence has hardly ever to do with the question
_POSSIBLE_ACROSS = 0.2  # the same of an article in another language

_MOST = 4  # sentences shown
_MANY = 8  # of a matter that has many sides
_SIDES = 2  # sentences near the best one
_ASIDE = 0.04  # score from which on a sentence tells one of them
_LEAST = 0.08  # score, below which a second sentence has hardly ever to do with the question
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_CLOSE = 0.5  # of the best sentence's score, for another to be shown as well
_TOLD = 0.6  # probability from which on it is known what a fact asks for
_TRIED = 3  # sentences whose answer may be of the kind asked for
_WIDE = ("why", "how")
_WIDEST = 220  # characters of a quote that is made wider
_UNSURE = 2  # sentences shown where none answers plainly
_NEGATION = re.compile(
    r"不|没|未|无|非|否认|\b(?:not|no|never|neither|nor|without|denie[sd])\b|n't\b|ない|なかった|ません",
    re.IGNORECASE,
)
_COVERED = 0.6  # share of the question's weight that a sentence holds, for it to settle it
_DOUBT = re.compile(r"是否|有没有|是不是|能不能|会不会|吗|呢|[？?]")


def fact(question: Question, found: Found, context: Context) -> Draft | None:
    """The bare answer and the sentence that proves it; what another article says of it."""
    reading = found.reading
    if not reading.evidence:
        return None
    if reading.confidence < context.threshold:
        return _possible(question, reading)
    fitting = _of_the_kind(question, found)
    if not fitting:
        return _possible(question, reading)
    reading = replace(reading, evidence=tuple(fitting))
    best, *others = fitting
    close = [e for e in others if e.score >= _CLOSE * best.score and e.text != best.text]
    alike = [e for e in close if same_answer(e.answer, best.answer) and _elsewhere(e, best)]
    contrary = [e for e in others if _contrary(e, best)]
    chosen = [best, *alike[:1], *contrary[:1]]
    return _answered(question, reading, chosen)


def _of_the_kind(question: Question, found: Found) -> list[Evidence]:
    """The evidence, from the first on that is of the kind asked for; none where that is far off."""
    asks, share = found.guess.asks[0]
    evidence = found.reading.evidence
    if found.guess.kind != "fact":
        return list(evidence)
    for at, one in enumerate(evidence[:_TRIED]):
        if one.score < _CLOSE * evidence[0].score:
            break
        kind = share < _TOLD or fits(asks, one.answer or one.text)
        kind = kind and not echoes(question.plain, one.answer)
        if kind and counts_in_unit(question.plain, one.plain):
            return list(evidence[at:])
    return []


def explanation(question: Question, found: Found, context: Context) -> Draft | None:
    """The sentences that together answer why or how, or that list several things."""
    reading = found.reading
    if not reading.evidence:
        return None
    if reading.confidence < context.threshold:
        return _possible(question, reading)
    best, *others = reading.evidence
    close = [e for e in others if e.score >= _CLOSE * best.score and e.text != best.text]
    # sentences of one article read in its order, behind those of the best one's article
    article = best.hit.article.id
    chosen = [best, *close][:_MOST]
    chosen.sort(key=lambda e: (e.hit.article.id != article, e.hit.article.id, e.start))
    draft = _answered(question, reading, chosen)
    # a reason or a way is seldom told in one sentence
    wide = question.kind in _WIDE
    return replace(draft, statements=_wider(draft.statements)) if wide else draft


def aspects(question: Question, found: Found, context: Context) -> Draft | None:
    """The sentences that tell one side each of what has many: measures, effects, views.

    Where one sentence stands out, what is asked has one side.
    """
    reading = found.reading
    if not reading.evidence or reading.confidence < context.threshold:
        return None
    best = reading.evidence[0]
    texts: dict[str, Evidence] = {}
    for evidence in reading.evidence:
        if evidence.score >= _ASIDE:
            texts.setdefault("".join(evidence.text.split()), evidence)
    chosen = list(texts.values())[:_MANY]
    alone = sum(e.score >= _CLOSE * best.score for e in chosen) < _SIDES
    if alone and best.score >= SURE:
        return explanation(question, found, context)
    place = {e.hit.article.id: at for at, e in reversed(list(enumerate(chosen)))}
    chosen.sort(key=lambda e: (place[e.hit.article.id], e.start))
    draft = _answered(question, reading, chosen)
    return replace(draft, lead=best.answer if alone else "", short=best.answer or best.text)


def _wider(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """The quotes with the sentences of their paragraphs that follow them, as far as they are short.

    Where they meet they become one.
    """
    found: list[Statement] = []
    for statement in statements:
        quote = statement.quote
        text, end = quote.article.text, quote.end
        line = text.find("\n", end)
        for a, b in split_sentences(text, end, len(text) if line < 0 else line):
            if b - quote.start > _WIDEST:
                break
            end = max(end, b) if a >= end else end
        last = found[-1].quote if found else None
        if last and last.article.id == quote.article.id and last.start <= quote.start <= last.end:
            joined = Quote(quote.article, last.start, max(last.end, end))
            found[-1] = replace(found[-1], quote=joined)
        else:
            found.append(replace(statement, quote=Quote(quote.article, quote.start, end)))
    return tuple(found)


def yes_or_no(question: Question, found: Found, context: Context) -> Draft | None:
    """The sentence that settles it; yes or no where that is plain."""
    draft = explanation(question, found, context)
    if draft is None or draft.state != "answered":
        return draft
    quote = draft.statements[0].quote
    told, asked = align(quote.text), _DOUBT.sub("", question.plain)
    settled = (
        draft.confidence >= SURE
        and not _NEGATION.search(asked)
        and not _NEGATION.search(told)
        and coverage(found.search.weights, f"{quote.article.title}\n{quote.text}") >= _COVERED
        and set(_NUMBER.findall(asked)) <= set(_NUMBER.findall(told))
    )
    # a lead of the reader's would be a piece of the sentence, which answers nothing
    lead = in_words(question.answer_language, "yes") if settled else ""
    return replace(draft, lead=lead)


def _possible(question: Question, reading: Reading) -> Draft | None:
    """The likeliest sentences, where none answers plainly."""
    likely = [e for e in reading.evidence if e.score >= _least(question, e)]
    distinct: list[Evidence] = []
    for evidence in likely:
        if all(evidence.text != other.text for other in distinct):
            distinct.append(evidence)
    if not distinct:
        return None
    lead = in_words(question.answer_language, "possible")
    statements = tuple(Statement(quote_of(e)) for e in distinct[:_UNSURE])
    return Draft("possible", lead, "", statements, confidence=reading.confidence)


def _least(question: Question, evidence: Evidence) -> float:
    """The score from which on a sentence may answer."""
    language = evidence.window.of.language
    return POSSIBLE if language in ("", question.primary) else _POSSIBLE_ACROSS


def _answered(question: Question, reading: Reading, chosen: list[Evidence]) -> Draft:
    best = chosen[0]
    other = _other(question, reading, chosen)
    before = alternatively(question.answer_language)
    statements = [Statement(quote_of(e)) for e in chosen]
    statements += [Statement(quote_of(e), before) for e in other]
    lead = _lead(chosen)
    return Draft(
        "answered",
        lead,
        best.answer or best.text,
        tuple(statements),
        confidence=reading.confidence,
        absent=_absent(question, [*chosen, *other]),
    )


def _absent(question: Question, cited: list[Evidence]) -> tuple[str, ...]:
    """What a question names and no cited article does, if all are in its language."""
    if any(e.window.of.language != question.primary for e in cited):
        return ()
    missing = [absent_names(question, e.window.of, e.plain) for e in cited]
    return tuple(name for name in missing[0] if all(name in names for names in missing))


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


def _lead(chosen: list[Evidence]) -> str:
    """The bare answer, and those that contradict it; "" where it is its sentence."""
    best = chosen[0]
    contrary = [e for e in chosen[1:] if _contrary(e, best)]
    if contrary:
        days = [e.hit.article.published for e in (best, *contrary)]
        dated = all(days) and len({*days}) == len(days)
        pairs = zip((best, *contrary), days, strict=True)
        return " / ".join(f"{e.answer} ({day})" if dated else e.answer for e, day in pairs)
    # an answer that is its sentence need not be said twice
    return "" if len(best.answer) > 0.8 * len(best.text) else best.answer
