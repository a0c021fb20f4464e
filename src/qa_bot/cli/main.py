"""The command line `qa-bot`. Data goes to stdout; progress, notes and errors go to stderr."""

from __future__ import annotations

import atexit
import os
import sys
from dataclasses import asdict, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from qa_bot.cli.adding import adding
from qa_bot.cli.copy import copy
from qa_bot.cli.correct import correct
from qa_bot.cli.exits import NOTHING, OK, REFUSED, USAGE, Commands
from qa_bot.cli.opening import exists, is_index, open_index, without_text
from qa_bot.cli.options import (
    DEFAULT_INDEX,
    ContainsOption,
    IdsOption,
    IndexOption,
    JsonOption,
    LlmOption,
    ModelOption,
    NameOption,
    QuestionArgument,
    SinceOption,
    SourceOption,
    UntilOption,
)
from qa_bot.cli.sync import sync
from qa_bot.cli.terminal import (
    clean,
    forget_stdout,
    note,
    prepare_streams,
    print_answer,
    print_hits,
    print_json,
    print_line,
    print_outcomes,
    print_table,
    waiting,
)
from qa_bot.cli.worker import worker

# The bot, and with it FAISS and the rest, is imported where it is used: --help stays quick.
from qa_bot.errors import ArticleNotFoundError, SettingsError
from qa_bot.records import FILTERED, Answer, Article

if TYPE_CHECKING:
    from qa_bot.bot import QABot

__all__ = ["app", "main", "run"]

_HELP = """Ask newspaper articles a question; get the answer with verbatim, cited quotes.

Exit codes:

- 0 done
- 1 nothing found, or "not in the articles" (ask, search, remove)
- 2 wrong usage, or a bad setting
- 3 some input was refused (add)
- 4 the index cannot be used: missing, busy, or made by another model
- 5 the embedding model cannot be loaded
- 130 interrupted with Ctrl-C
- 141 the reader of the output closed the pipe
"""


app = typer.Typer(
    cls=Commands,
    help=_HELP,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> NoReturn:
    """What the command does, as a program may call it too."""
    prepare_streams()
    try:
        app()
    finally:
        try:
            sys.stdout.flush()
        except BrokenPipeError:
            forget_stdout()
    sys.exit(OK)


def run() -> NoReturn:
    """The console script: `main` in a process of its own, left at once.

    What the process was to do at its end is done; only taking apart all its objects, which takes
    .4 s of an answer's time, is left to the system.
    """
    try:
        main()
    except SystemExit as end:
        atexit._run_exitfuncs()
        sys.stderr.flush()
        code = OK if end.code is None else end.code
        os._exit(code if isinstance(code, int) else USAGE)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"qa-bot {version('qa-bot')}")
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    pass


# Commands


@app.command()
def add(
    paths: Annotated[list[str], typer.Argument(help="Files and folders (with all they hold).")],
    index: IndexOption = DEFAULT_INDEX,
    model: ModelOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add the articles of files and folders to the index.

    What is there already is skipped, so adding a folder again adds what is new. Exit code 3 if
    some input was refused; the rest is added all the same.
    """
    if not any(map(exists, paths)) and not is_index(index):
        # a mistyped path makes no index that is empty from then on
        raise typer.BadParameter(f"There is no such file or folder: {', '.join(paths)}.")
    with open_index(index, model, create=True) as bot, adding(bot) as progress:
        report = bot.add(list(paths), progress=progress)
        articles = bot.info()["articles"]
    counts = {s: len(getattr(report, s)) for s in ("added", "replaced", "skipped", "refused")}
    if as_json:
        print_json({**counts, "outcomes": [asdict(outcome) for outcome in report.outcomes]})
    else:
        print_outcomes(report.outcomes)
        print(", ".join(f"{n} {s}" for s, n in counts.items()) + f". In the index: {articles}.")
    if report.refused:
        raise typer.Exit(REFUSED)


app.command()(sync)
app.command()(copy)


@app.command()
def ask(
    question: QuestionArgument,
    index: IndexOption = DEFAULT_INDEX,
    model: ModelOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    source: SourceOption = None,
    llm: LlmOption = None,
    as_json: JsonOption = False,
) -> None:
    """Answer a question, with the quotes that prove the answer.

    Exit code 1 if the articles do not hold the answer, or only perhaps.
    """
    _refuse_empty(question)
    with open_index(index, model, llm=llm) as bot, waiting("Reading"):
        _note_if_empty(bot)
        answer = bot.ask(question, since=since, until=until, source=source)
    if as_json:
        print_json(_as_json(answer))
    else:
        print_answer(answer)
    if answer.fault == FILTERED:
        note(answer.note)
    elif answer.note:
        note(f"{answer.note} This is the answer without it.")
    if not answer.answerable:
        raise typer.Exit(NOTHING)


@app.command()
def search(
    question: QuestionArgument,
    k: Annotated[int, typer.Option("-k", min=1, help="How many passages.")] = 10,
    index: IndexOption = DEFAULT_INDEX,
    model: ModelOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    source: SourceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find the passages nearest to a question, best first.

    Exit code 1 if there are none.
    """
    _refuse_empty(question)
    with open_index(index, model) as bot, waiting("Searching"):
        _note_if_empty(bot)
        hits = bot.search(question, k=k, since=since, until=until, source=source)
    if as_json:
        print_json({"question": question, "hits": [asdict(hit) for hit in hits]})
    else:
        print_hits(hits)
    if not hits:
        raise typer.Exit(NOTHING)


@app.command()
def feedback(
    index: IndexOption = DEFAULT_INDEX,
    questions: Annotated[
        bool, typer.Option("--questions", help="As questions for eval/run.py: those judged right.")
    ] = False,
) -> None:
    """Print what readers of the web page thought of answers, as JSON lines."""
    with open_index(index, None) as bot:
        for record in bot.feedback.questions() if questions else bot.feedback.records():
            print_line(record)


@app.command()
def password() -> None:
    """Print the QA_BOT_PASSWORD_HASH with which the web page asks for a password."""
    from qa_bot.server.password import hashed

    chosen = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    print(hashed(chosen))


@app.command("list")
def list_articles(
    contains: ContainsOption = "",
    name: NameOption = "",
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many.")] = None,
    index: IndexOption = DEFAULT_INDEX,
    model: ModelOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the articles, newest added first; tab-separated when not shown on a terminal."""
    with open_index(index, model) as bot:
        articles = bot.articles(limit=limit, contains=contains, name=name)
    if as_json:
        print_json({"articles": [without_text(article) for article in articles]})
    else:
        print_table(
            ("id", "date", "source", "title"),
            [(a.id, a.published.lstrip("-"), a.source, a.title) for a in articles],
        )


@app.command()
def export(
    file: Annotated[
        Path, typer.Argument(help="The file to write; .bib, .ris or .json: references.")
    ],
    ids: IdsOption = None,
    contains: ContainsOption = "",
    name: NameOption = "",
    source: SourceOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    index: IndexOption = DEFAULT_INDEX,
    model: ModelOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the articles to a file that `add` reads back to the same articles.

    Where its name ends in .bib (BibTeX), .ris or .json (CSL-JSON) it holds references to them.
    """
    with open_index(index, model) as bot:
        count = bot.export(
            file,
            contains=contains,
            name=name,
            source=source,
            since=since,
            until=until,
            article_ids=ids,
        )
    if as_json:
        print_json({"file": str(file), "articles": count})
    else:
        print(clean(f"Exported {count} articles to {file}"))


@app.command()
def remove(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Ids, as `list` shows them.")],
    index: IndexOption = DEFAULT_INDEX,
    model: ModelOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remove articles. Exit code 1 if an id is unknown; the others are removed all the same."""
    removed: list[Article] = []
    missing: list[str] = []
    with open_index(index, model) as bot:
        for article_id in ids:
            try:
                removed.append(bot.remove(article_id))
            except ArticleNotFoundError as error:
                missing.append(article_id)
                note(f"Error: {error}")
    if as_json:
        print_json({"removed": [without_text(a) for a in removed], "missing": missing})
    else:
        for article in removed:
            print(clean(f"Removed {article.id}: {article.title}"))
    if missing:
        raise typer.Exit(NOTHING)


app.command()(correct)
app.command()(worker)


@app.command()
def info(
    index: IndexOption = DEFAULT_INDEX, model: ModelOption = None, as_json: JsonOption = False
) -> None:
    """Tell where the index is, what it holds, and which model made it."""
    with open_index(index, model) as bot:
        facts = bot.info()
    if as_json:
        print_json(facts)
    else:
        for name, value in facts.items():
            print(clean(f"{name}: {value}"))


@app.command()
def serve(
    index: IndexOption = DEFAULT_INDEX,
    model: ModelOption = None,
    host: Annotated[
        str | None, typer.Option(help="Address to listen on. Default: QA_BOT_HOST, or 127.0.0.1.")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(help="Port; 0 for any free one. Default: QA_BOT_PORT, or 7860."),
    ] = None,
    llm: LlmOption = None,
    no_embed: Annotated[
        bool, typer.Option("--no-embed", help="Leave embedding to `qa-bot worker`.")
    ] = False,
    open_browser: Annotated[bool, typer.Option("--open", help="Open a browser.")] = False,
) -> None:
    """Start the web page; Ctrl-C ends it."""
    given = {"host": host, "port": port, "llm": llm, "embed": False if no_embed else None}
    with open_index(index, model, create=True, **given) as bot:
        try:
            from qa_bot.ui import serve as serve_page
        except ModuleNotFoundError as error:
            raise SettingsError(
                f"The page needs {error.name}: pip install -c constraints.txt '.[server]'."
            ) from error

        host, port = bot.settings.host, bot.settings.port
        serve_page(bot, host=host, port=port, open_browser=open_browser)


def _refuse_empty(question: str) -> None:
    if not question.strip():
        raise typer.BadParameter("The question is empty.")


def _note_if_empty(bot: QABot) -> None:
    if not bot.info()["articles"]:
        note("The index is empty. Add articles with `qa-bot add PATHS`.")


def _as_json(answer: Answer) -> dict[str, object]:
    """The answer; the articles that it lists without their texts."""
    listed = [{**without_text(i.article), "mentions": i.mentions} for i in answer.articles]
    return asdict(replace(answer, articles=())) | {"articles": listed}


if __name__ == "__main__":
    run()
