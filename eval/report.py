"""Reports of a run: JSON for machines, Markdown and a chart for people."""

from __future__ import annotations

import importlib.util
import json
import os
import platform
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from dataset import DatasetError
from measure import Result
from summary import ALL, NAMES, Summary, scale, summaries
from tables import Table, label, tables

__all__ = ["Report", "machine", "versions"]

PACKAGES = (
    "qa-bot",
    "torch",
    "sentence-transformers",
    "transformers",
    "openvino",
    "faiss-cpu",
    "tantivy",
    "numpy",
)


_KINDS = (".json", ".md", ".png")


@dataclass(frozen=True, slots=True)
class Report:
    """One run of the evaluation. `planned` exceeds the results when it was interrupted."""

    set: str
    also: tuple[str, ...]
    made: str
    command: str
    model: str
    dimension: int
    settings: dict[str, object]
    versions: dict[str, str]
    machine: str
    articles: int
    passages: int
    refused: tuple[str, ...]
    missing_golds: tuple[str, ...]
    planned: int
    results: tuple[Result, ...]

    def summaries(self) -> dict[str, Summary]:
        """The summary of all questions, then of each group where there are several."""
        return summaries(self.results)

    def save(self, base: Path) -> list[Path]:
        """Write `base` + .json, .md and, where matplotlib is there, .png; returns the paths."""
        numbers, text, chart = (base.with_name(base.name + kind) for kind in _KINDS)
        drawn = importlib.util.find_spec("matplotlib") is not None
        numbers.write_text(self.to_json(), encoding="utf-8")
        text.write_text(markdown(self, chart.name if drawn else ""), encoding="utf-8")
        if drawn:
            draw(self.summaries(), self.set, chart)
        return [numbers, text, chart] if drawn else [numbers, text]

    def to_json(self) -> str:
        """All numbers, by question too, but no text of the set."""
        data = asdict(self)
        data["summary"] = {
            group: {name: asdict(value) for name, value in summary.items()}
            for group, summary in self.summaries().items()
        }
        data["results"] = [{**row, "details": {}} for row in data["results"]]
        return json.dumps(data, ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def load(cls, path: Path) -> Report:
        """Read a saved report.

        :raises DatasetError: if the file is none.
        """
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            data["results"] = [Result(**row) for row in data["results"]]
            given: dict[str, Any] = {
                field.name: tuple(v) if isinstance(v := data[field.name], list) else v
                for field in fields(cls)
            }
            return cls(**given)
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise DatasetError(
                f"{path} is not a report of eval/run.py ({type(error).__name__}: {error}). "
                "Give the .json file that an earlier run saved."
            ) from error


# Files


def markdown(report: Report, chart: str) -> str:
    """The report for people: what was run, on what, and the tables; `chart` is its file, if any."""
    unfinished = len(report.results) < report.planned
    errors = [result for result in report.results if result.error]
    lines = [
        f"# {report.set}",
        "",
        f"- command: `{report.command}`",
        f"- made: {report.made}, on {report.machine}",
        f"- model: {report.model} ({report.dimension} dimensions)",
        f"- versions: {', '.join(f'{k} {v}' for k, v in report.versions.items())}",
        f"- settings: {', '.join(f'{k}={v}' for k, v in report.settings.items()) or 'defaults'}",
        f"- index: {report.articles} articles, {report.passages} passages"
        + (f", with the distractors of {', '.join(report.also)}" if report.also else ""),
        f"- questions: {len(report.results)}, of which "
        f"{sum(r.answerable for r in report.results)} answerable"
        + (f" (interrupted: {report.planned} were planned)" if unfinished else ""),
        *_listing("input refused", report.refused),
        *_listing("gold articles missing from the index", report.missing_golds),
        *_listing("questions that ended in an error", [f"{r.id}: {r.error}" for r in errors]),
        "",
        "Definitions: `eval/README.md`. A dash: does not apply.",
        *(["", f"![Chart]({chart})"] if chart else []),
    ]
    for table in tables(report.summaries()):
        lines += ["", f"## {table.title}", "", *_markdown_rows(table)]
    return "\n".join(lines) + "\n"


def _listing(what: str, items: Sequence[str]) -> list[str]:
    """A line for what went wrong, with the first few cases."""
    if not items:
        return []
    more = f"; and {len(items) - 5} more" if len(items) > 5 else ""
    return [f"- {what}: {len(items)} ({'; '.join(items[:5])}{more})"]


def _markdown_rows(table: Table) -> Iterator[str]:
    yield _markdown_row(table.header)
    yield "|" + "---|" + "---:|" * (len(table.header) - 1)
    yield from map(_markdown_row, table.rows)


def _markdown_row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def draw(by_group: Mapping[str, Summary], title: str, path: Path) -> None:
    """The measures that are fractions, as a coloured grid of groups and measures in a PNG file."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    names = [n for n in NAMES if scale(n) != 1 and by_group[ALL][n].value is not None]
    cells = [[summary[name].value for name in names] for summary in by_group.values()]
    percent = np.array([[np.nan if v is None else 100 * v for v in row] for row in cells])
    percent = percent.reshape(len(by_group), len(names))
    figure, axes = plt.subplots(
        figsize=(2 + 0.6 * len(names), 1.6 + 0.35 * len(by_group)), layout="constrained"
    )
    axes.imshow(percent, cmap="YlGn", vmin=0, vmax=140, aspect="auto")  # no cell too dark to read
    for (row, column), value in np.ndenumerate(percent):
        shown = "–" if np.isnan(value) else f"{value:.0f}"
        axes.text(column, row, shown, ha="center", va="center")
    axes.set_xticks(range(len(names)), [label(name) for name in names], rotation=35, ha="right")
    axes.set_yticks(range(len(by_group)), list(by_group))
    axes.set_title(f"{title}, %")
    figure.savefig(path, dpi=120)
    plt.close(figure)


# What the run was made with


def versions() -> dict[str, str]:
    """The installed versions of what decides the results."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def machine() -> str:
    """System, processor kind and count: what latencies depend on, and no names."""
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} CPUs"
