"""Whether two figures tell the same value of the same unit, exactly or as far as they say."""

from __future__ import annotations

import re
from decimal import Decimal

from qa_bot.text.moments import Moment, same_moment, weekday_of
from qa_bot.text.periods import Period
from qa_bot.text.quantities import Quantity

__all__ = ["fits", "same_unit", "same_value"]

_CONVERTED = Decimal("0.006")  # of a converted unit
_ROUNDED = Decimal("0.05")  # what "about" allows
_NEAR = Decimal("0.12")  # and what "nearly" and "over" do, on their side
_FRACTION_ROUNDED = Decimal("0.08")  # "about a third"
_MONEY = {"yuan", "yen"}  # of both the sign is ¥
_COUNTED_ON = re.compile(r"期|号|届|级|楼|层|等|季|度|rd|th|st|nd|phase|place|floor|win|time")

What = Quantity | Moment | Period


def same_value(one: What, other: What) -> bool:
    """Whether `one`, of a sentence, tells what `other`, of its source, tells."""
    if isinstance(one, Quantity) and isinstance(other, Quantity):
        return _same_quantity(one, other)
    if isinstance(one, Quantity):
        return not one.dimension and other.value == str(one.value)  # a year without its word
    if isinstance(other, Quantity):
        return not other.dimension and one.value == str(other.value)
    if isinstance(one, Moment) and isinstance(other, Moment):
        if one.kind == "weekday" and other.kind == "day":
            return weekday_of(other.value) == one.value
        return same_moment(one, other)
    return _same_time(one, other)


def _same_time(one: Moment | Period, other: Moment | Period) -> bool:
    if one.value == other.value:
        return True
    parts = [w for w in (one, other) if isinstance(w, Period) and not w.relative]
    days = [w for w in (one, other) if w not in parts]
    if len(parts) == 1 and days[0].value.startswith("--"):
        return days[0].value[2:4] in parts[0].value.split("-")
    if parts or any(w.value[0] in "YMS" for w in days) or any(_other_kind(w) for w in days):
        return False
    return same_moment(*(Moment("day", w.value, 0, 0) for w in days))


def _other_kind(what: Moment | Period) -> bool:
    return isinstance(what, Moment) and what.kind != "day"


def _same_quantity(a: Quantity, b: Quantity) -> bool:
    if a.dimension == "score" or b.dimension == "score":
        return a.dimension == b.dimension and (a.value, a.other) == (b.value, b.other)
    if {a.dimension, b.dimension} == {"times", "share"}:
        times, share = (a, b) if a.dimension == "times" else (b, a)
        return times.value in (share.value + 1, share.value)
    if a.side and b.side and (a.side != b.side or not _close(a.other, b.other)):
        return False
    if a.kind and b.kind and a.kind != b.kind:
        return False
    return same_unit(a, b) and _same_rate(a, b) and _same_amount(a, b)


def same_unit(a: Quantity, b: Quantity) -> bool:
    """Whether two quantities may be compared: of one dimension, or one without its unit."""
    one, other = a.dimension, b.dimension
    if one == other:
        return True
    if "money" in (one, other):
        return {one, other} - {"money"} <= _MONEY
    if "ordinal" in (one, other):
        count = b if one == "ordinal" else a
        return not count.dimension and bool(_COUNTED_ON.match(count.noun))
    if {one, other} == {"age", "years"}:
        return False
    if {one, other} <= {"", "age"}:
        return not (a.noun and b.noun)
    # a number without a unit may have left it out; what is counted is not measured
    bare = a if not one else b if not other else None
    return bare is not None and not bare.noun and not bare.kind


def _same_rate(a: Quantity, b: Quantity) -> bool:
    """Whether both are for as much, where both tell for how much: 每斤, a kilo."""
    if not (a.per and b.per):
        return True
    return a.per_dimension == b.per_dimension and _close(a.per, b.per)


def _same_amount(a: Quantity, b: Quantity) -> bool:
    if a.value == b.value:
        return not _strictly_beyond(a, b)
    if a.value * b.value <= 0:
        return False
    converted = a.dimension in ("length", "area", "weight", "volume", "power", "energy")
    if converted and a.noun.strip() != b.noun.strip() and _close(a.value, b.value):
        return True
    return (a.about or a.bound != 0) and fits(a, b.value)


def _strictly_beyond(a: Quantity, b: Quantity) -> bool:
    """Whether the sentence says more or less than the very value that the source gives."""
    return a.bound != 0 and a.bound * b.bound < 0


def fits(told: Quantity, value: Decimal) -> bool:
    """Whether a quantity as it is told (about, over, nearly, exactly) fits a value of its unit."""
    if not told.value or not value:
        return told.value == value
    off = (value - told.value) / abs(told.value)  # how far the truth is above what is told
    if told.bound:
        return 0 <= off * told.bound <= (_NEAR if told.dimension != "share" else 2 * _NEAR)
    share = told.dimension == "share"
    allowed = (_FRACTION_ROUNDED if share else _ROUNDED) if told.about else Decimal()
    if share and not allowed:
        allowed = _CONVERTED * 3 if told.value in _PLAIN_FRACTIONS else _CONVERTED
    return abs(off) <= max(allowed, Decimal("0.0000001"))


# Such shares are said of what is nearly so, too.
_PLAIN_FRACTIONS = frozenset(Decimal(n) / m for m in range(2, 6) for n in range(1, m))


def _close(a: Decimal, b: Decimal) -> bool:
    return a == b or (b != 0 and abs(a - b) / abs(b) <= _CONVERTED)
