"""Results of single questions, brought together: over all, and by kind of question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import metrics
from measure import Result

__all__ = ["ALL", "MEANS", "NAMES", "TABLES", "Summary", "Value", "scale", "summaries", "summarise"]

TABLES = {
    "Retrieval": ("recall@1", "recall@5", "recall@10", "mrr@10", "ndcg@10"),
    "Retrieval, after reading": (
        "read_recall@1",
        "read_recall@5",
        "read_recall@10",
        "read_mrr@10",
        "read_ndcg@10",
    ),
    "Answers": ("exact_match", "f1", "answer_in_quotes", "propositions"),
    "Citations": ("citation_hit", "citation_precision", "citation_recall", "citation_gold"),
    "Written answers": (
        "sentences_supported",
        "sentences_unsupported",
        "own_citations_right",
        "fell_back",
        "tokens",
    ),
    "Abstention": ("abstention_precision", "abstention_recall", "answered", "balanced_accuracy"),
    "Latency": ("search_p50", "search_p95", "ask_p50", "ask_p95"),
}
MEANS = tuple(
    name for title in TABLES if title not in ("Abstention", "Latency") for name in TABLES[title]
)
NAMES = tuple(name for names in TABLES.values() for name in names)
ALL = "all"


@dataclass(frozen=True, slots=True)
class Value:
    """A measure over `n` questions: those it applies to. None when there are none."""

    value: float | None
    n: int


Summary = dict[str, Value]


def summarise(results: Sequence[Result]) -> Summary:
    """The measures over these questions."""
    summary = {name: _mean(result.values.get(name) for result in results) for name in MEANS}
    return summary | _abstention(results) | _latency(results)


def summaries(results: Sequence[Result]) -> dict[str, Summary]:
    """The summary of all questions, then of each group where there are several."""
    groups: dict[str, list[Result]] = {}
    for result in results:
        groups.setdefault(result.group, []).append(result)
    by_group = {g: summarise(rows) for g, rows in sorted(groups.items())} if len(groups) > 1 else {}
    return {ALL: summarise(results), **by_group}


def _mean(values: Iterable[float | None]) -> Value:
    given = [value for value in values if value is not None]
    return Value(metrics.mean(given), len(given))


def _abstention(results: Sequence[Result]) -> Summary:
    asked = [(r.refused, not r.answerable) for r in results if r.refused is not None]
    refused = [said for said, _ in asked]
    unanswerable = [true for _, true in asked]
    values = metrics.abstention(refused, unanswerable)
    return {
        "abstention_precision": Value(values["precision"], sum(refused)),
        "abstention_recall": Value(values["recall"], sum(unanswerable)),
        "answered": Value(values["answered"], len(asked) - sum(unanswerable)),
        "balanced_accuracy": Value(values["balanced_accuracy"], len(asked)),
    }


def _latency(results: Sequence[Result]) -> Summary:
    summary: Summary = {}
    for name in ("search", "ask"):
        seconds = [s for r in results if (s := getattr(r, f"{name}_s")) is not None]
        for percentile, value in metrics.percentiles(seconds).items():
            summary[f"{name}_{percentile}"] = Value(value, len(seconds))
    return summary


def scale(name: str) -> float:
    """What a value is multiplied with for print: fractions become percents."""
    return 1 if name in (*TABLES["Latency"], "tokens") else 100
