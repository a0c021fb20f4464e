"""What stands around a quote and beside it, for a quote stays as it is.

Quotation marks are other ones than those it holds; its numbers and units are told in other words.
"""

from __future__ import annotations

from qa_bot.bot import QABot

__all__ = ["glossed", "quoted"]

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


def glossed(text: str, lang: str, reader: str) -> str:
    """Each number and unit that a text in `lang` writes otherwise than the `reader`'s language."""
    said = {
        f"{text[gloss.start : gloss.end]} = {gloss.text}": None
        for gloss in QABot.glosses(text, lang, reader)
    }
    return " · ".join(said)
