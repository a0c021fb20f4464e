"""Variations of questions and passages to train on: other characters, fewer words, other names."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterable

import rjieba
from opencc import OpenCC

from qa_bot.text.sentences import split_sentences
from qa_bot.text.terms import simplify, terms

__all__ = ["Swapper", "Turner", "keywords", "sentence_asked", "without"]

# parts of speech that search strings lack: pronouns, particles, marks, modal words
_NOT_KEYWORDS = ("r", "u", "w", "x", "y")
_ASKING = frozenset({"是", "有", "在", "多少", "几", "何", "?", "？"})
_NAMES = frozenset({"nr", "ns", "nt"})
_YEAR = re.compile(r"(?<!\d)(?:1[0-9]|20)\d\d(?!\d)")
# words with a capital that do not begin the question: names, in German other things, too
_CAPITALS = re.compile(r"(?<=[^\W\d_] )\b[A-Z\u00c0-\u00de][^\W\d_]{2,}(?: [A-Z][^\W\d_]+)*")
_EDITION = re.compile(r"(?<=第)[一二三四五六七八九十](?=[届期批次号季])")
_DIGITS = "一二三四五六七八九十"
_OPPOSITES: list[tuple[str, str]] = re.findall(
    r"(\S+)/(\S+)",
    "男/女 冠/亚 增/减 升/降 涨/跌 买/卖 胜/负 输/赢 首/末 主/客 南/北 东/西 春/秋 夏/冬 父/母 "
    "兄/弟 最高/最低 最大/最小 最多/最少 出口/进口 上半年/下半年 开始/结束 起点/终点 成立/解散 "
    "出生/去世 开工/竣工 highest/lowest largest/smallest first/last winner/loser men/women "
    "north/south east/west born/die most/least start/end open/close export/import father/mother",
)


class Turner:
    """Turns text between simplified and traditional characters where that keeps offsets."""

    def __init__(self) -> None:
        self._converters = [OpenCC("s2t"), OpenCC("t2s")]

    def turn(self, text: str) -> str:
        for converter in self._converters:
            turned = str(converter.convert(text))
            if turned != text and len(turned) == len(text):
                return turned
        return text


class Swapper:
    """Puts another year, edition or name into a question, so that its passage answers it no more.

    SQuAD 2.0's unanswerable questions (Rajpurkar et al. 2018) are often of this kind, and so are
    the near misses of a newspaper: last year's festival, the other university.
    """

    def __init__(self, questions: Iterable[str]) -> None:
        pools: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
        capitals: set[str] = set()
        for question in questions:
            for word, tag in _names(question):
                pools[tag, len(word)].add(word)
            capitals.update(_CAPITALS.findall(question))
        self._pools = {kind: sorted(words) for kind, words in pools.items()}
        self._capitals = sorted(capitals)

    def swap(self, question: str, passage: str, chance: random.Random) -> str:
        """`question` with another name for one that it shares with `passage`; "" if there is none.

        What is put in does not stand in the passage. In a passage of another script a name in
        Latin letters is written otherwise: there any of the question's is taken.
        """
        if (opposite := _opposite(question, passage, chance)) and chance.random() < 0.3:
            return opposite
        if (capitals := _CAPITALS.findall(question)) and chance.random() < 0.7:
            word = chance.choice(capitals)
            other = chance.choice(self._capitals)
            foreign = sum(c.isascii() for c in passage) < len(passage) / 2
            known = foreign or word in passage
            alike = other in passage or other in question
            return "" if alike or not known else question.replace(word, other)
        choices = [found for found in (_YEAR, _EDITION) if found.search(question)]
        shared = [(word, tag) for word, tag in _names(question) if word in passage]
        if not choices and not shared:
            return ""
        at = chance.randrange(len(choices) + len(shared))
        if at >= len(choices):
            word, tag = shared[at - len(choices)]
            like = self._pools.get((tag, len(word)), [word])
            # a university for a university, as far as the last character tells
            other = chance.choice([w for w in like if w[-1] == word[-1] and w != word] or like)
        else:
            found = choices[at].search(question)
            assert found is not None
            word = found[0]
            if word not in passage:
                return ""
            if word.isdigit():
                other = str(int(word) + chance.choice((-4, -3, -2, -1, 1, 2, 3, 4)))
            else:
                other = chance.choice(_DIGITS)
        if other in passage or other in question:
            return ""
        return question.replace(word, other)


def _names(text: str) -> list[tuple[str, str]]:
    """The names in it, as they are written there, with their part of speech."""
    plain = simplify(text)
    if len(plain) != len(text):
        return []
    names, at = [], 0
    for word, tag in rjieba.tag(plain):
        if tag in _NAMES and len(word) > 1:
            names.append((text[at : at + len(word)], tag))
        at += len(word)
    return names


def _opposite(question: str, passage: str, chance: random.Random) -> str:
    """The question turned into its opposite (men's for women's), of which the passage is silent."""
    found = []
    for pair in _OPPOSITES:
        for word, other in (pair, pair[::-1]):
            if word.isascii():
                one = rf"\b{word}\b"
                if re.search(one, question) and not re.search(rf"(?i)\b{other}", passage):
                    found.append(re.sub(one, other, question))
            elif word in question and other not in question and other not in passage:
                found.append(question.replace(word, other))
    return chance.choice(found) if found else ""


def sentence_asked(question: str, passage: str, start: int, end: int) -> tuple[int, int]:
    """Where the sentences stand that hold `passage[start:end]`; without it (-1), the likeliest.

    That is the one with most of the question's terms, the longer of two.
    """
    sentences = split_sentences(passage)
    if start >= 0:
        held = [(a, b) for a, b in sentences if b > start and a < end]
        return (min(held[0][0], start), max(held[-1][1], end)) if held else (start, end)
    asked = set(terms(question))
    return max(
        sentences,
        key=lambda s: (len(asked.intersection(terms(passage[slice(*s)]))), s[1] - s[0]),
        default=(0, len(passage)),
    )


def keywords(question: str) -> str:
    """The question as one types it into a search box."""
    words = [word for word, tag in rjieba.tag(question) if not tag.startswith(_NOT_KEYWORDS)]
    return "".join(w for w in words if w not in _ASKING) or question


def without(passage: str, start: int, end: int) -> str:
    """The passage without the sentences that hold `passage[start:end]`; "" if too little is left.

    Nothing else is so like a passage that answers, and the articles of one event are so alike.
    """
    answer = passage[start:end]
    rest = "".join(passage[a:b] for a, b in split_sentences(passage) if b <= start or a >= end)
    return rest if len(rest) >= len(passage) // 3 and answer not in rest else ""
