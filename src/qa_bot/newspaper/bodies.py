"""From the units of a page to its articles: where a body begins and ends, and what it is called."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from qa_bot.newspaper.beginnings import run_in_headline
from qa_bot.newspaper.bylines import opening_credit
from qa_bot.newspaper.headlines import HeadlineLine, format_title, match_headlines
from qa_bot.newspaper.page import Unit

__all__ = ["Draft", "draft_articles"]


@dataclass(frozen=True, slots=True)
class Draft:
    """An article to be."""

    title: str
    text: str
    byline: str


@dataclass(slots=True)
class _Body:
    """Units from an article's opening to its closing.

    A `weak` body has nothing that says it is an article but a byline before it.
    """

    units: list[Unit]
    opening: list[Unit] = field(default_factory=list)  # bylines above
    closing: list[Unit] = field(default_factory=list)  # bylines below, or the paragraph with one
    weak: bool = False
    titles: list[HeadlineLine] = field(default_factory=list)


def draft_articles(units: Sequence[Unit]) -> list[Draft]:
    """The articles that the units make up: one, unless openers or bylines tell them apart."""
    if not units:
        return []
    bodies, headlines = _Segmenter().run(units)
    if not bodies or not any(unit.opens or unit.begins or unit.credit for unit in units):
        return [_plain(units)]
    match_headlines([line for line, _ in headlines], [_running(body.units) for body in bodies])
    _hand_out(bodies, headlines)
    return [_finish(body) for body in _merge_weak(bodies)]


def _plain(units: Sequence[Unit]) -> Draft:
    """A text without any mark of a newspaper page: one article, its title only if it is clear."""
    count = 0
    while count < min(len(units), 3) and _is_title(units[count]):
        count += 1
    if count == len(units) or (count and units[count].kind == "head"):
        # Verse and the like: a first line is a title only above blocks of several lines.
        above = len(units) > 1 and len(units[0].lines) == 1 < len(units[1].lines)
        count = 1 if above and _is_title(units[0]) else 0
    text = _running(units[count:])
    return Draft(format_title([unit.lines for unit in units[:count]], text), text, "")


def _is_title(unit: Unit) -> bool:
    return unit.kind == "head" and not unit.asks


class _Segmenter:
    """Goes through the units and gathers bodies, and the headline lines outside them."""

    def __init__(self) -> None:
        self.bodies: list[_Body] = []
        self.headlines: list[tuple[HeadlineLine, Unit]] = []
        self._pending: list[Unit] = []  # headlines and bylines since the last paragraph
        self._runs = 0

    def run(self, units: Sequence[Unit]) -> tuple[list[_Body], list[tuple[HeadlineLine, Unit]]]:
        """The bodies, and each headline line with the unit it is from."""
        for unit in units:
            match unit.kind:
                case "head":
                    self._pending.append(unit)
                case "byline":
                    self._add_byline(unit)
                case _:
                    self._add_text(unit)
        if self.bodies:
            self.bodies[-1].units += [u for u in self._pending if u.kind == "byline"]
        self._release(None)
        return self.bodies, self.headlines

    def _add_byline(self, unit: Unit) -> None:
        body = self.bodies[-1] if self.bodies else None
        if body is None or (self._pending and (body.closing or not unit.bracketed)):
            self._pending.append(unit)
            return
        body.units += self._pending
        self._pending.clear()
        body.closing.append(unit)

    def _add_text(self, unit: Unit) -> None:
        body = self.bodies[-1] if self.bodies else None
        closing = [unit] if unit.credit else []
        if body is None or self._starts_article(unit, body):
            opening = [other for other in self._pending if other.kind == "byline"]
            weak = body is not None and not self._pending and not unit.opens
            self.bodies.append(_Body([unit], opening, closing, weak))
            self._release(len(self.bodies) - 1)
            return
        lodged = [other for other in self._pending if other.lodged]
        body.units += [other for other in self._pending if not other.lodged]
        body.units.append(unit)
        body.closing = closing
        self._pending = lodged
        self._release(None)

    def _starts_article(self, unit: Unit, body: _Body) -> bool:
        """Whether a paragraph begins a new article behind `body`."""
        if body.closing or unit.begins:
            return True
        if unit.opens:
            return bool(self._pending) or body.units[0].opens
        kinds = [other.kind for other in self._pending if not other.lodged]
        return "head" in kinds and "byline" in kinds[kinds.index("head") :]

    def _release(self, following: int | None) -> None:
        """Turn the pending headlines into headline lines, next to the bodies they stand next to."""
        preceding = (len(self.bodies) if following is None else following) - 1
        self._runs += 1
        for block, unit in enumerate(other for other in self._pending if other.kind == "head"):
            before = preceding if preceding >= 0 and not unit.lodged else None
            after = None if unit.lodged else following
            for text in unit.lines:
                line = HeadlineLine(text, self._runs, block, len(self.bodies), before, after)
                self.headlines.append((line, unit))
        self._pending = []


def _hand_out(bodies: list[_Body], headlines: list[tuple[HeadlineLine, Unit]]) -> None:
    """Give each body its headline lines; lines that none claims stay where they were, as text."""
    strays: dict[int, tuple[HeadlineLine, Unit]] = {}
    for line, unit in headlines:
        if line.body is not None:
            bodies[line.body].titles.append(line)
        elif id(unit) in strays:
            strays[id(unit)][1].lines.append(line.text)
        else:
            strays[id(unit)] = line, Unit("text", [line.text])
    placed: dict[int, int] = {}
    for line, stray in strays.values():
        if line.following is None:
            bodies[line.preceding or 0].units.append(stray)
        else:
            position = placed.get(line.following, 0)
            bodies[line.following].units.insert(position, stray)
            placed[line.following] = position + 1


def _merge_weak(bodies: list[_Body]) -> Iterator[_Body]:
    """Bodies that turned out to have no headline and no opening go back to the one before."""
    current: _Body | None = None
    for body in bodies:
        first = body.units[0]
        proven = body.titles or first.opens or first.begins or (body.closing and not body.weak)
        if current and not proven:
            current.units += body.opening
            current.units += [unit for unit in current.closing if unit.kind == "byline"]
            current.units += body.units
            current.closing = body.closing
            continue
        if current:
            yield current
        current = body
    if current:
        yield current


def _finish(body: _Body) -> Draft:
    """Set the bylines apart from the text, and the pieces of the headline together."""
    credits = [unit.credit for unit in body.opening]
    paragraphs = []
    for unit in body.units:
        closes = any(unit is other for other in body.closing)
        paragraphs.append(unit.text[: unit.credit_start].rstrip() if closes else unit.text)
    if opening := opening_credit(paragraphs[0]):
        credit, start, end = opening
        credits.append(credit)
        paragraphs[0] = f"{paragraphs[0][:start].rstrip()} {paragraphs[0][end:].lstrip()}".strip()
    credits += [unit.credit for unit in body.closing]
    text = "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
    headline, start = run_in_headline(text)
    if headline and not body.titles:
        return Draft(headline, text[start:], " ".join(" ".join(credits).split()))
    byline = " ".join(" ".join(credits).split())
    return Draft(format_title(_title_blocks(body.titles), text), text, byline)


def _title_blocks(titles: Sequence[HeadlineLine]) -> list[list[str]]:
    """The lines of the headline by the blocks of the dump."""
    blocks: dict[tuple[int, int], list[str]] = {}
    for line in titles:
        blocks.setdefault((line.run, line.block), []).append(line.text)
    return list(blocks.values())


def _running(units: Sequence[Unit]) -> str:
    return "\n\n".join(unit.text for unit in units)
