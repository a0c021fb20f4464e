"""Whether the figures of a sentence are those of its source: quantities and moments, by meaning.

A figure of the sentence needs one in the source of the same value in the same unit, which goes the
same way (up or down, from, to or by, more or less than, each day or each week) and counts the same,
or several that it follows from. Of several figures of a passage that it could be, it must be the
one whose words are most like its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa_bot.llm.alignment import another_is_meant
from qa_bot.llm.derivation import follows
from qa_bot.llm.direction import goes_against
from qa_bot.llm.figure import Figure, day_of, figures_in
from qa_bot.llm.nearness import Nearness
from qa_bot.llm.values import same_value
from qa_bot.text.chinese import words
from qa_bot.text.moments import Moment
from qa_bot.text.periods import Period
from qa_bot.text.quantities import STRONG, Quantity

__all__ = ["other_figures", "telling_figures"]

_SUPERLATIVE = (
    r"(?:high|low|larg|bigg|small|long|short|fast|slow|old|young|hott|cold|wett|dri|rich|bus)i?est"
)
_BEST = re.compile(
    rf"最[高低大小长短快慢多少热冷老]|(?<!\w)(?:{_SUPERLATIVE}|most|tops|leads|top of)(?!\w)", re.I
)
_NTH_BEST = re.compile(
    rf"第[二三四五六七八九十\d]+[高低大小长短快慢多少热冷]|(?:第[二三四五六七八九十\d]+[位名])"
    rf"|(?<!\w)(?:second|third|fourth|fifth|sixth|\d+(?:nd|rd|th))[- ](?:most"
    rf"|{_SUPERLATIVE})(?!\w)",
    re.I,
)
_HAN_NOUN = re.compile(r"[\u3400-\u9fff]{1,6}")
_SMALL = 10  # a count that may be of things which the source tells one by one


def other_figures(
    claim: str,
    source: str,
    published: str,
    *,
    same_language: bool,
    networks: Nearness | None = None,
) -> list[str]:
    """The figures of aligned `claim`, as written there, that aligned `source` does not give so.

    `published` is the ISO day of the source, "" if unknown. Without `networks` a figure in another
    language than the source is compared by its value, unit and direction only.
    """
    today = day_of(source, published)
    ours, theirs = figures_in(claim, today), [*figures_in(source, today)]
    if today:
        theirs.append(Figure(Moment("day", today, 0, 0), "", 0, "", "", (), ""))
    missing = []
    for figure in ours:
        if _trivial(figure, theirs):
            continue
        same = [
            f for f in theirs if same_value(figure.what, f.what) and not goes_against(figure, f)
        ]
        same = [f for f in same if not (same_language and _counts_other(figure, f, theirs))]
        if same:
            elsewhere = another_is_meant(
                figure, ours, same, theirs, same_language=same_language, networks=networks
            )
            if elsewhere:
                missing.append(figure.written)
        elif not follows(figure, theirs):
            missing.append(figure.written)
    return [*missing, *_ranked_higher(claim, source)]


def _ranked_higher(claim: str, source: str) -> list[str]:
    """The superlative of the sentence where the source tells of the second or third only."""
    best = _BEST.search(_NTH_BEST.sub("", claim))
    if not best or not _NTH_BEST.search(source) or _BEST.search(_NTH_BEST.sub("", source)):
        return []
    return [best[0]]


def telling_figures(claim: str) -> int:
    """How many figures of aligned `claim` hardly stand in a source by chance: 320 million yuan."""
    return sum(_telling(figure.what) for figure in figures_in(claim, ""))


def _telling(what: Quantity | Moment | Period) -> bool:
    if isinstance(what, Quantity):
        return what.dimension in STRONG or what.dimension == "score" or what.value > 9
    return isinstance(what, Moment) and what.kind == "day"


def _trivial(figure: Figure, theirs: Sequence[Figure]) -> bool:
    """Whether it says nothing of its own: one of them, the first half hour, last year."""
    what = figure.what
    if isinstance(what, Period):
        return what.relative  # it is compared where it stands beside another figure
    if isinstance(what, Moment) or what.value != 1:
        return False
    if what.dimension == "ordinal" and what.noun not in ("名", "place", "prize"):
        others = (f.what for f in theirs)
        return not any(isinstance(o, Quantity) and o.dimension == "ordinal" for o in others)
    return what.dimension == ""


# -- counting the same -------------------------------------------------------------------------


def _counts_other(one: Figure, other: Figure, theirs: Sequence[Figure]) -> bool:
    """Whether, within a language, the two count different things."""
    a, b = one.what, other.what
    if not (isinstance(a, Quantity) and isinstance(b, Quantity)) or a.dimension in STRONG:
        return False
    if a.dimension in ("ordinal", "score"):
        return False
    if one.text.isascii():
        noun, told = _stem(a.noun), _stem(b.noun)
        others = {_stem(_noun_behind(f)) for f in theirs if f is not other}
        return bool(noun and told) and noun != told and noun in others
    noun, told = _noun_behind(one), _noun_behind(other)
    if not noun or (not told and a.kind and a.kind == b.kind):
        return False
    around = other.clause if told or other.terms else other.sentence
    return not set(noun) & set(around)


def _noun_behind(figure: Figure) -> str:
    """The noun that a number counts: 小区 of 46个小区; "" where none stands behind it."""
    if figure.text.isascii():
        match = re.match(r"[ -]?(?:[a-z]+ ){0,1}?([a-z]+)", figure.behind)
        return match[1] if match else ""
    behind = figure.behind
    noun = figure.what.noun if isinstance(figure.what, Quantity) else ""
    behind = behind.lstrip("多余来 ").removeprefix(noun)
    match = _HAN_NOUN.match(behind)
    if match is None:
        return ""
    tagged = words(match[0])
    if tagged[0].tag == "v" and len(tagged) > 1:
        tagged = tagged[1:]  # 阅览座位
    return "".join(w.text for w in tagged[:1] if w.tag.startswith("n") and len(w.text) > 1)


def _stem(word: str) -> str:
    return re.sub(r"(?:ies|es|s)$", "", word.strip().lower())
