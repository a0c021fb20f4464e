"""One event is one event: which one a question is about, and which articles are of another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from qa_bot.question.question import Question
from qa_bot.records import Article, Hit
from qa_bot.text.chinese import align
from qa_bot.text.moments import Moment, moments_in
from qa_bot.text.numerals import number_value

__all__ = ["apart", "named_event", "of_another"]

_DAYS = 3  # within which papers still tell of the same event
_EDITION = re.compile(r"第?(?P<n>[一二三四五六七八九十百\d]+)(?P<unit>[届期批次])")


def named_event(question: Question) -> list[str]:
    """What a question calls the event that it is about: names, editions, days; [] if nothing."""
    moments = [question.plain[m.start : m.end] for m in _days(question.plain)]
    return list(dict.fromkeys([*question.names, *moments]))


def apart(articles: Sequence[Article]) -> bool:
    """Whether some of `articles` were printed too far apart to be of one event."""
    days = [date.fromisoformat(a.published) for a in articles if len(a.published) == 10]
    return bool(days) and (max(days) - min(days)).days > _DAYS


def of_another(question: Question, hit: Hit) -> bool:
    """Whether a passage is of another year or edition than the one that a question names.

    In doubt it is of the same.
    """
    title = align(hit.article.title)
    near = f"{title}\n{align(hit.passage.text)}"
    for n, unit in _EDITION.findall(question.plain):
        told = {number_value(m) for m, u in _EDITION.findall(near) if u == unit}
        if told and number_value(n) not in told:
            return True
    asked = _years(question.plain)
    years = _years(title) or _years(near) | {hit.article.published[:4]} - {""}
    return bool(asked and years and not asked & years)


def _days(plain: str) -> list[Moment]:
    return [moment for moment in moments_in(plain) if moment.kind == "day"]


def _years(plain: str) -> set[str]:
    return {moment.value[:4] for moment in _days(plain) if moment.value[0] != "-"}
