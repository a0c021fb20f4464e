"""Arguments and options that commands have in common."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = [
    "DEFAULT_INDEX",
    "ContainsOption",
    "IdsOption",
    "IndexOption",
    "JsonOption",
    "LlmOption",
    "ModelOption",
    "NameOption",
    "QuestionArgument",
    "SinceOption",
    "SourceOption",
    "UntilOption",
]

IndexOption = Annotated[
    str,
    typer.Option(
        "--index",
        envvar="QA_BOT_INDEX",
        help="Folder of the index, or a database: oceanbase://USER@HOST:PORT/DATABASE.",
    ),
]
ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model",
        help="Embedding model: a folder or a hub name. Default: QA_BOT_MODEL, or bundled.",
    ),
]
LlmOption = Annotated[
    str | None,
    typer.Option(
        "--llm",
        metavar="FILE",
        help="GGUF file of a language model that writes the answer. Others: QA_BOT_LLM_BASE_URL.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document, nothing else.")]
SinceOption = Annotated[
    str | None,
    typer.Option(help="Only articles of this date or later (2024, 2024-08, 2024-08-09)."),
]
UntilOption = Annotated[str | None, typer.Option(help="Only articles of this date or earlier.")]
SourceOption = Annotated[str | None, typer.Option(help="Only articles of this newspaper.")]
QuestionArgument = Annotated[str, typer.Argument(help="The question, in any language.")]
ContainsOption = Annotated[
    str, typer.Option(help="Only those with these words in text, headline, byline or source.")
]
NameOption = Annotated[
    str,
    typer.Option(help="Only those that name this person, place or body (of Chinese articles)."),
]
IdsOption = Annotated[
    list[str] | None,
    typer.Option("--id", metavar="ID", help="Only the article of this id; may be given again."),
]

DEFAULT_INDEX = "index"
