"""Questions on their way to answers: how many at once, and what is told meanwhile."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from qa_bot.errors import QABotError
from qa_bot.records import Answer, Update
from qa_bot.server.limits import Limiter
from qa_bot.ui.texts import say
from qa_bot.ui.views import answer as view
from qa_bot.ui.views import notices, passages

if TYPE_CHECKING:
    from qa_bot.settings import Settings

__all__ = ["Answering", "Told"]

log = logging.getLogger(__name__)

_AT_ONCE = 4  # questions answered at a time: more would only take longer each
_PATIENCE = 0.3  # seconds, before a question is said to be waiting


class Told(NamedTuple):
    """What the page shows of a question by now.

    `html` is of its turn, `panel` of what stands beside it where that changes. With the `answer`
    both are left to whoever asked.
    """

    html: str = ""
    panel: str | None = None
    answer: Answer | None = None


class Answering:
    """Lets so many questions in as the settings allow."""

    def __init__(self, settings: Settings) -> None:
        self._limiter = Limiter(settings.questions_per_minute)
        self._waiting = threading.BoundedSemaphore(settings.questions_at_once)
        self._answering = threading.Semaphore(_AT_ONCE)

    def steps(
        self, begin: Callable[[], Iterator[Update]], visitor: str, lang: str
    ) -> Iterator[Told]:
        """The steps to an answer when it is its turn; a friendly word if there are too many."""
        if not self._limiter.allows(visitor):
            yield Told(notices.problem(say(lang, "too_many")))
            return
        if not self._waiting.acquire(blocking=False):
            yield Told(notices.problem(say(lang, "busy")))
            return
        try:
            yield from self._in_turn(_told(begin, lang), lang)
        finally:
            self._waiting.release()

    def _in_turn(self, steps: Iterator[Told], lang: str) -> Iterator[Told]:
        for told in steps:
            yield told
            if told.panel is not None:  # searching is quick, and needs no turn: reading takes long
                break
        else:
            return  # it failed before
        if not self._answering.acquire(timeout=_PATIENCE):
            yield Told(view.draft(say(lang, "waiting"), "", "", lang))
            self._answering.acquire()
        try:
            yield from steps
        finally:
            self._answering.release()


def _told(begin: Callable[[], Iterator[Update]], lang: str) -> Iterator[Told]:
    """What each update says. Nothing that goes wrong is raised."""
    try:
        for update in begin():
            if update.answer is not None:
                yield Told(answer=update.answer)
                continue
            panel = passages.found(update.hits, lang) if update.stage == "reading" else None
            stage = say(lang, f"stage_{update.stage}", count=len(update.hits))
            yield Told(view.draft(stage, update.text, update.asked, lang), panel)
    except QABotError as error:
        yield Told(notices.fault(error, lang))
    except Exception:
        log.exception("a question failed")
        yield Told(notices.problem(say(lang, "failed")))
