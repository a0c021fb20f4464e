"""Quotation marks around a quote: other ones than those it holds, for a quote stays as it is."""

from __future__ import annotations

__all__ = ["quoted"]

_CURVED, _CORNERS = ("“", "”"), ("「", "」")
_TRADITIONAL = ("zh-Hant", "zh-TW", "zh-HK", "ja")


def quoted(text: str, lang: str = "") -> str:
    """`text`, of the language `lang`, in quotation marks."""
    if lang.startswith(_TRADITIONAL):
        (left, right), others = _CORNERS, ("『", "』")
    else:
        (left, right), others = _CURVED, _CORNERS if lang.startswith("zh") else ("‘", "’")
    if {left, right, '"'} & set(text):
        left, right = others
    return f"{left}{text}{right}"
