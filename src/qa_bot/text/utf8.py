"""Text as UTF-8 can hold it."""

from __future__ import annotations

__all__ = ["storable"]


def storable(text: str) -> str:
    """`text` with lone surrogates, which UTF-8 cannot hold, turned into question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")
