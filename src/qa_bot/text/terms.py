"""What a text is looked up by: terms of any script, the same for questions and passages.

Text without spaces between words (Chinese, Japanese, Thai, ...) gives its single characters and
its pairs of neighbours, which needs no dictionary and misses no name; other text gives its words.
Traditional characters become simplified, full width half width, letters lower case without accents.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable

from opencc import OpenCC

__all__ = ["content_terms", "held", "normalise", "simplify", "terms"]

_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"  # Han, kana, hangul
)
_RUN = re.compile(rf"([{_UNSPACED}]+)|((?:(?![{_UNSPACED}])[^\W_])+)")
_MAY_BEAR_ACCENTS = re.compile("[\u00c0-\u1fff]")

# What a question is made of besides what it asks about. Taken out of questions only.
_QUESTION_WORDS = re.compile(
    r"请问|請問|什么时候|什麼時候|是什么|是什麼|什么|什麼|怎么样|怎麼樣|怎么|怎麼|怎样|怎樣|为什么|為什麼|为何|為何|"
    r"多少[钱錢元人名个個位所家条條次万萬亿億]?|哪些|哪个|哪個|哪里|哪裡|哪一?[天年月日位家所座]|哪|谁|誰|[几幾][个個名位天年点點时時]?|是否|有没有|有沒有|[吗嗎呢呀啊]|是谁|是誰|"
    r"なぜ|どこ|いつ|だれ|誰が|何が|何を|何の|何人|何|どの|どんな|いくら|いくつ|ですか|ますか|ました|"
    r"\b(?:what|who|whom|whose|when|where|which|why|how|many|much|did|does|do|is|are|was|were|the|a|an|"
    r"of|in|on|at|to|for|by|and|or|s|it|its|as|be|been|has|have|had|with|from|that|this|"
    r"wer|was|wann|wo|wie|viele|welche|welcher|welches|der|die|das|ist|war|ein|eine|und|von|"
    r"qui|que|quel|quelle|quand|où|combien|le|la|les|de|du|des|est|un|une|et|el|los|las|qué|cuál)\b",
    re.IGNORECASE,
)
_STOP_CHARACTERS = frozenset(
    "的了是在和与及于之有其这那为以等也就都而并被把对从将向着过让與於這為對從將過讓並"
)


@functools.cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


def simplify(text: str) -> str:
    """`text` with traditional Chinese characters turned into simplified ones."""
    return text if text.isascii() else _simplifier().convert(text)


def normalise(text: str) -> str:
    """`text` as terms see it. Its length may differ from that of `text`."""
    text = simplify(unicodedata.normalize("NFKC", text).lower())
    if _MAY_BEAR_ACCENTS.search(text):
        decomposed = unicodedata.normalize("NFD", text)
        text = "".join(c for c in decomposed if not "\u0300" <= c <= "\u036f")
        # kana voicing marks and hangul were taken apart too
        text = unicodedata.normalize("NFC", text)
    return text


def terms(text: str) -> list[str]:
    """The terms of `text`, in order, repeated as often as they occur."""
    found = []
    for unspaced, word in _RUN.findall(normalise(text)):
        if word:
            found.append(word)
        else:
            found.extend(c for c in unspaced if c not in _STOP_CHARACTERS)
            found.extend(unspaced[i : i + 2] for i in range(len(unspaced) - 1))
    return found


def held(wanted: Iterable[str], text: str) -> set[str]:
    """Those of the terms `wanted` that are terms of `text`, found without making them all."""
    normal = normalise(text)
    words = None
    found = set()
    for term in wanted:
        if _RUN.fullmatch(term)[1]:  # type: ignore[index]  # a term is a run
            # characters side by side are in one run, whatever is around them
            if term in normal:
                found.add(term)
        else:
            words = {w for _, w in _RUN.findall(normal)} if words is None else words
            if term in words:
                found.add(term)
    return found


def content_terms(question: str) -> list[str]:
    """The distinct terms of what a question is about, without its question words.

    A question of nothing but such words keeps them.
    """
    without = _QUESTION_WORDS.sub(" ", unicodedata.normalize("NFKC", question))
    # pairs across a function word ("资是", "在哪") are no words, and would pass for rare ones
    without = "".join(" " if c in _STOP_CHARACTERS else c for c in without)
    return list(dict.fromkeys(terms(without) or terms(question)))
