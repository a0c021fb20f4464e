"""What is known about an article besides its content, and how two findings merge."""

from __future__ import annotations

import re
from dataclasses import replace

from qa_bot.records import Article

__all__ = ["METADATA", "day_span", "merged"]

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
