"""The command line."""

from qa_bot.cli.main import app, main, run

__all__ = ["app", "main", "run"]
