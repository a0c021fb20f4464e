"""How fast something goes, and how long it will still take."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from qa_bot.ui.texts import say

__all__ = ["Pace"]

_WINDOW = 15.0  # seconds that the speed is measured over
_SOONEST = 2.0  # seconds before it is told: the first steps say little


class Pace:
    """The speed of the last seconds; `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: deque[tuple[float, int]] = deque([(clock(), 0)])

    def measure(self, done: int, total: int) -> tuple[float, float] | None:
        """(steps a second, seconds left), None while too little is known."""
        now = self._clock()
        self._seen.append((now, done))
        while len(self._seen) > 2 and now - self._seen[1][0] >= _WINDOW:
            self._seen.popleft()
        then, before = self._seen[0]
        if now - then < _SOONEST or done <= before:
            return None
        speed = (done - before) / (now - then)
        return speed, max(total - done, 0) / speed

    def tell(self, done: int, total: int, lang: str) -> str:
        """The same in words, to stand behind a count; "" while too little is known."""
        measured = self.measure(done, total)
        if measured is None:
            return ""
        speed, left = measured
        rate = f"{speed:,.0f}" if speed >= 10 else f"{speed:.1f}"
        minutes = round(left / 60)
        if left < 90:
            span = say(lang, "seconds", count=max(round(left), 1))
        elif minutes < 90:
            span = say(lang, "minutes", count=minutes)
        else:
            span = say(lang, "hours", count=f"{left / 3600:.1f}")
        return say(lang, "pace", rate=rate, left=span)
