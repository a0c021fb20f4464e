"""What a question is about: itself, without the words that say what is wanted of it.

Which words those are was counted in the examples that the kinds are learned from: words that stand
in many questions of a kind, whatever they are about.
"""

from __future__ import annotations

import functools
import json
import re

from safetensors import safe_open

from qa_bot.question.kinds import WEIGHTS
from qa_bot.text.chinese import align, words
from qa_bot.text.languages import detect_language

__all__ = ["frame_words", "quoted", "topics", "word_spans"]

_QUOTED = re.compile(
    r"“([^“”]+)”|「([^「」]+)」|『([^『』]+)』|\"([^\"]+)\"|《([^《》]+)》|‘([^‘’]+)’"
)
_JAPANESE = re.compile(r"[\u3005\u3400-\u9fff]+|[\u30a0-\u30ff]+|[\u3040-\u309f]+|[^\W_]+")
_LATIN = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_HAN = re.compile(r"[\u3400-\u9fff·]{2,}")
_HOW_MANY = ("多少", "几")
_HIRAGANA = re.compile(r"[\u3040-\u309f]+")


def quoted(question: str) -> list[str]:
    """What stands in quotation marks: that is looked for as it is written."""
    return [next(part for part in match.groups() if part) for match in _QUOTED.finditer(question)]


def topics(question: str, *kinds: str) -> list[str]:
    """The stretches of a question of these `kinds` that say what it is about, in their order.

    Words that say what is wanted end a stretch; small words inside one ("the lady of the lake")
    stay. Empty where nothing is left.
    """
    if marked := quoted(question):
        return marked
    language = detect_language(question).split("-")[0]
    if language not in ("zh", "ja") and (named := _HAN.findall(question)):
        return list(dict.fromkeys(named))  # so the articles write what is asked for
    spans = word_spans(question, language)
    asking = _asking(question) if language == "zh" else frozenset()
    frame = frozenset[str]().union(*map(frame_words, kinds))
    small = frame_words("")
    found: list[str] = []
    begin = end = -1
    for start, past in spans:
        word = align(question[start:past]).casefold()
        is_frame = word in frame or (language == "ja" and _HIRAGANA.fullmatch(word) is not None)
        is_frame = is_frame or word in asking
        is_small = word in small
        joined = begin >= 0 and re.search(r"[，。？！；,?!;]", question[end:start]) is None
        if is_frame or is_small:
            if begin >= 0 and (not is_small or not joined or language == "ja"):
                found.append(question[begin:end])
                begin = -1
            continue
        if begin >= 0 and not joined:
            found.append(question[begin:end])
            begin = -1
        begin, end = (start if begin < 0 else begin), past
    if begin >= 0:
        found.append(question[begin:end])
    distinct = [text for text in dict.fromkeys(found) if text.strip()]
    longer = [text for text in distinct if len(text) > 1]
    return longer or distinct


def _asking(question: str) -> frozenset[str]:
    """The words of a Chinese question that ask, aligned: 哪, 谁, 多少."""
    asking = (align(word) for word, tag in words(question) if tag == "r" or word in _HOW_MANY)
    return frozenset(asking)


def word_spans(question: str, language: str) -> list[tuple[int, int]]:
    """[start, end) of the words of a question."""
    if language == "ja":
        return [match.span() for match in _JAPANESE.finditer(question)]
    if language == "zh":
        spans, at = [], 0
        for word, _ in words(question):
            if word.strip() and re.match(r"\w", word):
                spans.append((at, at + len(word)))
            at += len(word)
        return spans
    return [match.span() for match in _LATIN.finditer(question)]


@functools.cache
def frame_words(kind: str) -> frozenset[str]:
    """The words of questions of this kind that are not what they are about; "": of all kinds."""
    with safe_open(WEIGHTS, "numpy") as file:
        return frozenset(json.loads(file.metadata()["frames"]).get(kind, ()))
