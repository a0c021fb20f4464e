"""What somebody said: their own statements, with the sentence that names them."""

from __future__ import annotations

import re

from qa_bot.answer.draft import Context, Draft, Found, Quote, Statement, quote_of
from qa_bot.answer.evidence import Evidence
from qa_bot.question.question import Question
from qa_bot.question.topic import topics
from qa_bot.records import State
from qa_bot.text.chinese import align
from qa_bot.text.sentences import split_sentences
from qa_bot.text.wording import in_words

__all__ = ["said"]

_MOST = 4  # statements
_OPEN, _CLOSE = "“「『", "”」』"
_MARKS = re.compile(f'[{_OPEN}{_CLOSE}"]')
_LONGEST = 500  # characters of a quote
_QUOTING = re.compile(r"[“「『][^”」』]{4,}")
_CLOSE_TO = 0.35  # of the best score, for another statement


def said(question: Question, found: Found, context: Context) -> Draft | None:
    """The sentences in which whoever is named says something about what is asked."""
    if found.reading.confidence < context.threshold and not found.reading.evidence:
        return None
    speakers = _speakers(question)
    chosen: list[Quote] = []
    best, short = 0.0, ""
    for evidence in found.reading.evidence:
        quote = _whole(quote_of(evidence))
        naming = _named_by(evidence, quote, speakers)
        if speakers and naming is None:
            continue
        best, short = max(best, evidence.score), short or evidence.answer
        if evidence.score < _CLOSE_TO * best or any(_overlap(quote, other) for other in chosen):
            continue
        chosen += [naming] if naming is not None and not _overlap(naming, quote) else []
        chosen.append(quote)
        if len(chosen) >= _MOST:
            break
    if not chosen:
        return None
    first = chosen[0].article.id
    chosen.sort(key=lambda q: (q.article.id != first, q.start))
    spoken = any(_QUOTING.search(quote.text) for quote in chosen)
    # the reader was trained on facts, and doubts what is right where somebody is quoted
    confidence = max(best, min(1.0, 2 * best) if spoken else best)
    state: State = "answered" if confidence >= context.threshold else "possible"
    lead = "" if state == "answered" else in_words(question.answer_language, "possible")
    statements = tuple(Statement(quote) for quote in chosen)
    return Draft(state, lead, short or chosen[-1].text, statements, confidence=confidence)


def _speakers(question: Question) -> list[str]:
    """Whom the question names: persons, else the first thing it is about."""
    named = [name for name in question.names if not name[0].isdigit() and name[0] != "第"]
    return named or [align(text) for text in topics(question.asked, "said")[:1]]


def _whole(quote: Quote) -> Quote:
    """The quote with the whole of a speech that it has one mark of, within its paragraph."""
    text, start, end = quote.article.text, quote.start, quote.end
    left = text.rfind("\n", 0, start) + 1
    right = text.find("\n", end)
    right = len(text) if right < 0 else right
    for opening, closing in zip(_OPEN, _CLOSE, strict=True):
        inner = text[start:end]
        if inner.count(closing) > inner.count(opening):
            at = text.rfind(opening, left, start)
            if at >= 0:
                start = next((a for a, b in split_sentences(text, left, end) if a <= at < b), start)
        elif inner.count(opening) > inner.count(closing):
            at = text.find(closing, end, right)
            end = at + 1 if at >= 0 else end
    if _MARKS.search(text[start:end]) is None:
        # "..., the director said." may stand behind what was said
        before = split_sentences(text, left, start)
        while before and text[before[-1][1] - 1] in _CLOSE and end - start < _LONGEST:
            start = before.pop()[0]
            if any(mark in text[start : start + 1] for mark in _OPEN):
                break
    return Quote(quote.article, start, end)


def _named_by(evidence: Evidence, quote: Quote, speakers: list[str]) -> Quote | None:
    """The sentence that says who speaks: the quote itself, or one before it in its paragraph."""
    plain, text = evidence.window.of.plain, evidence.window.article.text
    if any(name in plain[quote.start : quote.end] for name in speakers):
        return quote
    paragraph = text.rfind("\n", 0, quote.start) + 1
    before = split_sentences(
        text, max(0, text.rfind("\n", 0, max(0, paragraph - 1)) + 1), quote.start
    )
    for start, end in reversed(before):
        if any(name in plain[start:end] for name in speakers):
            return Quote(quote.article, start, end)
    return None


def _overlap(one: Quote, other: Quote) -> bool:
    return one.article.id == other.article.id and one.start < other.end and other.start < one.end
