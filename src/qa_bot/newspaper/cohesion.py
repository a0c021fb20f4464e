"""Whether two pieces of text go on about the same, as parts of one article do.

After the lexical cohesion of Hearst 1997, "TextTiling": what they share of their content terms,
weighed by a logistic model for each script (eval/training/train_cohesion.py).
"""

from __future__ import annotations

import math
import re

from qa_bot.text.terms import content_terms

__all__ = ["SCRIPTS", "features", "same_article", "script_of"]

_KANA = re.compile("[\u3041-\u30ff]")
_KANA_SHARE = 0.15
_HAN = re.compile("[\u3400-\u9fff]")
_SAMPLE = 20_000  # characters of a piece that are looked at
SCRIPTS = ("han", "kana", "other")
# Bias; cosine of the sets of terms; logarithms of the smaller and of the larger number of terms.
_WEIGHTS: dict[str, tuple[float, float, float, float]] = {
    "han": (1.98, 78.24, -1.27, -0.09),
    "kana": (8.11, 58.78, -2.05, -0.68),
    "other": (3.87, 35.57, -1.61, -0.46),
}


def same_article(one: str, other: str) -> float:
    """The probability (0 to 1) that two pieces, of which each is as likely, are of one article."""
    script = script_of(one + other)
    bias, *weights = _WEIGHTS[script]
    logit = bias + sum(w * x for w, x in zip(weights, features(one, other), strict=True))
    return 1 / (1 + math.exp(-logit))


def features(one: str, other: str) -> tuple[float, float, float]:
    """Cosine of the two sets of terms, and logarithms of how many the smaller and larger have."""
    sets = [_terms(text) for text in (one, other)]
    small, large = sorted(len(terms) for terms in sets)
    shared = len(sets[0] & sets[1])
    cosine = shared / math.sqrt(small * large) if small else 0.0
    return cosine, math.log(1 + small), math.log(1 + large)


def script_of(text: str) -> str:
    """The script, of `SCRIPTS`, in which a text is chiefly written."""
    sample = text[:2000]
    han, kana = len(_HAN.findall(sample)), len(_KANA.findall(sample))
    if han + kana < len(sample) / 4:
        return "other"
    return "kana" if kana > _KANA_SHARE * (han + kana) else "han"


def _terms(text: str) -> set[str]:
    """Words, and pairs of characters; those of hiragana alone are grammar."""
    return {
        term
        for term in content_terms(text[:_SAMPLE])
        if len(term) > 1 and not all("\u3041" <= c <= "\u309f" for c in term)
    }
