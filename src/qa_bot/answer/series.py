"""Enumerations as newspapers write them: 一是…二是…, First, ... Second, ..., 1. ... 2. ..."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from qa_bot.text.numerals import HAN_COUNT, HAN_ORDER, ORDINAL_WORD, number_value
from qa_bot.text.sentences import split_sentences

__all__ = ["Series", "series_of"]

# One pattern a way of counting; what it counts by is in the group `n`. All on aligned text.
_MARKS = tuple(
    re.compile(pattern, re.MULTILINE | re.IGNORECASE)
    for pattern in (
        rf"(?P<n>{HAN_COUNT})(?:是|要|为)(?!个|些|家|次)",
        rf"第(?P<n>{HAN_COUNT}|\d{{1,2}})(?:[，、,：:]|个?(?:方面|点|项|条)?(?:是|，|：))",
        rf"其(?P<n>{HAN_COUNT})[，、：:]?",
        rf"[（(](?P<n>{HAN_COUNT}|\d{{1,2}})[）)]",
        rf"^[ \u3000]*(?P<n>{HAN_COUNT}|\d{{1,2}})[、.．](?!\d)",
        rf"(?P<n>{'|'.join(HAN_ORDER)})[，,]?",
        r"(?P<n>[①-⑳])",
        rf"\b(?P<n>{ORDINAL_WORD})(?:ly)?\b(?=[,:]| (?:is|was|are|were|will|would)\b)",
        r"(?:^|(?<=[\s;；]))(?P<n>\d{1,2})[.)](?=\s)",
        rf"(?P<n>{HAN_COUNT}|\d)(?:つ目|点目|番目)(?:は|に|、)",
        rf"第(?P<n>{HAN_COUNT}|\d)(?:に|は)",
    )
)
_FARTHEST = 1500  # characters from one mark to the next
_LEAST = 2  # items


@dataclass(frozen=True, slots=True)
class Series:
    """An enumeration: [start, end) of each item in the text, marks included."""

    items: tuple[tuple[int, int], ...]


# clauses that all begin with the same word are counted by it: 要…；要…；要…
_REPEATED = re.compile(r"(?:(?<=[。；;，,：:、“])|^)要(?=[^求是不么])", re.MULTILINE)


def series_of(plain: str) -> list[Series]:
    """The enumerations of aligned text, in the order in which they begin."""
    found = [series for marks in _MARKS for series in _chains(plain, marks)]
    found += _repeated(plain)
    return sorted(found, key=lambda series: series.items[0][0])


def _chains(plain: str, marks: re.Pattern[str]) -> Iterator[Series]:
    """Runs of marks that count 1, 2, 3."""
    run: list[re.Match[str]] = []
    for match in marks.finditer(plain):
        number = number_value(match["n"])
        if run and number == len(run) + 1 and match.start() - run[-1].start() <= _FARTHEST:
            run.append(match)
            continue
        if number == 1 or not run:
            yield from _closed(plain, run)
            run = [match] if number == 1 else []
    yield from _closed(plain, run)


def _repeated(plain: str) -> Iterator[Series]:
    """Runs of at least three clauses in one paragraph that begin alike."""
    run: list[re.Match[str]] = []
    for match in _REPEATED.finditer(plain):
        if run and (
            "\n" in plain[run[-1].end() : match.start()]
            or match.start() - run[-1].start() > _FARTHEST // 5
        ):
            yield from _closed(plain, run) if len(run) > _LEAST else ()
            run = []
        run.append(match)
    yield from _closed(plain, run) if len(run) > _LEAST else ()


def _closed(plain: str, run: list[re.Match[str]]) -> Iterator[Series]:
    if len(run) < _LEAST:
        return
    starts = [_begin(plain, match) for match in run]
    ends = [*starts[1:], _end(plain, run[-1])]
    items = []
    for start, end in zip(starts, ends, strict=True):
        # an item may go on over paragraphs, but what stands far behind it is another matter
        text = plain[start:end].rstrip(" \u3000\n；;，,、")
        items.append((start, start + len(text)))
    yield Series(tuple(items))


def _begin(plain: str, match: re.Match[str]) -> int:
    start = match.start()
    while start < match.end() and plain[start] in " \u3000\n":
        start += 1
    return start


def _end(plain: str, match: re.Match[str]) -> int:
    """Where the last item ends: with its sentence, and the next where the first is a heading."""
    line = plain.find("\n", match.end())
    until = len(plain) if line < 0 else line
    spans = split_sentences(plain, match.start(), until)
    if not spans:
        return until
    first = spans[0]
    if len(spans) > 1 and first[1] - first[0] < 20:
        return spans[1][1]
    return first[1]
