"""Evaluate qa_bot: `python eval/run.py [SET] [options]`. eval/README.md defines the measures."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from dataset import DatasetError, EvalSet, Question, first, load, resolve, spread
from indexing import Filled, claim, fill, index_folder
from measure import Result, measure, measure_reading, warm_up
from qa_bot import LLM, QABot, QABotError, Settings, load_settings
from qa_bot.cli.exits import exit_code
from qa_bot.cli.terminal import progress_bars
from report import Report, machine, versions
from tables import compare, print_tables, tables

HERE = Path(__file__).parent
ERRORS, INTERRUPTED = 1, 130

_HELP = """Measure retrieval, answers, citations, abstention and speed on an evaluation set.

Exit codes:

- 0 done
- 1 some questions ended in an error
- 2 wrong usage, or not an evaluation set
- 4 the index cannot be used
- 5 the embedding model cannot be loaded
- 130 interrupted: what was measured so far is reported; what was indexed is kept
"""


class Answerer(StrEnum):
    """What writes the answers that are measured."""

    extractive = "extractive"
    llm = "llm"


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="markdown")


@app.command(help=_HELP)
def run(
    folder: Annotated[
        Path, typer.Argument(metavar="[SET]", help="Folder of the set. Default: the project's own.")
    ] = HERE,
    also: Annotated[
        list[Path] | None,
        typer.Option(help="Folder of another set, whose documents are added as distractors."),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first so many.")] = None,
    sample: Annotated[
        int | None,
        typer.Option(min=1, help="Only so many, evenly spread over languages and the set."),
    ] = None,
    langs: Annotated[str, typer.Option(help="Only questions in these languages: de,en.")] = "",
    by: Annotated[
        str, typer.Option(help="Field to break results down by. Default: kind, type, or lang.")
    ] = "",
    answers: Annotated[bool, typer.Option(help="Also ask, not only search.")] = True,
    gold: Annotated[
        bool, typer.Option(help="Only ask, and about each question's gold articles alone.")
    ] = False,
    answerer: Annotated[
        Answerer,
        typer.Option(help="What answers: quotes alone, or the language model in the settings."),
    ] = Answerer.extractive,
    model: Annotated[
        str | None, typer.Option(help="Embedding model: a folder or a hub name.")
    ] = None,
    index: Annotated[
        Path | None, typer.Option(help="Folder of the index. Default: one in the user's cache.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for the reports.")] = HERE / "reports",
    compare_with: Annotated[
        Path | None, typer.Option("--compare", help="Report (.json) of an earlier run.")
    ] = None,
    details: Annotated[
        bool,
        typer.Option(help="Also save questions, answers and quotes (mind the set's licence)."),
    ] = False,
) -> None:
    console = _console()
    earlier = Report.load(compare_with) if compare_with else None
    evalset = _named(load(folder, by=by), folder)
    others = [_named(load(path), path) for path in also or ()]
    questions = _choose(evalset.questions, langs, limit, sample)
    if earlier and not {q.id for q in questions} & {r.id for r in earlier.results}:
        raise DatasetError(f"{compare_with} is of another set: it has none of these questions.")
    if gold:
        questions = tuple(q for q in questions if q.gold_ids or q.gold_titles)
        if not questions or not answers:
            raise typer.BadParameter("--gold asks questions that name their gold articles.")
    # with the right article at hand there is nothing to refuse
    settings = load_settings(model=model, answer_threshold=0 if gold else None)
    llm = answerer is Answerer.llm
    if llm and LLM.of(settings) is None:
        raise typer.BadParameter("--answerer llm needs QA_BOT_LLM_MODEL, or QA_BOT_LLM (a file).")
    place = index or index_folder([evalset, *others], settings)
    console.print(f"Index: {place}", markup=False, soft_wrap=True)
    claim(place)
    with QABot.open(place, settings=settings) as bot:
        with progress_bars(_console(stderr=True)) as progress:
            filled = fill(bot, [evalset, *others], progress)
        titles = {article.id: article.title for article in bot.articles()}
        resolved, missing = resolve(questions, titles)
        results = _ask_all(bot, resolved, answers=answers, gold=gold, llm=llm)
        report = _report(bot, evalset, others, filled, missing, len(questions), results)
    if not results:
        raise typer.Exit(INTERRUPTED)
    _publish(console, report, out, details=details, earlier=earlier)
    if len(results) < len(questions):
        raise typer.Exit(INTERRUPTED)
    if any(result.error for result in results):
        raise typer.Exit(ERRORS)


def _named(evalset: EvalSet, folder: Path) -> EvalSet:
    """The project's own set by a better name than that of its folder."""
    return replace(evalset, name="own") if folder.resolve() == HERE.resolve() else evalset


def _choose(
    questions: Sequence[Question], langs: str, limit: int | None, sample: int | None
) -> tuple[Question, ...]:
    if limit and sample:
        raise typer.BadParameter("--limit and --sample exclude each other.")
    wanted = {lang.strip() for lang in langs.split(",") if lang.strip()}
    known = {question.lang for question in questions}
    if wanted - known:
        raise typer.BadParameter(
            f"No question is in {', '.join(sorted(wanted - known))}; the set has "
            f"{', '.join(sorted(known))}."
        )
    chosen = tuple(q for q in questions if not wanted or q.lang in wanted)
    if sample:
        return spread(chosen, sample)
    return first(chosen, limit) if limit else chosen


def _ask_all(
    bot: QABot, questions: Sequence[Question], *, answers: bool, gold: bool, llm: bool
) -> list[Result]:
    """Measure every question; on Ctrl-C, return what there is."""
    columns = (TextColumn("Asking"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = _console(stderr=True)
    results: list[Result] = []
    try:
        warm_up(bot, questions[0], answers=answers)
        with Progress(
            *columns, console=console, transient=True, disable=not console.is_terminal
        ) as bars:
            task = bars.add_task("", total=len(questions))
            for question in questions:
                results.append(
                    measure_reading(bot, question, llm=llm)
                    if gold
                    else measure(bot, question, answers=answers, llm=llm)
                )
                bars.advance(task)
    except KeyboardInterrupt:
        console.print(f"Interrupted after {len(results)} of {len(questions)} questions.")
    return results


def _report(
    bot: QABot,
    evalset: EvalSet,
    others: Sequence[EvalSet],
    filled: Filled,
    missing: Sequence[str],
    planned: int,
    results: Sequence[Result],
) -> Report:
    info = bot.info()
    return Report(
        set=evalset.name,
        also=tuple(other.name for other in others),
        made=datetime.now().astimezone().isoformat(timespec="seconds"),
        command=shlex.join(["python", "eval/run.py", *sys.argv[1:]]),
        model=str(info["model"]),
        dimension=bot.embed(["?"], "query").shape[1],
        settings=_changed(bot.settings),
        versions=versions(),
        machine=machine(),
        articles=filled.articles,
        passages=filled.passages,
        refused=filled.refused,
        missing_golds=tuple(missing),
        planned=planned,
        results=tuple(results),
    )


def _changed(settings: Settings) -> dict[str, object]:
    """The settings that are not at their default; without the model, and those of the machine."""
    return settings.model_dump(
        exclude_defaults=True, exclude={"model", "cache_dir", "host", "port", "llm_api_key"}
    )


def _publish(
    console: Console, report: Report, out: Path, *, details: bool, earlier: Report | None
) -> None:
    """Print the tables, then save the report and tell where."""
    print_tables(console, tables(report.summaries()))
    for what, items in (
        ("input refused", report.refused),
        ("gold articles missing from the index", report.missing_golds),
        ("questions with an error", [f"{r.id}: {r.error}" for r in report.results if r.error]),
    ):
        if items:
            console.print(f"{len(items)} {what}, first: {items[0]}", markup=False, soft_wrap=True)
    out.mkdir(parents=True, exist_ok=True)
    name = f"{report.set}-{report.made[:19].replace(':', '').replace('T', '-')}"
    base, number = out / name, 1
    while base.with_name(f"{base.name}.json").exists():  # of a run in the same second
        number += 1
        base = out / f"{name}-{number}"
    paths = report.save(base)
    if details:
        paths.append(_save_details(report, base))
    if not any(path.suffix == ".png" for path in paths):
        console.print("Without a chart: that takes pip install -e '.[eval]'.", markup=False)
    console.print("Saved: " + ", ".join(map(str, paths)), markup=False, soft_wrap=True)
    if earlier:
        print_tables(console, compare(report.results, earlier.results))


def _save_details(report: Report, base: Path) -> Path:
    path = base.with_name(base.name + ".details.jsonl")
    lines = (
        json.dumps({**r.details, **r.values, "error": r.error}, ensure_ascii=False)
        for r in report.results
    )
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def _console(*, stderr: bool = False) -> Console:
    """Wide enough for the tables where the width is not that of a terminal."""
    console = Console(stderr=stderr, highlight=False, emoji=False)
    return console if console.is_terminal else Console(stderr=stderr, width=120, highlight=False)


def main() -> None:
    """Run, and end with one line and an exit code whatever stopped it."""
    try:
        app()
    except QABotError as error:
        print(f"Error: {error}", file=sys.stderr)
        sys.exit(exit_code(error))
    except SystemExit as end:
        if end.code == INTERRUPTED:
            print("Interrupted. What was indexed is kept.", file=sys.stderr)
        raise


if __name__ == "__main__":
    main()
