"""Questions before batches: who may run a network next."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator

__all__ = ["Gate", "gate"]

_QUIET = 20.0  # seconds without a question, after which none is expected at once
_LONGEST_WAIT = 0.5  # seconds that a unit of a batch waits, however long the one before it took


class Gate:
    """Lets questions through at once, and batches unit by unit while no question is at work.

    Where questions have no end a unit waits for as long as the one before it took, `longest_wait`
    seconds at most: batches then run in half of the time, beside the questions.
    Threads may share it. What a batch does inside `unit` should take some hundredths of a second:
    a question that comes meanwhile has to wait for it.
    """

    def __init__(self, longest_wait: float = _LONGEST_WAIT) -> None:
        self._longest_wait = longest_wait
        self._questions = 0
        self._last = float("-inf")  # when a question ended, by the monotonic clock
        self._changed = threading.Condition()
        self._units = threading.Lock()  # batches take turns
        self._took = float("inf")  # seconds, the last unit

    @property
    def quiet(self) -> bool:
        """Whether nobody has asked for a while, so that a unit may be large."""
        return not self._questions and time.monotonic() - self._last > _QUIET

    @contextlib.contextmanager
    def question(self) -> Iterator[None]:
        """A time in which no unit of a batch begins; may be nested."""
        with self._changed:
            self._questions += 1
        try:
            yield
        finally:
            with self._changed:
                self._questions -= 1
                self._last = time.monotonic()
                self._changed.notify_all()

    @contextlib.contextmanager
    def unit(self) -> Iterator[None]:
        """A time for one unit of a batch, once no question is at work."""
        with self._units:
            deadline = time.monotonic() + min(self._took, self._longest_wait)
            with self._changed:
                while self._questions and (left := deadline - time.monotonic()) > 0:
                    self._changed.wait(left)
            begun = time.monotonic()
            try:
                yield
            finally:
                self._took = time.monotonic() - begun


gate = Gate()
"""The one of this process: its networks share the cores."""
