"""Chinese text glossed word by word in English, to train reading between languages.

A dictionary is all it needs: CC-CEDICT (CC BY-SA 4.0). The result is no English, but its words are,
and that teaches a multilingual network to match a question with a passage of another language (code
switching, as in Qin et al. 2020, "CoSDA-ML").
"""

from __future__ import annotations

import random
import re
from pathlib import Path

import rjieba

from qa_bot.text.terms import simplify

__all__ = ["Glosser"]

_ENTRY = re.compile(r"\S+ (\S+) \[([^\]]+)\] /(.+)/")
_POINTERS = (
    "surname ",
    "variant ",
    "old variant",
    "see ",
    "CL:",
    "abbr. ",
    "also pr.",
    "Taiwan pr",
)
_HAN = re.compile(r"[\u3400-\u9fff]")
_LONGEST_GLOSS = 4  # words
_LONGEST_WORD = 8  # characters

# Words of grammar, which dictionaries explain rather than translate.
_GRAMMAR = {
    "的": "of", "了": "", "着": "", "过": "", "吗": "", "呢": "", "是": "is", "在": "in",
    "于": "in", "被": "by", "把": "", "为": "as", "之": "of", "多少": "how much", "几": "how many",
    "哪": "which", "哪里": "where", "什么": "what", "谁": "who", "何": "what", "何时": "when",
    "为什么": "why", "怎么": "how", "如何": "how", "个": "", "其": "its", "他": "he", "她": "she",
    "与": "and", "和": "and", "及": "and", "从": "from", "到": "to", "对": "to", "由": "by",
    "所": "", "就": "", "都": "all", "也": "also", "而": "and", "以": "with", "年": "year",
    "月": "month", "日": "day", "人": "people", "名": "", "位": "", "位于": "located in",
}  # fmt: skip
_MARKS = str.maketrans("，。、；：？！（）“”「」《》", ',.,;:?!()""""""')


class Glosser:
    """Glosses Chinese by the dictionary in `path`, a file in CC-CEDICT's format (UTF-8)."""

    def __init__(self, path: Path) -> None:
        self._words: dict[str, str] = {}
        self._sounds: dict[str, str] = {}
        common: set[str] = set()
        for line in path.read_text("utf-8").splitlines():
            if not (entry := _ENTRY.match(line)):
                continue
            word, sound, senses = entry.groups()
            self._sounds.setdefault(word, _plain(sound))
            # a name gives way to a common word of the same characters
            if (gloss := _gloss(senses)) and (word not in self._words or word not in common):
                if sound[0].islower() or word not in self._words:
                    self._words[word] = gloss
                if sound[0].islower():
                    common.add(word)
        self._words |= _GRAMMAR

    def gloss(self, text: str, share: float, chance: random.Random) -> str:
        """`text` with a `share` (0 to 1) of its Chinese words in English."""
        out: list[str] = []
        for word, tag in rjieba.tag(simplify(text)):
            if not _HAN.search(word):
                out.append(word.translate(_MARKS) if share == 1 else word)
            elif chance.random() < share:
                out.append(f" {self._word(word, name=tag.startswith('n') and tag != 'n')} ")
            else:
                out.append(word)
        return re.sub(r"\s+([,.;:?!])", r"\1", re.sub(r"\s+", " ", "".join(out))).strip()

    def _word(self, word: str, *, name: bool) -> str:
        if word in self._words:
            return self._words[word]
        parts, at = [], 0
        while at < len(word):
            piece = word[at]
            for end in range(min(len(word), at + _LONGEST_WORD), at + 1, -1):
                if word[at:end] in self._words:
                    piece = word[at:end]
                    break
            # the characters of a name mean nothing by themselves
            known = self._sounds if name and len(piece) == 1 else self._words
            parts.append(known.get(piece, self._sounds.get(piece, piece)))
            at += len(piece)
        joined = "".join(parts) if name and all(len(p) < 7 for p in parts) else " ".join(parts)
        return joined[:1].upper() + joined[1:] if name else joined


def _gloss(senses: str) -> str:
    """The first short sense, without remarks."""
    for sense in re.split(r"[/;]", senses):
        if sense.strip().startswith(_POINTERS):
            continue
        plain = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", sense).split(",")[0]
        plain = re.sub(r"^(?:to|a|an|the) |[?!]$", "", " ".join(plain.split()))
        if plain and len(plain.split()) <= _LONGEST_GLOSS and not _HAN.search(plain):
            return plain
    return ""


def _plain(sound: str) -> str:
    """Pinyin without tones, as one word."""
    return re.sub(r"[\d\s:]", "", sound).lower()
