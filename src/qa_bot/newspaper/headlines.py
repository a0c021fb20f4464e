"""Headlines: which body each belongs to, and how its pieces make one title."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import rjieba

from qa_bot.newspaper.columns import cells, is_cjk, join_lines

__all__ = ["HeadlineLine", "format_title", "match_headlines"]

_LEDE = 240  # characters of a body in which its headline's words are to be expected
_WORD = re.compile(r"[^\W\d_]+|[0-9]+")
_MATCH = 0.2  # likeness below which words prove nothing before a body,
_MATCH_AWAY = 0.3  # and elsewhere

_REACH = 30  # articles, more than a page has, over which a headline may have strayed
_RIVAL = 0.1  # by how much a titled body may be more like a line that an untitled one needs
# What standing right before or behind a body is worth, if the whole page keeps to it.
_BEFORE, _AFTER = 0.4, 0.15
_SAME_BLOCK, _NEXT_BLOCK = 0.4, 0.15  # what going along with a neighbour is worth


@dataclass(slots=True)
class HeadlineLine:
    """A line of a headline, and where it stands.

    `run` numbers the uninterrupted runs of headlines of a page, `block` the blocks of a run, and
    `place` counts the bodies above. `preceding` and `following` are the bodies next to the run.
    """

    text: str
    run: int
    block: int
    place: int
    preceding: int | None = None
    following: int | None = None
    body: int | None = field(default=None)


def match_headlines(lines: Sequence[HeadlineLine], bodies: Sequence[str]) -> None:
    """Set the `body` of each line, None where nothing speaks for any.

    Where the page puts every headline before its body (or every one behind), position decides.
    Otherwise the words do, rare ones most: first each body gets the line most like it, then the
    other lines go with their neighbours.
    """
    if _by_position(lines, len(bodies)):
        return
    likenesses = _likeness(lines, bodies)
    before = _BEFORE * len({line.following for line in lines} - {None}) / max(len(bodies), 1)
    behind = _AFTER * len({line.preceding for line in lines} - {None}) / max(len(bodies), 1)
    scores = [
        _with_position(line, likeness, before, behind)
        for line, likeness in zip(lines, likenesses, strict=True)
    ]
    titled = _match_one_to_one(lines, scores)
    _match_left_over(lines, scores, set(range(len(bodies))) - titled)
    _match_rest(lines, scores)


def _by_position(lines: Sequence[HeadlineLine], count: int) -> bool:
    """Match by position if one side of the bodies has all the headlines."""
    for side in ("following", "preceding"):
        neighbours = [getattr(line, side) for line in lines]
        if side == "preceding" and count == 1:
            return False  # a last line may as well be the end of the text
        if None not in neighbours and len(set(neighbours)) == count:
            for line, body in zip(lines, neighbours, strict=True):
                line.body = body
            return True
    return False


def _features(text: str) -> set[str]:
    """Bigrams of what is written without spaces, words of the rest."""
    features: set[str] = set()
    for word in _WORD.findall(text.lower()):
        if is_cjk(word[0]):
            features.update(word[i : i + 2] for i in range(len(word) - 1))
        else:
            features.add(word)
    return features


def _likeness(lines: Sequence[HeadlineLine], bodies: Sequence[str]) -> list[dict[int, float]]:
    """For each line, how much of its weight each body near it holds; rare features weigh most."""
    features = [_features(line.text) for line in lines]
    wanted = set().union(*features)
    held = [_features(body) & wanted for body in bodies]
    ledes = [_features(body[:_LEDE]) & wanted for body in bodies]
    frequency = Counter(feature for body in held for feature in body)
    rows = []
    for line, own in zip(lines, features, strict=True):
        weights = {f: math.log(1 + len(bodies) / (frequency[f] or 0.5)) for f in own}
        total = sum(weights.values()) or 1.0
        row = {}
        for body in range(max(0, line.place - _REACH), min(len(bodies), line.place + _REACH)):
            score = sum(weights[f] * (1.0 if f in ledes[body] else 0.6) for f in own & held[body])
            if score:
                row[body] = score / total
        rows.append(row)
    return rows


def _with_position(
    line: HeadlineLine, likeness: dict[int, float], before: float, behind: float
) -> dict[int, float]:
    """The likeness, with what it is worth to stand right before or behind a body."""
    scores = dict(likeness)
    if line.following is not None:
        scores[line.following] = scores.get(line.following, 0.0) + before
    if line.preceding is not None:
        scores[line.preceding] = scores.get(line.preceding, 0.0) + behind
    return scores


def _match_one_to_one(
    lines: Sequence[HeadlineLine], scores: Sequence[dict[int, float]]
) -> set[int]:
    """Give each body the line that is most like it, the surest pairs first; the bodies served."""
    titled: set[int] = set()
    for score, i, body in _ranked(scores):
        sure = _MATCH if lines[i].following == body else _MATCH_AWAY
        if score >= sure and lines[i].body is None and body not in titled:
            lines[i].body = body
            titled.add(body)
    return titled


def _match_left_over(
    lines: Sequence[HeadlineLine], scores: Sequence[dict[int, float]], untitled: set[int]
) -> None:
    """Blocks of headlines that none of the titled bodies can claim go to the untitled ones.

    First by what likeness there is; if then one block and one body are left, to each other.
    """
    taken = {(line.run, line.block) for line in lines if line.body is not None}
    for score, i, body in _ranked(scores):
        block = (lines[i].run, lines[i].block)
        if body not in untitled or block in taken or score <= 0:
            continue
        rival = max((s for other, s in scores[i].items() if other not in untitled), default=0.0)
        if rival < score + _RIVAL:
            lines[i].body = body
            untitled.discard(body)
            taken.add(block)
    free = {(line.run, line.block) for line in lines if _is_free(line)} - taken
    if len(free) == len(untitled) == 1:
        first = next(line for line in lines if (line.run, line.block) in free)
        first.body = untitled.pop()


def _is_free(line: HeadlineLine) -> bool:
    """Whether it stands in a run of headlines, rather than alone inside or behind a body."""
    return line.body is None and (line.preceding is not None or line.following is not None)


def _ranked(scores: Sequence[dict[int, float]]) -> list[tuple[float, int, int]]:
    """Score, line and body, the best first; of equals the earlier line."""
    pairs = [(score, i, body) for i, row in enumerate(scores) for body, score in row.items()]
    return sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2]))


def _match_rest(lines: Sequence[HeadlineLine], scores: list[dict[int, float]]) -> None:
    """Decks, kickers and second lines go with a neighbouring line, unless their words object.

    From the surest lines outwards, forwards and then backwards.
    """
    for order in (range(len(lines)), range(len(lines) - 1, -1, -1)):
        for i in order:
            if lines[i].body is None:
                lines[i].body = _best(lines, i, scores[i])


def _best(lines: Sequence[HeadlineLine], i: int, scores: dict[int, float]) -> int | None:
    totals = dict(scores)
    for j in (i - 1, i + 1):
        if 0 <= j < len(lines) and lines[j].run == lines[i].run:
            body = lines[j].body
            if body is not None:
                bonus = _SAME_BLOCK if lines[j].block == lines[i].block else _NEXT_BLOCK
                totals[body] = totals.get(body, 0.0) + bonus
    if not totals:
        return None
    best = max(totals, key=lambda body: (totals[body], -body))
    return best if totals[best] >= _NEXT_BLOCK else None


_PHRASE_GOES_ON = set("的和与與及或在对對为為将將把被向从從以、，：:")
_PHRASE_IS_WHOLE = set("—！？!?…。；;”」』")


def format_title(blocks: Sequence[Sequence[str]], body: str) -> str:
    """The headline block in its reading order.

    Kicker, headline and decks are set apart by a space; the lines of one headline are joined.
    `body` is the article's text: what stands together there belongs together here.
    """
    parts = []
    for lines in blocks:
        title = lines[0]
        for line in lines[1:]:
            title = _attach(title, line, body)
        parts.append(_close_gaps(title, body))
    return " ".join(parts)


def _attach(title: str, line: str, body: str) -> str:
    """A further line of the same block."""
    if not (is_cjk(title[-1]) or is_cjk(line[0]) or line[0] in "“‘" or title[-1] in "”’—"):
        return join_lines([title, line], set)
    last = title.split()[-1]
    whole = title[-1] in _PHRASE_IS_WHOLE or " " in title or " " in line
    if _belongs(title, line, body) or (not whole and _reads_on(last, line)):
        return title + line
    return f"{title} {line}"


def _close_gaps(title: str, body: str) -> str:
    """Runs of space become one, and none where the phrase goes on behind it."""
    words = title.split()
    closed = words[0]
    for word in words[1:]:
        glue = "" if is_cjk(closed[-1]) and _belongs(closed, word, body) else " "
        closed += glue + word
    return closed


def _belongs(left: str, right: str, body: str) -> bool:
    """Whether two pieces are one phrase: grammar says so, or the article has them together."""
    if left[-1] in _PHRASE_GOES_ON:
        return True
    return len(left) > 1 and len(right) > 1 and left[-2:] + right[:2] in body


def _reads_on(left: str, right: str) -> bool:
    """Whether a headline's second line completes its first, told by length and word classes."""
    first, second = cells(left), cells(right)
    if second <= 0.7 * first:
        return True
    words = list(rjieba.tag(left + right))
    position, verb = 0, False
    for word, tag in words:
        if position < len(left) < position + len(word):
            return True
        if position >= len(left):
            return tag.startswith("v") and not verb
        verb = verb or tag.startswith("v")
        position += len(word)
    return False
