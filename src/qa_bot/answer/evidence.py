"""Where a passage answers: the bare answer, and the sentence that proves it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qa_bot.answer.offices import office_at, stated_office
from qa_bot.answer.trimming import bare, with_whole_titles
from qa_bot.answer.window import LONGEST_SENTENCE, Window
from qa_bot.question.question import Question
from qa_bot.question.wording import day_asked_for
from qa_bot.records import Hit

if TYPE_CHECKING:
    from qa_bot.networks.spans import Scores, Span

__all__ = [
    "Evidence",
    "answer_in",
    "answer_of",
    "evidence_of",
    "more_evidence",
    "states_office",
]

_NEAR = 4.0  # logits below the best, for another sentence of a list or an explanation


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that answers: `window.article.text[start:end]`.

    `answer` is the bare answer in it; `score` is the probability that it is right.
    """

    window: Window
    start: int
    end: int
    score: float
    answer: str = ""

    @property
    def hit(self) -> Hit:
        return self.window.hit

    @property
    def text(self) -> str:
        """The sentence itself."""
        return self.window.article.text[self.start : self.end]

    @property
    def plain(self) -> str:
        """`text` as `align` gives it."""
        return self.window.of.plain[self.start : self.end]


def answer_in(question: Question, window: Window, scores: Scores) -> Span | None:
    """The best answer in the passage, as offsets in the text that was read.

    A person's office stands in a sentence that names the person, and is no person.
    """
    if question.office_of:
        return _office_in(question.office_of, window, scores)
    span = scores.best(window.begin)
    return None if span is None else _trimmed(question, window, span)


def _office_in(whom: str, window: Window, scores: Scores) -> Span | None:
    plain, shift, found = window.of.plain, window.shift, []
    for start, end in window.units:
        if whom in plain[start:end] and (
            span := scores.best(max(window.begin, start - shift), end - shift)
        ):
            at = stated_office(whom, plain, start, end) or office_at(
                whom, plain, span.start + shift, span.end + shift
            )
            if at is not None:
                found.append(replace(span, start=at[0] - shift, end=at[1] - shift))
    return max(found, key=lambda span: span.margin, default=None)


def states_office(whom: str, window: Window, span: Span | None) -> bool:
    """Whether the answer is an office that stands right before the name, as newspapers write it."""
    if not whom or span is None:
        return False
    start, end = span.start + window.shift, span.end + window.shift
    return stated_office(whom, window.of.plain, start, end + len(whom)) == (start, end)


def _trimmed(question: Question, window: Window, span: Span) -> Span:
    """The answer with whole titles; if it is a clause and the question asks when, the day in it."""
    text, shift = window.article.text, window.shift
    start, end = with_whole_titles(text, span.start + shift, span.end + shift)
    if day := day_asked_for(question.asked, text[start:end]):
        start, end = start + day[0], start + day[1]
    return replace(span, start=start - shift, end=end - shift)


def evidence_of(window: Window, span: Span, score: float) -> Evidence:
    """The sentence or sentences around the answer, as offsets in the article."""
    start, end = span.start + window.shift, span.end + window.shift
    around = [(a, b) for a, b in window.units if a < end and b > start]
    left = min([a for a, _ in around], default=start)
    right = max([b for _, b in around], default=end)
    if right - left > LONGEST_SENTENCE:
        margin = LONGEST_SENTENCE // 4
        left, right = max(left, start - margin), min(right, end + margin)
    return Evidence(window, left, right, score, bare(window.article.text[start:end]))


def answer_of(window: Window, span: Span | None) -> str:
    """The bare answer; "" if there is none."""
    if span is None:
        return ""
    return bare(window.article.text[span.start + window.shift : span.end + window.shift])


def more_evidence(window: Window, scores: Scores, best: Span, score: float) -> Iterator[Evidence]:
    """Further sentences of the passage that answer nearly as well."""
    for start, end in window.units:
        span = scores.best(max(window.begin, start - window.shift), end - window.shift)
        if span is None or (span.start < best.end and best.start < span.end):
            continue
        if (behind := best.margin - span.margin) <= _NEAR:
            yield evidence_of(window, span, score * (1 - behind / (2 * _NEAR)))
