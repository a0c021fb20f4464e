"""Which of several figures of a passage a sentence means: by the words and the days around each."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from qa_bot.llm.direction import role
from qa_bot.llm.figure import Figure
from qa_bot.llm.naming import persons, speaks_of
from qa_bot.llm.nearness import Nearness
from qa_bot.llm.values import same_value
from qa_bot.text.moments import Moment
from qa_bot.text.periods import Period
from qa_bot.text.quantities import Quantity
from qa_bot.text.terms import held

__all__ = ["another_is_meant"]

# How the cosine (of the clauses) and the reader's logit (of the figures) are put in one scale, in
# which the figure meant is ahead of its rivals; seen on pairs with two figures of one kind.
_COSINE, _LOGIT = 25.0, 0.2
_WORDS = 2.0  # what words that only one of the two clauses has weigh, if all are on one side
_BEHIND_ACROSS, _BEHIND = -1.5, -1.8  # between languages, and within one
_SCALE = 20  # counts that are so many times as large are not mistaken for one another
_COMPARED = re.compile(
    r"[比较与和跟同]$|相比|より$|(?<!\w)(?:than|against|with|as)(?: the| in)?\s?$"
)
_PART = re.compile(
    r"(?:其中[^，。；]{0,12}|うち[^，。；]{0,8}|(?<!\w)(?:including|among (?:them"
    r"|which)) (?:\w+ ){0,2})$"
)
_OF_WHICH = re.compile(r"(?: \w+)? of (?:which|whom|them|these)(?!\w)")
_WHOLE_BEHIND = re.compile(r"[^，。；]{0,12}(?:中|里|内)(?:有|的|，)?[^，。；]{0,4}")
_OF_WHOLE = re.compile(
    r"(?: \w+){0,2} (?:out )?of (?:the |its |their |his |her |all |those )?(?:\w+['’]s )?"
)


def another_is_meant(
    one: Figure,
    ours: Sequence[Figure],
    same: Sequence[Figure],
    theirs: Sequence[Figure],
    *,
    same_language: bool,
    networks: Nearness | None,
) -> bool:
    """Whether figure `one` of a sentence is rather a rival of those that are the `same` in value.

    `ours` and `theirs` are all figures of the sentence and of its source.
    """
    same = [f for f in same if f.clause]
    rivals = [f for f in theirs if f.clause and _rivals(one, f)]
    if same and all(_of_another_day(one, f, ours, rivals, theirs) for f in same):
        return True
    if not same or not rivals:
        return False
    if same_language and any(_whole_for_part(one, f, ours, rivals) for f in same):
        return True
    if any(_marked_alike(one, f, ours, theirs) for f in same):
        return False
    if not one.terms:
        return False
    if not same_language and any(_same_person(one, f) for f in rivals):
        return any(persons(f.clause) for f in same) and not any(_same_person(one, f) for f in same)
    words = _words_ahead(one, same, rivals) if same_language else 0.0
    if same_language and words >= 0:
        return False
    if networks is None:
        return words <= -1
    if not same_language:
        rivals = [f for f in rivals if _near_in_size(one, f)]
        if not rivals:
            return False
    ahead = _ahead(one, same, rivals, networks) + _WORDS * words
    return ahead < (_BEHIND if same_language else _BEHIND_ACROSS)


def _rivals(one: Figure, other: Figure) -> bool:
    """Whether another value of the same kind: what could be mistaken for it."""
    a, b = one.what, other.what
    if isinstance(a, Period) or isinstance(b, Period) or same_value(a, b):
        return False
    if isinstance(a, Moment) or isinstance(b, Moment):
        if not (isinstance(a, Moment) and isinstance(b, Moment)) or a.kind != b.kind:
            return False
        return a.kind != "day" or _told(a.value) == _told(b.value)
    if a.dimension != b.dimension or a.dimension == "score":
        return False
    if a.dimension:
        return True
    alike = a.kind == b.kind or not (a.kind and b.kind)
    return b.value > 1 and alike and _near_in_size(one, other)


def _near_in_size(one: Figure, other: Figure) -> bool:
    a, b = one.what, other.what
    if not (isinstance(a, Quantity) and isinstance(b, Quantity)):
        return True
    return bool(a.value) and 1 / _SCALE < abs(b.value / a.value) < _SCALE


# -- days, periods and labels --------------------------------------------------------------------


def _of_another_day(
    one: Figure,
    other: Figure,
    ours: Sequence[Figure],
    rivals: Sequence[Figure],
    theirs: Sequence[Figure],
) -> bool:
    """Whether the sentence sets its figure beside a day or label beside which a rival stands."""
    marks = _marks(one, ours)
    own = _marks(other, theirs)
    if any(_alike_value(mark, m) for mark in marks for m in own):
        return False
    for mark in marks:
        if _contrasted(mark, other, theirs):
            return True
        beside = [m for m in own if _alike(mark, m)] or _before(mark, other, theirs)
        if any(same_value(m.what, b.what) for m in marks for b in beside):
            continue
        near = any(m.sentence == other.sentence for m in beside)
        if near and any(_alike_value(mark, f) for f in theirs):
            return True
        if any(_alike_value(mark, m) for rival in rivals for m in _marks(rival, theirs)):
            return True
    return False


def _contrasted(mark: Figure, figure: Figure, figures: Sequence[Figure]) -> bool:
    """Whether a figure of the source is compared with the very time that `mark` tells."""
    told = [f for f in figures if _alike_value(mark, f) and f.sentence == figure.sentence]
    return (
        bool(told)
        and role(figure) != "from"
        and all(f.what.start > figure.what.start and _COMPARED.search(f.before) for f in told)
    )


def _marked_alike(
    one: Figure, other: Figure, ours: Sequence[Figure], theirs: Sequence[Figure]
) -> bool:
    """Whether a day or label stands beside both that stands nowhere else in the source."""
    return any(
        sum(_alike_value(mark, f) for f in theirs) == 1
        for mark in _marks(one, ours)
        for beside in _marks(other, theirs)
        if _alike_value(mark, beside)
    )


def _alike_value(mark: Figure, other: Figure) -> bool:
    return _alike(mark, other) and same_value(mark.what, other.what)


def _marks(figure: Figure, figures: Sequence[Figure]) -> list[Figure]:
    """The days, periods and labels in the clause of a figure, but those it is compared with."""
    return [
        f
        for f in figures
        if f is not figure
        and f.at == figure.at
        and f.text is figure.text
        and (not isinstance(f.what, Quantity) or f.what.dimension == "ordinal")
        and not _COMPARED.search(f.before)
    ]


def _before(mark: Figure, figure: Figure, figures: Sequence[Figure]) -> list[Figure]:
    """What a figure without a day of its own takes over: those before it in its sentence."""
    before = [
        f
        for f in figures
        if f.what.start < figure.at and _alike(mark, f) and not _COMPARED.search(f.before)
    ]
    return [f for f in before if f.sentence == figure.sentence] or before[-1:]


def _alike(one: Figure, other: Figure) -> bool:
    """Whether two marks may be compared: both a year, both a weekday, both a place in an order."""
    a, b = one.what, other.what
    if isinstance(a, Quantity) or isinstance(b, Quantity):
        return isinstance(a, Quantity) and isinstance(b, Quantity) and b.dimension == "ordinal"
    kinds = [_kind_of(w) for w in (a, b)]
    if kinds[0] != kinds[1]:
        return False
    if kinds[0] != "day":
        return True
    return bool(_told(a.value) & _told(b.value))


def _kind_of(what: Moment | Period) -> str:
    if isinstance(what, Moment):
        return what.kind
    return "day" if what.relative else "part"


def _told(value: str) -> set[int]:
    """Which parts of a day are told."""
    return {i for i, part in enumerate(_parts(value)) if part}


def _parts(value: str) -> tuple[str, ...]:
    """Year, month, day and what is told from an unknown day, "" where it tells none."""
    if value[0] in "YMS":
        return "", "", "", value
    if value.startswith("---"):
        return "", "", value[3:]
    return (
        ("", value[2:4], value[5:7])
        if value.startswith("--")
        else (value[:4], value[5:7], value[8:])
    )


# -- words ---------------------------------------------------------------------------------------


def _words_ahead(one: Figure, same: Sequence[Figure], rivals: Sequence[Figure]) -> float:
    """By how much the words of the sentence are those of its figure's clause, -1 to 1.

    Words that both clauses have do not count; the nearest rival does.
    """
    ahead = 1.0
    for rival in rivals:
        best = -1.0
        for figure in same:
            for_it, against = _told_apart(one.terms, figure.clause, rival.clause)
            total = for_it + against
            best = max(best, (for_it - against) / total if total else 0.0)
        ahead = min(ahead, best)
    return ahead


def _told_apart(terms: Sequence[str], clause: str, other: str) -> tuple[int, int]:
    """How many of the terms only the one, and how many only the other of two clauses has."""
    ours, theirs = held(terms, clause), held(terms, other)
    return len(ours - theirs), len(theirs - ours)


def _whole_for_part(
    one: Figure, whole: Figure, ours: Sequence[Figure], rivals: Sequence[Figure]
) -> bool:
    """Whether the sentence says of a whole what the source says of a part of it."""
    for part in rivals:
        if any(same_value(f.what, part.what) for f in ours):
            continue
        told = _told_of_part(whole, part)
        if (
            told
            and len(held(set(one.terms), told) - held(set(one.terms), whole_side(whole, part))) >= 1
        ):
            return True
    return False


def whole_side(whole: Figure, part: Figure) -> str:
    """What is told of the whole."""
    if whole.at != part.at:
        return whole.clause
    if whole.what.start < part.what.start:
        return whole.text[whole.at : part.what.start]
    return whole.behind


def _told_of_part(whole: Figure, part: Figure) -> str:
    """What is told of the part, "" if it is none of this whole."""
    text = whole.text
    if whole.what.end <= part.what.start:
        between = text[whole.what.end : part.what.start]
        if whole.at == part.at:
            return part.behind if _WHOLE_BEHIND.fullmatch(between) else ""
        near = whole.sentence == part.sentence and len(between) < 60
        return (
            part.clause
            if near and (_PART.search(part.before) or _OF_WHICH.match(part.behind))
            else ""
        )
    between = text[part.what.end : whole.what.start]
    return part.before if whole.at == part.at and _OF_WHOLE.fullmatch(between) else ""


# -- networks ------------------------------------------------------------------------------------


def _ahead(
    one: Figure, same: Sequence[Figure], rivals: Sequence[Figure], networks: Nearness
) -> float:
    """How far the networks prefer the figures of the same value to the rivals."""
    figures = [*same, *rivals]
    cosines = networks.cosines(_bare(one), [_bare(f) for f in figures])
    spans = [(f.what.start, f.what.end) for f in figures]
    logits = networks.answers(_asked(one), figures[0].text, spans)
    n = len(same)
    return _COSINE * _lead(cosines, n) + _LOGIT * _lead(logits, n)


def _lead(scores: np.ndarray, n: int) -> float:
    return float(scores[:n].max() - scores[n:].max())


def _bare(figure: Figure) -> str:
    """The clause without the figure."""
    start = figure.what.start - figure.at
    return f"{figure.clause[:start]} {figure.clause[start + len(figure.written) :]}"


def _asked(figure: Figure) -> str:
    """The sentence as the question that the figure answers."""
    text, what = figure.text, figure.what
    when = not isinstance(what, Quantity)
    if re.search("[\\u3040-\\u30ff]", text):
        word = "いつ" if when else "いくつ"
    elif text.isascii() or not re.search("[\\u3400-\\u9fff]", text):
        word = "when " if when else "how many "
    else:
        word = "什么时候" if when else "多少"
    noun = what.noun if isinstance(what, Quantity) and figure.written.endswith(what.noun) else ""
    mark = "?" if word.isascii() else "？"
    return f"{text[: what.start]}{word}{noun.strip()}{text[what.end :]}".rstrip("。. ") + mark


# -- persons -------------------------------------------------------------------------------------


def _same_person(one: Figure, other: Figure) -> bool:
    """Whether two clauses in different scripts name the same person."""
    pairs = ((one.clause, other.clause), (other.clause, one.clause))
    return any(latin.isascii() and speaks_of(latin, han) for latin, han in pairs)
