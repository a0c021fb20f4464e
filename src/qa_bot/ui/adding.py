"""Adding articles while the page tells how it goes."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from qa_bot.bot import QABot
from qa_bot.errors import QABotError
from qa_bot.records import Article, Outcome, Progress, Refusal
from qa_bot.ui.pace import Pace
from qa_bot.ui.texts import say
from qa_bot.ui.views import notices

__all__ = ["Batch", "Step", "add"]

log = logging.getLogger(__name__)

_TICK = 0.5  # seconds between two looks at the vectors that are still to come


class Batch(NamedTuple):
    """Articles that come from one place, all or some of which may turn out not to be readable."""

    path: Path  # of the uploaded file; the user knows it by its name alone
    entries: Callable[[], Sequence[Article | Refusal]]

    def read(self) -> tuple[list[Article], list[Outcome]]:
        """Its articles, and what became of the rest. Nothing that is wrong with it is raised."""
        try:
            entries = self.entries()
        except Exception as error:
            return [], [_refusal(error, self.path)]
        articles = [entry for entry in entries if isinstance(entry, Article)]
        shown = QABot.shown_path(self.path)
        refused = [
            Outcome(e.path.replace(shown, self.path.name), "refused", reason=e.reason)
            for e in entries
            if isinstance(e, Refusal)
        ]
        return articles, refused


class Step(NamedTuple):
    """What the page is to say; `stored`: from now on the new articles are in the library."""

    status: str
    stored: bool = False


def add(
    bot: QABot, batches: Sequence[Batch], lang: str, came: Sequence[Outcome] = ()
) -> Iterator[Step]:
    """Adds the batches one by one. Asking goes on meanwhile; the vectors follow at the end.

    :param came: what became of others before, to be told with these.
    """
    outcomes = list(came)
    for number, batch in enumerate(batches, 1):
        said = say(lang, "uploading", done=number, total=len(batches), name=batch.path.name)
        yield Step(notices.progress(said))
        for step in _add_batch(bot, batch, said, lang):
            if isinstance(step, str):
                yield Step(step)
            else:
                outcomes.extend(step)
    result = notices.outcomes(outcomes, lang)
    yield Step(result, stored=True)
    try:
        for waiting in _vectors(bot, lang):
            yield Step(waiting + result)
        done = bot.settings.embed or not bot.pending()
        end = notices.note(say(lang, "upload_done" if done else "upload_left"))
    except QABotError as error:  # the texts are in all the same, and can be searched
        # where embedding failed the page says so above, for as long as it is so
        end = "" if bot.embedding_fault() else notices.fault(error, lang)
    yield Step(end + result)


def _refusal(error: Exception, path: Path) -> Outcome:
    """What became of an uploaded file that could not be read; its temporary folder goes unsaid."""
    if not isinstance(error, QABotError):
        log.error("an uploaded file failed", exc_info=error)
    reason = str(error).replace(f"{path}: ", "").replace(str(path), path.name)
    return Outcome(path.name, "refused", reason=reason or type(error).__name__)


def _add_batch(
    bot: QABot, batch: Batch, said: str, lang: str
) -> Iterator[str | tuple[Outcome, ...]]:
    """How it goes, from time to time; at last what became of each."""
    articles, refused = batch.read()
    if refused:
        yield tuple(refused)
    if not articles:
        return
    try:
        pace = Pace()
        for step in _put(bot, articles):
            if isinstance(step, int):
                counted = say(lang, "so_far", count=step, total=len(articles))
                told = said + counted + pace.tell(step, len(articles), lang)
                yield notices.progress(told, step, len(articles))
            else:
                yield step
    except Exception as error:
        yield (_refusal(error, batch.path),)


def _put(bot: QABot, articles: list[Article]) -> Iterator[int | tuple[Outcome, ...]]:
    """Adds in a thread of its own, so that the progress it reports can be passed on."""
    steps: queue.SimpleQueue[Progress | tuple[Outcome, ...] | Exception] = queue.SimpleQueue()

    def work() -> None:
        try:
            steps.put(bot.add(articles, wait=False, progress=steps.put).outcomes)
        except Exception as error:
            steps.put(error)

    threading.Thread(target=work, name="qa_bot-upload", daemon=True).start()
    while isinstance(step := steps.get(), Progress):
        yield step.done
    if isinstance(step, Exception):
        raise step
    yield step


def _vectors(bot: QABot, lang: str) -> Iterator[str]:
    if not bot.settings.embed:  # nobody knows when
        return
    total, pace = bot.pending(), Pace()
    while total and not bot.wait(timeout=_TICK):
        total = max(total, left := bot.pending())
        done = total - left
        said = say(lang, "embedding", done=done, total=total) + pace.tell(done, total, lang)
        yield notices.progress(said, done, total)
