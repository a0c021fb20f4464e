"""The bare answer within the sentence that holds it."""

from __future__ import annotations

import re

from qa_bot.questions import AnswerKind, align, candidates

__all__ = ["short_answer"]

_CLAUSE = re.compile(r"[^，。；！？,;!?：:、\n]+")
_EDGES = "的了是在为有以被由和与及，。；：、！？,.;:!? “”‘’「」『』《》()（）"


def short_answer(kind: AnswerKind, sentence: str, weights: dict[str, float]) -> str:
    """The part of `sentence` that answers a question of this kind; "" if none stands out.

    `weights` are the question's content terms. Of the spans of the kind asked for, the one nearest
    to the question's terms is taken; what the question itself says is no answer.
    """
    if kind in ("reason", "list"):
        return ""
    text = align(sentence).lower()
    matches = _matches(text, weights)
    best, best_score = "", -1.0
    for start, end in candidates(kind, sentence):
        span = sentence[start:end].strip()
        if not span or _known(text[start:end], weights):
            continue
        score = sum(w / (2 + _gap(start, end, s, e)) for s, e, w in matches)
        if score > best_score:
            best, best_score = span, score
    if best:
        return best.strip('“”「」『』《》"') if kind == "quoted" else best
    return _uncovered(sentence, text, matches) if kind in ("other", "quoted", "place") else ""


def _matches(text: str, weights: dict[str, float]) -> list[tuple[int, int, float]]:
    """Where the question's terms stand in `text`; pairs of characters count, single ones do not."""
    found = []
    for term, weight in weights.items():
        if len(term) > 1:
            found += [(m.start(), m.end(), weight) for m in re.finditer(re.escape(term), text)]
    return found


def _gap(start: int, end: int, other_start: int, other_end: int) -> int:
    """Characters between two spans; a span behind the terms is nearer than one before them."""
    if other_end <= start:
        return start - other_end
    if end <= other_start:
        return (other_start - end) + 3
    return 0


def _known(span: str, weights: dict[str, float]) -> bool:
    """Whether the question itself says all of `span`."""
    pairs = [span[i : i + 2] for i in range(len(span) - 1)] or [span]
    return all(pair in weights for pair in pairs) or span in weights


def _uncovered(sentence: str, text: str, matches: list[tuple[int, int, float]]) -> str:
    """What the clause that says most of the question says besides."""
    if not matches or not any(c > "\u2e7f" for c in text):
        return ""  # what is left of a Western clause is seldom a phrase
    clauses = [m.span() for m in _CLAUSE.finditer(text)]
    start, end = max(
        clauses, key=lambda c: sum(w for s, e, w in matches if c[0] <= s and e <= c[1])
    )
    covered = [False] * len(text)
    for s, e, _ in matches:
        covered[s:e] = [True] * (e - s)
    runs, at = [], start
    while at < end:
        stop = at
        while stop < end and covered[stop] == covered[at]:
            stop += 1
        if not covered[at]:
            runs.append(sentence[at:stop].strip(_EDGES))
        at = stop
    return max(runs, key=len, default="")
