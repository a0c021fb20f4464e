"""Summaries as tables of text, and the comparison with an earlier report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from measure import Result
from summary import ALL, MEANS, NAMES, TABLES, Summary, Value, scale, summaries

__all__ = ["Table", "compare", "label", "print_tables", "tables"]

UNITS = {"Latency": "ms"}


@dataclass(frozen=True, slots=True)
class Table:
    """A table ready for print: all cells are text."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tables(by_group: Mapping[str, Summary]) -> list[Table]:
    """One table for each family of measures that has a value; a row for each group."""
    made = []
    for title, names in TABLES.items():
        if all(by_group[ALL][name].value is None for name in names):
            continue
        rows = tuple(
            (group, str(max(summary[n].n for n in names)), *(_cell(n, summary[n]) for n in names))
            for group, summary in by_group.items()
        )
        heading = f"{title}, {UNITS.get(title, '%')}"
        made.append(Table(heading, ("", "questions", *map(label, names)), rows))
    return made


def compare(now: Sequence[Result], before: Sequence[Result]) -> list[Table]:
    """What changed since an earlier report, over the questions that both have.

    `better` and `worse` count single questions, so that a small difference can be weighed.
    """
    earlier = {result.id: result for result in before}
    pairs = [(earlier[r.id], r) for r in now if r.id in earlier]
    old = summaries([a for a, _ in pairs])
    new = summaries([b for _, b in pairs])
    title = f"Compared over {len(pairs)} common questions, % and ms"
    rows = tuple(
        _difference_row(name, old[ALL][name], new[ALL][name], pairs)
        for name in NAMES
        if old[ALL][name].value is not None and new[ALL][name].value is not None
    )
    overall = Table(title, ("", "before", "now", "difference", "better", "worse"), rows)
    return [overall, *_differences_by_group(old, new)]


def _difference_row(
    name: str, old: Value, new: Value, pairs: Sequence[tuple[Result, Result]]
) -> tuple[str, ...]:
    better = worse = ""
    if name in MEANS:
        steps = [
            b - a
            for x, y in pairs
            if (a := x.values.get(name)) is not None and (b := y.values.get(name)) is not None
        ]
        better, worse = str(sum(s > 0 for s in steps)), str(sum(s < 0 for s in steps))
    cells = (_cell(name, old), _cell(name, new), _difference(name, old, new))
    return (label(name), *cells, better, worse)


def _differences_by_group(
    old: Mapping[str, Summary], new: Mapping[str, Summary]
) -> Iterator[Table]:
    groups = [group for group in new if group in old]
    if len(groups) < 2:
        return
    for title, names in TABLES.items():
        known = [
            n for n in names if new[ALL][n].value is not None and old[ALL][n].value is not None
        ]
        if known:
            rows = tuple(
                (g, *(_difference(n, old[g][n], new[g][n]) for n in known)) for g in groups
            )
            heading = f"{title}, difference in {UNITS.get(title, 'points of %')}"
            yield Table(heading, ("", *map(label, known)), rows)


def _cell(name: str, value: Value) -> str:
    return "–" if value.value is None else f"{value.value * scale(name):.1f}"


def _difference(name: str, old: Value, new: Value) -> str:
    if old.value is None or new.value is None:
        return "–"
    difference = (new.value - old.value) * scale(name)
    return "0.0" if abs(difference) < 0.05 else f"{difference:+.1f}"


def label(name: str) -> str:
    """The name of a measure for print."""
    return (
        name.removeprefix("read_")
        .replace("_", " ")
        .replace("mrr", "MRR")
        .replace("ndcg", "nDCG")
        .replace("f1", "F1")
    )


def print_tables(console: Console, made: Iterable[Table]) -> None:
    """Print the tables one under the other."""
    for table in made:
        rich = RichTable(title=Text(table.title), title_justify="left", title_style="bold")
        for place, heading in enumerate(table.header):
            rich.add_column(Text(heading), justify="right" if place else "left")
        for row in table.rows:
            rich.add_row(*map(Text, row))
        console.print(rich)
