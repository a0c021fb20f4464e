"""Articles as JSON Lines that reading gives back exactly as they were."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from qa_bot.records import Article

__all__ = ["article_of", "line_of"]

# Marks a row of ours. Rows of others are cleaned and guessed at; one that was exported is not.
_MARK = "qa_bot"
_VERSION = 1
_NAMES = {field.name: field.name for field in fields(Article)} | {"published": "date"}


def line_of(article: Article) -> str:
    """One line of JSON, line feed included, in the field names that README.md lists."""
    row = {name: value for field, name in _NAMES.items() if (value := getattr(article, field))}
    return json.dumps({_MARK: _VERSION, **row}, ensure_ascii=False) + "\n"


def article_of(row: dict[str, Any]) -> Article | None:
    """The article of a row that `line_of` made; None for any other row."""
    if row.get(_MARK) != _VERSION or not row.keys() <= {_MARK, *_NAMES.values()}:
        return None
    values = {field: row.get(name, "") for field, name in _NAMES.items()}
    if not values["text"] or not all(isinstance(value, str) for value in values.values()):
        return None
    return Article(**values)
