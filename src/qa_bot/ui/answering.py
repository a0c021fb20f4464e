"""Questions on their way to answers: whose turn it is, what is told meanwhile, and Stop."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from qa_bot.errors import QABotError, StoppedError
from qa_bot.records import Answer, Update
from qa_bot.server.limits import Limiter
from qa_bot.ui.texts import say
from qa_bot.ui.views import answer as view
from qa_bot.ui.views import notices, passages

if TYPE_CHECKING:
    from qa_bot.settings import Settings

__all__ = ["Answering", "Line", "Stopped", "Told"]

log = logging.getLogger(__name__)

_AT_ONCE = 4  # questions answered at a time: more would only take longer each
_PATIENCE = 0.3  # seconds, before a question is said to be waiting; and between two looks

Stopped = Callable[[], bool]
"""Whether nobody waits for an answer any more."""


class Told(NamedTuple):
    """What the page shows of a question by now.

    `html` is of its turn, `panel` of what stands beside it where that changes. With the `answer`
    both are left to whoever asked.
    """

    html: str = ""
    panel: str | None = None
    answer: Answer | None = None


class Line:
    """Lets so many in at a time; the others wait in the order in which they came."""

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._waiting: list[object] = []
        self._moved = threading.Condition()

    def enter(self, stopped: Stopped) -> Generator[int]:
        """How many are to go first, each time that changes; it ends when it is one's turn.

        :raises StoppedError: if `stopped` says so while waiting.
        """
        ticket, told = object(), -1
        with self._moved:
            self._waiting.append(ticket)
        entered = False
        try:
            while not entered:
                with self._moved:
                    before = self._waiting.index(ticket)
                    if before >= self._free or stopped():
                        self._moved.wait(_PATIENCE)
                        before = self._waiting.index(ticket)
                    if stopped():
                        raise StoppedError("Nobody waits for this answer any more.")
                    if before < self._free:
                        self._free -= 1
                        entered = True
                if not entered and before != told:
                    told = before
                    yield before
        finally:
            with self._moved:
                self._waiting.remove(ticket)
                self._moved.notify_all()

    def leave(self) -> None:
        """Make room for the next one."""
        with self._moved:
            self._free += 1
            self._moved.notify_all()


class Answering:
    """Lets so many questions in as the settings allow, and ends those that are stopped."""

    def __init__(self, settings: Settings) -> None:
        self._limiter = Limiter(settings.questions_per_minute)
        self._waiting = threading.BoundedSemaphore(settings.questions_at_once)
        self._line = Line(_AT_ONCE)
        self._asked: dict[str, list[threading.Event]] = {}  # by the page they are asked on
        self._lock = threading.Lock()

    def stop(self, page: str) -> bool:
        """End what is being answered on a page; false if nothing is."""
        with self._lock:
            asked = self._asked.get(page, [])
            for stop in asked:
                stop.set()
            return bool(asked)

    def steps(
        self, begin: Callable[[Stopped], Iterator[Update]], visitor: str, page: str, lang: str
    ) -> Iterator[Told]:
        """The steps to an answer when it is its turn; a friendly word if there are too many.

        :param begin: begins to answer; what it is given tells whether it was stopped.
        """
        if not self._limiter.allows(visitor):
            yield Told(notices.problem(say(lang, "too_many")))
            return
        if not self._waiting.acquire(blocking=False):
            yield Told(notices.problem(say(lang, "busy")))
            return
        try:
            with self._stoppable(page) as stopped:
                yield from self._told(begin, stopped, lang)
        finally:
            self._waiting.release()

    @contextmanager
    def _stoppable(self, page: str) -> Iterator[Stopped]:
        stop = threading.Event()
        with self._lock:
            self._asked.setdefault(page, []).append(stop)
        try:
            yield stop.is_set
        finally:
            with self._lock:
                self._asked[page].remove(stop)
                if not self._asked[page]:
                    del self._asked[page]

    def _told(
        self, begin: Callable[[Stopped], Iterator[Update]], stopped: Stopped, lang: str
    ) -> Iterator[Told]:
        """What each update says, the last one if it is stopped. Nothing is raised."""
        last = Update("searching")
        entered = False
        try:
            for update in begin(stopped):
                last = update
                if update.answer is not None:
                    yield Told(answer=update.answer)
                    return
                yield _shown(update, lang)
                if update.stage == "reading":  # searching is quick, and needs no turn
                    for before in self._line.enter(stopped):
                        yield Told(view.draft(_place(before, lang), "", update.asked, lang))
                    entered = True
        except StoppedError:
            yield Told(view.stopped(last.text, last.asked, lang))
        except QABotError as error:
            yield Told(notices.fault(error, lang))
        except Exception:
            log.exception("a question failed")
            yield Told(notices.problem(say(lang, "failed")))
        finally:
            if entered:
                self._line.leave()


def _place(before: int, lang: str) -> str:
    return say(lang, "waiting_behind", count=before) if before else say(lang, "waiting")


def _shown(update: Update, lang: str) -> Told:
    panel = passages.found(update.hits, lang) if update.stage == "reading" else None
    if update.stage == "writing" and update.answerer == "llm":
        stage = say(lang, "stage_writing_llm")
    else:
        stage = say(lang, f"stage_{update.stage}", count=len(update.hits))
    return Told(view.draft(stage, update.text, update.asked, lang), panel)
