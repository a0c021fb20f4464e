"""Values as SQLite takes them."""

from __future__ import annotations

import json
from collections.abc import Iterable

from qa_bot.text.utf8 import storable

__all__ = ["IN_LIST", "as_list"]

IN_LIST = "IN (SELECT value FROM json_each(?))"
"""The condition that a value is one of a list of any length, whose parameter is `as_list`."""


def as_list(values: Iterable[int] | Iterable[str]) -> str:
    """The parameter of `IN_LIST`."""
    plain = [v if isinstance(v, str) else int(v) for v in values]  # NumPy's integers, too
    return storable(json.dumps(plain, ensure_ascii=False))
