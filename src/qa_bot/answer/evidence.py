"""Where a passage answers: the bare answer, and the sentence that proves it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qa_bot.answer.offices import office_at, stated_office
from qa_bot.answer.trimming import bare, with_whole_titles
from qa_bot.question.wording import align, day_asked_for, office_asked_of
from qa_bot.records import Hit
from qa_bot.text.sentences import split_sentences

if TYPE_CHECKING:
    from qa_bot.networks.spans import Scores, Span

__all__ = [
    "Evidence",
    "answer_in",
    "answer_of",
    "evidence_of",
    "more_evidence",
    "preface",
    "states_office",
]

_NEAR = 3.0  # logits below the best, for another sentence of a list or an explanation
_HEADING = 40  # half-width characters
_OPENING = 80  # half-width characters
_LONGEST = 400  # characters; a longer "sentence" is a list or a table, and proves nothing shortly


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that answers: `hit.article.text[start:end]`.

    `answer` is the bare answer in it; `score` is the probability that it is right.
    """

    hit: Hit
    start: int
    end: int
    score: float
    answer: str = ""

    @property
    def text(self) -> str:
        """The sentence itself."""
        return self.hit.article.text[self.start : self.end]


def preface(hit: Hit) -> str:
    """What is read before the passage's own text: the headline, and a paragraph's short opening.

    "The mayor set out three demands." is all that tells who demands what in the passages to come.
    A long first sentence has matters of its own, and draws questions to the wrong passage.
    """
    headline = f"{hit.article.title}\n" if hit.article.title else ""
    text, begin = hit.article.text, hit.passage.start
    paragraph = text.rfind("\n", 0, begin) + 1
    until = min(begin, paragraph + _LONGEST)
    for start, end in split_sentences(text, paragraph, until):
        opening = text[start:end]
        if _width(opening) > _OPENING:
            break
        return f"{headline}{opening}{' ' if opening.isascii() else ''}"
    return headline


def answer_in(question: str, hit: Hit, scores: Scores) -> Span | None:
    """The best answer in the passage, as offsets in the text that was read.

    A person's office stands in a sentence that names the person, and is no person.
    """
    before = len(preface(hit))
    if whom := office_asked_of(question):
        return _office_in(whom, hit, scores, before)
    span = scores.best(before)
    return None if span is None else _trimmed(question, hit, span)


def _office_in(whom: str, hit: Hit, scores: Scores, before: int) -> Span | None:
    text, shift = hit.article.text, hit.passage.start - before
    plain, found = align(text), []
    for start, end in _units(hit):
        if whom in plain[start:end] and (
            span := scores.best(max(before, start - shift), end - shift)
        ):
            at = stated_office(whom, text, start, end) or office_at(
                whom, text, span.start + shift, span.end + shift
            )
            if at is not None:
                found.append(replace(span, start=at[0] - shift, end=at[1] - shift))
    return max(found, key=lambda span: span.margin, default=None)


def states_office(whom: str, hit: Hit, span: Span | None) -> bool:
    """Whether the answer is an office that stands right before the name, as newspapers write it."""
    if not whom or span is None:
        return False
    shift = hit.passage.start - len(preface(hit))
    start, end = span.start + shift, span.end + shift
    return stated_office(whom, hit.article.text, start, end + len(whom)) == (start, end)


def _trimmed(question: str, hit: Hit, span: Span) -> Span:
    """The answer with whole titles; if it is a clause and the question asks when, the day in it."""
    text, shift = hit.article.text, hit.passage.start - len(preface(hit))
    start, end = with_whole_titles(text, span.start + shift, span.end + shift)
    if day := day_asked_for(question, text[start:end]):
        start, end = start + day[0], start + day[1]
    return replace(span, start=start - shift, end=end - shift)


def evidence_of(hit: Hit, span: Span, score: float) -> Evidence:
    """The sentence or sentences around the answer, as offsets in the article."""
    shift = hit.passage.start - len(preface(hit))
    start, end = span.start + shift, span.end + shift
    around = [(a, b) for a, b in _units(hit) if a < end and b > start]
    left = min([a for a, _ in around], default=start)
    right = max([b for _, b in around], default=end)
    if right - left > _LONGEST:
        left, right = max(left, start - _LONGEST // 4), min(right, end + _LONGEST // 4)
    return Evidence(hit, left, right, score, bare(hit.article.text[start:end]))


def answer_of(hit: Hit, span: Span | None) -> str:
    """The bare answer; "" if there is none."""
    if span is None:
        return ""
    shift = hit.passage.start - len(preface(hit))
    return bare(hit.article.text[span.start + shift : span.end + shift])


def more_evidence(hit: Hit, scores: Scores, best: Span, score: float) -> Iterator[Evidence]:
    """Further sentences of the passage that answer nearly as well."""
    before = len(preface(hit))
    shift = hit.passage.start - before
    for start, end in _units(hit):
        span = scores.best(max(before, start - shift), end - shift)
        if span is None or (span.start < best.end and best.start < span.end):
            continue
        if (behind := best.margin - span.margin) <= _NEAR:
            yield evidence_of(hit, span, score * (1 - behind / (2 * _NEAR)))


def _units(hit: Hit) -> Iterator[tuple[int, int]]:
    """The passage's sentences; one that is as short as a heading goes with its successor.

    "Third, on parking. The city will ..." is how newspapers list; the first sentence says what the
    second is about.
    """
    text = hit.article.text
    begin = -1
    # the passage may end with a heading whose text begins the next one
    until = min(len(text), hit.passage.end + _LONGEST)
    for start, end in split_sentences(text, hit.passage.start, until):
        if start >= hit.passage.end and begin < 0:
            return
        begin = start if begin < 0 else begin
        if _width(text[begin:end]) >= _HEADING or text[end : end + 1] == "\n" or end == len(text):
            yield begin, end
            begin = -1


def _width(text: str) -> int:
    """Length in half-width characters: a Chinese one says as much as two or three others."""
    return sum(1 + (ord(c) > 0x2E7F) for c in text)
