"""How a command ends: with one line on stderr and an exit code, whatever stopped it."""

from __future__ import annotations

import sys
from typing import Any

import typer

from qa_bot.cli.terminal import forget_stdout, note
from qa_bot.errors import (
    ArticleNotFoundError,
    IndexAwayError,
    IndexBusyError,
    IndexMismatchError,
    ModelError,
    QABotError,
    ReadError,
)

__all__ = ["NOTHING", "OK", "REFUSED", "USAGE", "Commands", "NoIndexError", "exit_code"]

OK, NOTHING, USAGE, REFUSED, INDEX, MODEL = range(6)
INTERRUPTED = 130  # 128 + SIGINT, as shells have it
PIPE_CLOSED = 141  # 128 + SIGPIPE, what a program that leaves the signal alone ends with

_KEPT = "What was done so far is kept; the same command goes on from there."

_CODES = (
    (ArticleNotFoundError, NOTHING),
    (ReadError, REFUSED),
    (IndexMismatchError, INDEX),
    (IndexBusyError, INDEX),
    (IndexAwayError, INDEX),
    (ModelError, MODEL),
)


class NoIndexError(QABotError):
    """There is no index where one was expected."""


def exit_code(error: QABotError) -> int:
    """The exit code that stands for this error; that of wrong usage for any other."""
    if isinstance(error, NoIndexError):
        return INDEX
    return next((code for kind, code in _CODES if isinstance(error, kind)), USAGE)


class Commands(typer.core.TyperGroup):
    """Ends every command with one line and an exit code, whatever stopped it."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command, and end it."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
            return result
        except QABotError as error:
            note(f"Error: {error}")
            raise typer.Exit(exit_code(error)) from error
        except KeyboardInterrupt as interrupt:
            note(f"Interrupted. {str(interrupt) or _KEPT}")
            raise typer.Exit(INTERRUPTED) from interrupt
        except BrokenPipeError as closed:
            forget_stdout()
            raise typer.Exit(PIPE_CLOSED) from closed
