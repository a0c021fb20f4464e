"""Names as the articles write them: homophones and slips, pinyin, and Western names in Chinese.

A name of a question that no article holds is compared by its sound with what stands in the
passages that were found for the rest of the question.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator
from difflib import SequenceMatcher

from qa_bot.text.chinese import align, name_spans

__all__ = ["bracketed", "pinyin", "respelt", "sound"]

_HAN = re.compile(r"[\u3400-\u9fff]+(?:[·・][\u3400-\u9fff]+)*")
_BRACKETED = re.compile(
    r"[A-Z][\w'’.-]*(?:[ -][A-Z][\w'’.-]*)*\s*[（(]\s*(?P<han>[\u3400-\u9fff·・]{2,12})\s*[）)]"
)
_LONGEST = 6  # Han characters of a name without a dot
_ALIKE = 0.75  # of two skeletons, for a Western name to be taken for its transliteration
_LEAST = 3  # consonants that tell a name
# what many speakers do not tell apart
_BLUR = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("l", "n"))
# the consonants that transliterations keep; h, w, y and vowels come and go
_CLASSES = {
    **dict.fromkeys("bp", "p"),
    **dict.fromkeys("fv", "f"),
    **dict.fromkeys("dt", "t"),
    **dict.fromkeys("lr", "l"),
    **dict.fromkeys("gkcqjx", "k"),
    **dict.fromkeys("sz", "s"),
    "m": "m",
    "n": "n",
}


def respelt(name: str, passages: Iterable[str]) -> str:
    """The name in `passages`, aligned, that sounds like `name`; "" if none does.

    Of several the one that stands there most often.
    """
    if any(char > "\u3000" for char in name):
        found = _homophones(align(name), passages)
    else:
        found = _romanised(name, passages)
    counts: dict[str, int] = {}
    for text in found:
        counts[text] = counts.get(text, 0) + 1
    return max(counts, key=lambda text: counts[text], default="")


def bracketed(question: str, knows: Callable[[str], bool]) -> str:
    """The question with the Chinese forms it gives of names, Wang Ge (王戈), in their places.

    Only of those that an article `knows`.
    """
    return _BRACKETED.sub(lambda m: m["han"] if knows(m["han"]) else m[0], question)


def sound(text: str) -> tuple[str, ...]:
    """The syllables of Chinese `text`, in pinyin without tones, blurred as speakers blur them."""
    return tuple(_blurred(syllable) for syllable in pinyin(text))


@functools.lru_cache(maxsize=20_000)
def pinyin(text: str) -> tuple[str, ...]:
    """The syllables of Chinese `text`, in pinyin without tones."""
    from pypinyin import lazy_pinyin  # its tables take .1 s

    return tuple(lazy_pinyin(text, errors="ignore"))


def _blurred(syllable: str) -> str:
    for one, other in _BLUR:
        syllable = syllable.replace(one, other)
    return syllable


def _homophones(name: str, passages: Iterable[str]) -> Iterator[str]:
    wanted, length = sound(name), len(name)
    if not 2 <= length <= _LONGEST or len(wanted) != length:
        return
    for text in passages:
        for run in _HAN.findall(text):
            sounds = sound(run)
            if len(sounds) != len(run):
                continue
            for at in range(len(run) - length + 1):
                if sounds[at : at + length] == wanted and run[at : at + length] != name:
                    yield run[at : at + length]


def _romanised(name: str, passages: Iterable[str]) -> Iterator[str]:
    letters = re.sub(r"[^a-z]", "", name.casefold())
    skeletons = {_skeleton(letters), _skeleton(letters, silent=True)}
    for text in passages:
        exact = list(_pinyin_of(letters, text))
        yield from exact
        if exact or max(map(len, skeletons)) < _LEAST:
            continue
        best, likeness = "", _ALIKE
        for candidate in sorted(_transliterations(text), key=len):
            other = _skeleton(_western_sound(candidate))
            ratios = [
                SequenceMatcher(None, skeleton, other).ratio()
                for skeleton in skeletons
                if skeleton[:1] == other[:1]
            ]
            if max(ratios, default=0.0) > likeness:
                best, likeness = candidate, max(ratios)
        if best:
            yield best


def _pinyin_of(letters: str, text: str) -> Iterator[str]:
    """The stretches of Chinese `text` whose pinyin is `letters`, or its words turned round."""
    for run in _HAN.findall(text):
        syllables = pinyin(run)
        if len(syllables) != len(run):
            continue
        for start in range(len(run)):
            joined = ""
            for end in range(start, min(len(run), start + _LONGEST)):
                joined += syllables[end]
                if joined == letters and end > start:
                    yield run[start : end + 1]
                if len(joined) >= len(letters):
                    break


def _transliterations(text: str) -> set[str]:
    """What may be a Western name: what stands around dots, and what the tagger has for a person.

    Nothing tells where a dotted name begins and ends, so all beginnings and ends are given.
    """
    found = {text[a:b] for tag, a, b in name_spans(text) if tag == "nr" and b - a > 2}
    for run in _HAN.findall(text):
        parts = re.split("[·・]", run)
        if len(parts) == 1:
            continue
        middle = "·".join(parts[1:-1])
        firsts = [parts[0][-n:] for n in range(1, min(len(parts[0]), _LONGEST) + 1)]
        lasts = [parts[-1][:n] for n in range(1, min(len(parts[-1]), _LONGEST) + 1)]
        inner = f"·{middle}·" if middle else "·"
        found |= {first + inner + last for first in firsts for last in lasts}
        found |= {part for part in (*firsts, *lasts, *parts[1:-1]) if len(part) > 2}
    return found


def _western_sound(candidate: str) -> str:
    """The pinyin of a transliteration, with the consonants that Western letters have for them."""
    letters = "".join(pinyin(candidate))
    for one, other in (("zh", "z"), ("ch", "s"), ("sh", "s"), ("ng", "n"), ("nn", "n")):
        letters = letters.replace(one, other)
    return letters


def _skeleton(letters: str, *, silent: bool = False) -> str:
    """The consonants of a name by class; with `silent` no l or r before another or at the end."""
    for one, other in (("ph", "f"), ("sch", "s"), ("th", "s"), ("sh", "s"), ("ch", "s")):
        letters = letters.replace(one, other)
    letters = re.sub(r"c(?=[eiy])", "s", letters)
    letters = re.sub(r"(.)\1", r"\1", letters)
    if silent:
        letters = re.sub(r"[rl](?=[^aeiouy]|$)", "", letters)
    return "".join(_CLASSES.get(letter, "") for letter in letters)
