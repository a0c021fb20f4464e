"""Text that was once read in the wrong encoding and saved so: put right where nothing is lost."""

from __future__ import annotations

import re

from qa_bot.errors import ReadError
from qa_bot.reading.characters import MODELS, likelihood

__all__ = ["repaired"]

# A lead byte of UTF-8 and one that follows it, as Latin-1 and Windows-1252 show them.
_LATIN = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
    "\u2013\u2014\u2018-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]"
)
_HAN = re.compile("[\u2e80-\u9fff\ue000-\uf8ff]")
_SAMPLE = 4000  # characters
_FEWEST = 4  # pairs or characters that make it more than chance
_MOST_LOST = 0.15


def repaired(text: str) -> str:
    """The text, or what it was before UTF-8 was read as Latin-1 or as GBK.

    :raises ReadError: if it was spoilt so and bytes of it are lost.
    """
    sample = text[:_SAMPLE]
    if sample.isascii():
        return text
    if _is_latin_mojibake(sample):
        import ftfy  # not at the top: few files need it

        return "\n".join(map(ftfy.fix_encoding, text.split("\n")))
    return _without_gbk(text, sample)


def _is_latin_mojibake(sample: str) -> bool:
    """Whether most that is not ASCII stands in pairs that no language writes."""
    pairs = len(_LATIN.findall(sample))
    if pairs < _FEWEST:
        return False
    strange = sum(not c.isascii() for c in sample)
    return pairs * 4 > strange


def _without_gbk(text: str, sample: str) -> str:
    if len(_HAN.findall(sample)) < _FEWEST:
        return text
    fixed = sample.encode("gb18030", "ignore").decode("utf-8", "replace")
    lost = fixed.count("\ufffd")
    if lost > _MOST_LOST * len(fixed) or _mean(fixed) <= _mean(sample):
        return text
    try:
        return text.encode("gb18030").decode("utf-8")
    except UnicodeError:
        raise ReadError(
            "was UTF-8, was once read as GBK and saved so, and characters of it are lost: get the "
            "file as it was before."
        ) from None


def _mean(text: str) -> float:
    return likelihood(text, tuple(MODELS)) / max(1, len(text))
