"""Figures that follow from others: a sum, a difference, a share, what was before, a span's days."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import combinations

from qa_bot.llm.direction import role
from qa_bot.llm.figure import Figure
from qa_bot.llm.values import fits, same_unit
from qa_bot.text.moments import Moment
from qa_bot.text.quantities import Quantity

__all__ = ["follows"]

_SUM = re.compile(
    r"加上|合计|总共|一共|共|总|达到?|连同|累计|両|計|(?<!\w)(?:total\w*|together|altogether"
    r"|combined|in all|both|bring\w*|sum|overall)(?!\w)",
    re.IGNORECASE,
)
_REST = re.compile(
    r"其余|另外?|剩|还有|尚|仍|除|以外|之外|未|没|残り|(?<!\w)(?:other|others|rest|remain\w*"
    r"|still|left|without|yet|except|all but|neither|not)(?!\w)",
    re.IGNORECASE,
)
_THE_OTHER = re.compile(r"除.{0,12}外|(?<!\w)all but(?!\w)", re.IGNORECASE)
_EARLIER = re.compile(
    r"去年|上年|前年|昨年|同期|此前|之前|原来|原先|以前|上[季月赛]|前一|前の|(?<!\w)(?:last"
    r"|earlier|before|previous\w*|had been|used to|prior|ago)(?!\w)|(?:19|20)\d\d",
    re.IGNORECASE,
)
_COMPARED = re.compile(
    r"差|相比|比|高|多|少|低|贵|便宜|快|慢|长|短|より|安|(?<!\w)(?:than|differen\w+|gap|margin"
    r"|by|off|between|beat|won)(?!\w)"
    r"|增|减|升|降|涨|跌|调|缩|提|省|(?<!\w)(?:rose|rise\w*|rais\w+|up|fell|fall\w*|cut\w*"
    r"|drop\w*|down|increas\w+|decreas\w+|reduc\w+|grew|grown|gain\w*|add\w*|sav\w+)(?!\w)",
    re.IGNORECASE,
)


def follows(one: Figure, theirs: Sequence[Figure]) -> bool:
    """Whether a figure of a sentence follows from those of its source, by what its words tell."""
    what = one.what
    if not isinstance(what, Quantity) or what.dimension in ("ordinal", "score"):
        return False
    if what.dimension == "days" and _spanned(what, theirs):
        return True
    amounts = [f for f in theirs if isinstance(f.what, Quantity) and f.what.value > 0]
    if what.dimension == "share":
        return any(fits(what, value) for value in _shares(amounts))
    if what.dimension == "points":
        levels = [f for f in amounts if _dimension(f) == "share"]
        return any(fits(what, 100 * value) for value in _worked_out(one, levels))
    like = [f for f in amounts if same_unit(what, f.what)]  # type: ignore[arg-type]  # quantities
    return any(fits(what, value) for value in (*_worked_out(one, like), *_earlier(one, amounts)))


def _spanned(what: Quantity, theirs: Sequence[Figure]) -> bool:
    told = [f.what.value for f in theirs if isinstance(f.what, Moment) and f.what.kind == "day"]
    days = [
        date.fromisoformat(day.replace("--", "2000-", 1))
        for day in told
        if re.search(r"-\d\d-\d\d$", day)
    ]
    return any((b - a).days in (what.value, what.value - 1) for a in days for b in days)


def _shares(amounts: Sequence[Figure]) -> Iterator[Decimal]:
    """Parts of wholes of one kind, and changes in percent of what was before."""
    for one, other in combinations(amounts, 2):
        small, large = sorted((_value(one), _value(other)))
        kinds = {_kind(one), _kind(other)}
        if _dimension(one) != _dimension(other) or small == large or _dimension(one) in _NO_PARTS:
            continue
        if len(kinds - {""}) < 2:
            yield small / large
            if {role(one), role(other)} & {"from", "to"}:
                yield abs(large - small) / _value(one if role(one) == "from" else other)


def _worked_out(one: Figure, like: Sequence[Figure]) -> Iterator[Decimal]:
    """Sums and differences of two of the amounts, where the words of the sentence tell of one."""
    summed, rest = _SUM.search(one.sentence), _REST.search(one.sentence)
    change = role(one) == "by" or (role(one) == "" and _COMPARED.search(one.clause))
    for a, b in combinations(like, 2):
        if summed and not change:
            yield _value(a) + _value(b)
        if change and not (role(a) == "by" or role(b) == "by") and _alike(a, b):
            yield abs(_value(a) - _value(b))
        but = any(_THE_OTHER.search(f.clause) for f in (a, b))
        if (rest or but) and _alike(a, b):
            yield abs(_value(a) - _value(b))


def _earlier(one: Figure, amounts: Sequence[Figure]) -> Iterator[Decimal]:
    """What an amount was before the change that the source tells beside it."""
    if role(one) == "by" or not _EARLIER.search(one.sentence):
        return
    for change in amounts:
        if role(change) != "by" and _dimension(change) != "times":
            continue
        falls = bool(_FEWER.search(change.clause))
        for now in amounts:
            if now is change or role(now) == "by" or now.sentence != change.sentence:
                continue
            if _dimension(change) == "times" and _value(change) > 1:
                yield _value(now) / _value(change)
            elif _dimension(change) == _dimension(now):
                yield _value(now) + (_value(change) if falls else -_value(change))


_NO_PARTS = ("ordinal", "share", "times", "age", "points", "score", "degrees")
_FEWER = re.compile(
    r"少|减|降|跌|低|缩|(?<!\w)(?:fewer|less|down|fell|fall\w*|drop\w*|lower|cut\w*|declin\w+"
    r"|decreas\w+)(?!\w)|安|減",
    re.IGNORECASE,
)


def _alike(one: Figure, other: Figure) -> bool:
    return len({_kind(one), _kind(other)} - {""}) < 2


def _value(figure: Figure) -> Decimal:
    return figure.what.value  # type: ignore[return-value]  # a quantity's


def _dimension(figure: Figure) -> str:
    return figure.what.dimension  # type: ignore[union-attr]  # a quantity's


def _kind(figure: Figure) -> str:
    return figure.what.kind  # type: ignore[union-attr]  # a quantity's
