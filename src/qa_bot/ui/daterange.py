"""Two dates that somebody typed to narrow the articles."""

from __future__ import annotations

from qa_bot.bot import QABot
from qa_bot.errors import QABotError
from qa_bot.ui.texts import say

__all__ = ["fault"]


def fault(since: str, until: str, lang: str) -> str:
    """What is wrong with them, in words of the page; "" if nothing is."""
    bad = [date for date in (since, until) if date and not _is_date(date)]
    if bad:
        return say(lang, "bad_range", dates=", ".join(bad))
    try:
        QABot.check_dates(since, until)
    except QABotError:
        return say(lang, "turned_round", since=since, until=until)
    return ""


def _is_date(text: str) -> bool:
    try:
        QABot.check_dates(text)
    except QABotError:
        return False
    return True
