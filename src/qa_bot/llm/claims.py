"""A model's answer, taken apart: sentences, and the passages that each says it rests on."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from qa_bot.text.sentences import split_sentences

__all__ = ["Claim", "claims", "unmarked"]

# Models write citations in many ways: [1], [1, 3], [1-3], 【2】, ［2］, （来源1）, (source 1),
# [^1], 【1†source】. In round brackets a number alone is no citation: (1) may number a list.
# Repeats are bounded or anchored: runs of dots and blanks would be tried from each place in them.
_WORD = (
    r"(?:来源|來源|出处|出處|资料|資料|文章|段落|出典|記事|sources?|passages?|articles?|quellen?)"
)
_NUMBER = r"[0-9０-９]{1,3}"
_GAP = r"\s{0,3}"
_NUMBERS = (
    rf"\^?{_WORD}?{_GAP}[:：#]?{_GAP}\^?{_NUMBER}"
    rf"(?:{_GAP}(?:[,，、;；~～–—\-]|和|与|與|and|&){_GAP}\^?{_WORD}?{_GAP}{_NUMBER}){{0,99}}{_GAP}"
    r"(?:†[^】\]]{0,200})?"
)
_MARK = re.compile(
    rf"[\[［【]{_GAP}(?P<square>{_NUMBERS}){_GAP}[\]］】]"
    rf"|[(（]{_GAP}(?P<round>(?={_WORD}){_NUMBERS}){_GAP}[)）]",
    re.IGNORECASE,
)
_AFTER_END = re.compile(
    rf"(?P<end>(?<![。！？!?.…])[。！？!?.…]+[”’」』)）\"']*)"
    rf"(?P<marks>(?:[ \t]{{0,9}}(?:{_MARK.pattern}))+)".replace("?P<square>", "").replace(
        "?P<round>", ""
    ),
    re.IGNORECASE,
)
_RANGE = re.compile(rf"({_NUMBER})\s*[~～–—\-]\s*({_NUMBER})")
_BULLET = re.compile(r"^(?:[-*•·#>]+|\d{1,2}[.)、])\s+")
# The end of a passage's fence, which a weak model repeats behind its answer.
_ECHO = re.compile(r"</\s{0,3}(?:passage|article)[^<>\n]*>?", re.IGNORECASE)
_MOST_IN_RANGE = 10


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of an answer, without its marks, and what stood before it (a line break, say).

    `numbers` are the passages it cites, in order, each once. A `frame` leads over to others ("The
    articles say:") and claims nothing itself.
    """

    before: str
    text: str
    numbers: tuple[int, ...]
    frame: bool = False

    @property
    def said(self) -> str:
        """The text without the bullet or emphasis it is set in."""
        return _BULLET.sub("", self.text).replace("**", "").strip()


def claims(answer: str) -> list[Claim]:
    """The sentences of `answer`, in order, each once: weak models go round in circles."""
    answer = _ECHO.sub("", answer)
    # a mark behind the full stop belongs to the sentence before it
    text = _AFTER_END.sub(lambda m: m["marks"].strip() + m["end"], answer)
    found: list[Claim] = []
    texts: set[str] = set()
    at = 0
    for start, end in split_sentences(text):
        sentence = text[start:end]
        said = unmarked(sentence)
        numbers = tuple(dict.fromkeys(n for m in _MARK.finditer(sentence) for n in _numbers(m)))
        before = text[at:start]
        at = end
        if said in texts:
            continue
        if not any(map(str.isalnum, said)):
            if numbers and found:  # a line of marks alone
                last = found[-1]
                merged = tuple(dict.fromkeys((*last.numbers, *numbers)))
                found[-1] = Claim(last.before, last.text, merged, last.frame)
            continue
        frame = said.endswith((":", "：")) and not numbers
        texts.add(said)
        found.append(Claim(before if found else "", said, numbers, frame))
    return found


def unmarked(text: str) -> str:
    """`text` without citation marks."""
    return re.sub(r"(?<![ \t])[ \t]+(?=[。，！？,.!?;；：:]|$)", "", _MARK.sub("", text)).strip()


def _numbers(mark: re.Match[str]) -> list[int]:
    inside = unicodedata.normalize("NFKC", (mark["square"] or mark["round"]).split("†")[0])
    numbers: list[int] = []
    for first, last in _RANGE.findall(inside):
        if 0 < int(last) - int(first) < _MOST_IN_RANGE:
            numbers += range(int(first), int(last) + 1)
    return sorted({*numbers, *map(int, re.findall(r"\d+", inside))})
