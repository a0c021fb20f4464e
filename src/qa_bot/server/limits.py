"""How much each visitor may ask."""

from __future__ import annotations

import threading
import time

__all__ = ["Limiter"]

_MOST_VISITORS = 10_000


class Limiter:
    """So many questions a minute for each visitor (a token bucket); 0: any number."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._buckets: dict[str, tuple[float, float]] = {}  # what is left, and when
        self._lock = threading.Lock()

    def allows(self, visitor: str, cost: int = 1) -> bool:
        """Whether this visitor may ask for `cost` more now; asking counts."""
        if not self.per_minute or cost <= 0:
            return True
        now = time.monotonic()
        with self._lock:
            left, then = self._buckets.pop(visitor, (float(self.per_minute), now))
            left = min(self.per_minute, left + (now - then) * self.per_minute / 60)
            allowed = left >= cost
            self._buckets[visitor] = (left - cost * allowed, now)
            if len(self._buckets) > _MOST_VISITORS:  # the one that has not come for longest
                self._buckets.pop(next(iter(self._buckets)))
            return allowed

    def give_back(self, visitor: str) -> None:
        """Let one that was allowed not count."""
        with self._lock:
            if bucket := self._buckets.get(visitor):
                self._buckets[visitor] = (bucket[0] + 1, bucket[1])
