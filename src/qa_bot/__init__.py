"""qa_bot: ask newspaper articles a question, and get the answer with verbatim, cited quotes."""

from importlib.metadata import version
from typing import TYPE_CHECKING

from qa_bot.errors import (
    ArticleNotFoundError,
    IndexAwayError,
    IndexBusyError,
    IndexMismatchError,
    LLMError,
    ModelError,
    QABotError,
    ReadError,
    SettingsError,
)
from qa_bot.records import (
    AddReport,
    Answer,
    Article,
    Change,
    Citation,
    CopyReport,
    Excerpt,
    Hit,
    Outcome,
    Passage,
    Progress,
    Removed,
    SyncReport,
    Turn,
    Update,
)

if TYPE_CHECKING:
    from qa_bot.bot import QABot
    from qa_bot.llm import LLM
    from qa_bot.settings import Settings, load_settings

__version__ = version("qa-bot")

__all__ = [
    "LLM",
    "AddReport",
    "Answer",
    "Article",
    "ArticleNotFoundError",
    "Change",
    "Citation",
    "CopyReport",
    "Excerpt",
    "Hit",
    "IndexAwayError",
    "IndexBusyError",
    "IndexMismatchError",
    "LLMError",
    "ModelError",
    "Outcome",
    "Passage",
    "Progress",
    "QABot",
    "QABotError",
    "ReadError",
    "Removed",
    "Settings",
    "SettingsError",
    "SyncReport",
    "Turn",
    "Update",
    "load_settings",
]


def __getattr__(name: str) -> object:
    # imported when first used: what stands behind them takes a while, and `qa-bot --help` is quick
    if name == "QABot":
        from qa_bot.bot import QABot

        return QABot
    if name == "LLM":
        from qa_bot.llm import LLM

        return LLM
    if name in ("Settings", "load_settings"):
        from qa_bot import settings

        return getattr(settings, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
