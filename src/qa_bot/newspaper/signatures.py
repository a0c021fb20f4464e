"""Bylines that only their place tells: a bare name below a headline, or at the end."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa_bot.newspaper.bylines import is_name
from qa_bot.newspaper.columns import ends_sentence, is_cjk
from qa_bot.newspaper.page import ADDRESS, Page, Unit

__all__ = ["settle_bylines", "turned"]

_CAPITAL = r"[^\W\d_a-z]"
_PARTICLES = " de| van| von| la| al"
_WORD = rf"{_CAPITAL}[\w.'’-]+"
_LATIN_NAME = rf"{_WORD}(?: {_CAPITAL}\.?|{_PARTICLES})*(?: {_WORD}){{1,2}}"
_LATIN_NAMES = re.compile(rf"{_LATIN_NAME}(?:(?:,| and| AND| &) {_LATIN_NAME}){{0,3}}")
_POST = (
    "writer|reporter|correspondent|columnist|editor|staff|bureau|desk|service|contributor"
    "|photographer"
)
_AFFILIATION = re.compile(
    r"(?:of|for|from|special to) (?:the|this) [\w .'’&-]{3,40}"
    rf"|(?:[\w.'’&-]+ ){{0,5}}(?:{_POST})s?",
    re.I,
)
_AFFILIATION_WORDS = 6
_JAPANESE_NAME = re.compile(
    r"[\u4e00-\u9fff々]{1,3}[ \u3000]?[\u4e00-\u9fff々ヶ\u3041-\u3096\u30a1-\u30fc]{1,4}"
)
_NAME_AND_POST = re.compile(  # 林書妤／家管（新北市）
    r"([\u4e00-\u9fff]{2,4})\s?[／/]\s?[\u4e00-\u9fff]{2,8}(?:[（(][\u4e00-\u9fff]{2,6}[）)])?"
)
_SIGNED = re.compile(r"[（(]([\u4e00-\u9fff々\u3041-\u30fc]{2,7})[）)]$")
_NOTE = re.compile(r"[完续續略終終号號版面図图圖表报報注]$|^[上中下前后後]$")  # （完）, （敬称略）


def settle_bylines(units: Sequence[Unit], page: Page) -> list[Unit]:
    """The units, with bare names made bylines that stand below a headline or at the end.

    A name of two words may be a headline, too: it must be set in capitals that the headline is not
    in, have an address or a post below it, or the page must give such names twice.
    """
    settled = list(units)
    names: list[tuple[int, str]] = []
    for i, unit in enumerate(settled):
        if unit.kind == "text":
            _sign(settled, i, page)
        elif unit.kind == "head" and _is_above_text(settled, i):
            _take_affiliation(settled, i)
            if likely := _name_below(settled, i, page):
                names.append((i, likely))
    for i, likely in reversed(names):
        if likely == "sure" or len(names) > 1:
            settled[i : i + 1] = _divided(settled[i])
    return [unit for unit in settled if unit.lines]


def _is_above_text(units: Sequence[Unit], i: int) -> bool:
    """Whether the next paragraph follows unit `i` but for headlines' and bylines' other lines."""
    return any(unit.kind == "text" for unit in units[i + 1 : i + 3]) and not any(
        unit.kind == "byline" for unit in units[i + 1 : i + 2]
    )


def _take_affiliation(units: list[Unit], i: int) -> None:
    """Give a byline the line below it that says for whom its people write."""
    unit, before = units[i], units[i - 1] if i else None
    if before is None or before.kind != "byline":
        return
    has_headline = i > 1 and units[i - 2].kind == "head"
    line = unit.lines[0]
    words = len(line.split())
    if any(map(is_cjk, before.credit + line)) or words > _AFFILIATION_WORDS or ends_sentence(line):
        return
    if ADDRESS.search(line):
        unit.lines = unit.lines[1:]
    elif _AFFILIATION.fullmatch(line) or (has_headline and len(unit.lines) == 1):
        before.credit = f"{before.credit} {line}"
        unit.lines = unit.lines[1:]


def _name_below(units: Sequence[Unit], i: int, page: Page) -> str:
    """Whether the last lines of headline unit `i` are a name: "sure", "perhaps" or ""."""
    lines = list(units[i].lines)
    posts = 0
    while len(lines) > 1 and (ADDRESS.search(lines[-1]) or _AFFILIATION.fullmatch(lines[-1])):
        lines.pop()
        posts += 1
    if not lines:
        return ""
    above = lines[:-1] or (units[i - 1].lines if i and units[i - 1].kind == "head" else [])
    line = lines[-1]
    if not above:
        return ""
    if _LATIN_NAMES.fullmatch(line) and len(line) <= 60:
        capitals = line.isupper() and not any(other.isupper() for other in above)
        return "sure" if posts or capitals else "perhaps"
    if page.japanese and _JAPANESE_NAME.fullmatch(line) and len(line) <= 7:
        spaced = " " in line or "\u3000" in line
        return "sure" if spaced else "perhaps"
    if (post := _NAME_AND_POST.fullmatch(line)) and is_name(post[1]):
        return "sure"
    if not page.japanese and is_name(line.replace(" ", "").replace("\u3000", "")):
        return (
            "sure" if re.fullmatch(r"[\u4e00-\u9fff][ \u3000]+[\u4e00-\u9fff]", line) else "perhaps"
        )
    return ""


def _divided(unit: Unit) -> list[Unit]:
    """A headline unit without the name below it, and the name."""
    lines = list(unit.lines)
    posts: list[str] = []
    while len(lines) > 1 and (ADDRESS.search(lines[-1]) or _AFFILIATION.fullmatch(lines[-1])):
        posts.insert(0, lines.pop())
    name = lines.pop()
    credit = " ".join([name, *(post for post in posts if not ADDRESS.search(post))])
    byline = Unit("byline", [name], credit, block=unit.block)
    unit.lines, unit.column = lines, tuple(lines)
    return [unit, byline]


def _sign(units: Sequence[Unit], i: int, page: Page) -> None:
    """Find the name in brackets with which an article ends, where no other sign tells it is one."""
    unit = units[i]
    following = units[i + 1] if i + 1 < len(units) else None
    if unit.credit or (following is not None and following.kind != "head"):
        return
    match = _SIGNED.search(unit.text)
    if match is None or _NOTE.search(match[1]):
        return
    before = unit.text[: match.start()].rstrip()
    if before and (not page.japanese or before[-1] not in "。」』！？"):
        return
    if not before and len(match[1]) > 4:
        return
    if before:
        unit.credit, unit.credit_start = match[1], match.start()
    else:
        unit.kind, unit.credit, unit.bracketed = "byline", match[1], True


def turned(units: Sequence[Unit]) -> list[Unit]:
    """The units with headlines and bylines above their texts, where a page has them below.

    That is so where it begins with a text, ends with a headline, and has one below every text; the
    bylines are below, too, unless there is one above the first text and none below the last.
    """
    runs: list[list[Unit]] = [[]]  # texts and what stands between them, by turns, texts first
    for unit in units:
        if (unit.kind == "text") != (len(runs) % 2 == 1):
            runs.append([])
        runs[-1].append(unit)
    texts, between = runs[::2], runs[1::2]
    above: list[Unit] = []
    if not texts[0]:  # it begins with something else
        above, texts, between = between[0], texts[1:], between[1:]
    if any(unit.kind == "head" for unit in above) or len(between) < 2 or len(texts) != len(between):
        return list(units)
    if not all(any(unit.kind == "head" for unit in run) for run in between):
        return list(units)
    bylines_above = bool(above) and not any(unit.kind == "byline" for unit in between[-1])
    if not bylines_above and (above or not all(run[-1].kind == "byline" for run in between)):
        return list(units)
    made: list[Unit] = []
    for text, run in zip(texts, between, strict=True):
        if bylines_above:
            heads = [unit for unit in run if unit.kind == "head"]
            made += [*heads, *above, *text]
            above = [unit for unit in run if unit.kind == "byline"]
        else:
            made += [*run, *text]
    return made
