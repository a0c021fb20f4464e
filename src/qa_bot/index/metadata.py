"""What is known about an article besides its content, and how two findings merge."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace

from qa_bot.records import Article

__all__ = ["METADATA", "day_span", "merged", "printing_id", "same_printing"]

METADATA = ("published", "source", "url", "lang", "path")
_DAY = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?$")


def merged(old: Article, new: Article, *, keep_id: bool) -> Article:
    """`old` with what `new` knows better about the same content.

    Where the file lies is no knowledge: the first path stays, unless there was none.
    """
    changes = {f: getattr(new, f) or getattr(old, f) for f in METADATA}
    changes["published"] = max(new.published, old.published, key=_exactness)
    changes["path"] = old.path or new.path
    changes["id"] = old.id if keep_id else new.id
    return replace(old, **changes)


def same_printing(one: Article, other: Article) -> bool:
    """Whether two articles of one content are the same: no two papers, and no two days."""
    if one.source and other.source and one.source != other.source:
        return False
    days = [article.published for article in (one, other)]
    return days[0] == days[1] or not all(map(_is_day, days))


def _is_day(published: str) -> bool:
    match = _DAY.match(published)
    return match is not None and match[3] is not None


def printing_id(article: Article) -> str:
    """The id of an article that another paper, or another day's, has word for word."""
    printed = "\x1f".join((article.digest(), article.source, article.published))
    return hashlib.sha256(printed.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _exactness(published: str) -> tuple[bool, int]:
    """What of two dates of one article is the better: a year first, then the length."""
    return _DAY.match(published) is not None, len(published)


def day_span(published: str) -> tuple[str | None, str | None]:
    """The first and last day that a date spans, as text that compares like dates."""
    match = _DAY.match(published)
    if match is None:
        return None, None
    year, month, day = match.groups()
    return (
        f"{year}-{month or '01'}-{day or '01'}",
        f"{year}-{month or '12'}-{day or '31'}",
    )
