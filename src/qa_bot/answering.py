"""From what was found and read to the answer the user sees."""

from __future__ import annotations

from qa_bot.citations import cite
from qa_bot.phrases import answer_language, not_in_articles
from qa_bot.questions import answer_kind
from qa_bot.reader import Evidence, Reading
from qa_bot.records import Answer, Citation, Hit

__all__ = ["compose"]

_MOST_SENTENCES = {"list": 4}  # other kinds: 3
_CLOSE = 0.6  # of the best sentence's score, for another to be shown as well
_RELATED = 5  # passages shown with "not in the articles"


def compose(
    question: str,
    hits: tuple[Hit, ...],
    reading: Reading,
    threshold: float,
    timings: dict[str, float],
) -> Answer:
    """The answer that `reading` supports, or that the articles hold none.

    `threshold` is the least confidence (0 to 1) at which an answer is given.
    """
    language = answer_language(question)
    if not reading.evidence or reading.confidence < threshold:
        return Answer(
            question=question,
            text=not_in_articles(language),
            short="",
            citations=(),
            hits=hits[:_RELATED],
            answerable=False,
            confidence=reading.confidence,
            language=language,
            timings=timings,
        )
    citations = cite(_chosen(question, reading))
    return Answer(
        question=question,
        text=_text(reading.short, citations),
        short=reading.short or citations[0].quote,
        citations=citations,
        hits=hits,
        answerable=True,
        confidence=reading.confidence,
        language=language,
        timings=timings,
    )


def _chosen(question: str, reading: Reading) -> list[Evidence]:
    """The best sentence, and those that come close to it."""
    most = _MOST_SENTENCES.get(answer_kind(question), 3)
    best = reading.evidence[0].score
    close = [e for e in reading.evidence[:most] if e.score >= _CLOSE * best]
    # sentences of one article read in its order, behind the best one
    return close[:1] + sorted(close[1:], key=lambda e: (e.hit.article.id, e.start))


def _text(short: str, citations: tuple[Citation, ...]) -> str:
    lines = [f"{citation.quote} [{citation.number}]" for citation in citations]
    return "\n\n".join([short, *lines] if short else lines)
