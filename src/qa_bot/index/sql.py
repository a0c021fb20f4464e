"""Values as SQLite takes them."""

from __future__ import annotations

import json
from collections.abc import Iterable

__all__ = ["IN_LIST", "as_list", "storable"]

IN_LIST = "IN (SELECT value FROM json_each(?))"
"""The condition that a value is one of a list of any length, whose parameter is `as_list`."""


def as_list(values: Iterable[int] | Iterable[str]) -> str:
    """The parameter of `IN_LIST`."""
    plain = [v if isinstance(v, str) else int(v) for v in values]  # NumPy's integers, too
    return storable(json.dumps(plain, ensure_ascii=False))


def storable(text: str) -> str:
    """`text` with lone surrogates, which UTF-8 cannot hold, turned into question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")
