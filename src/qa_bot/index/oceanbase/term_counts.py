"""How many passages hold a term, kept for a while: to count a common one takes long."""

from __future__ import annotations

import bisect
import itertools
import math
import threading
import time
from collections.abc import Iterable, Sequence

from qa_bot.index.oceanbase import reading
from qa_bot.index.oceanbase.connections import Connections

__all__ = ["TermCounts"]

_MANY = 50_000  # passages, from which on the counts need not be those of this moment
_FRESH = 600.0  # seconds that they are kept then
_POSTINGS = 100_000  # places of its terms that a search goes through


class TermCounts:
    """The counts of an index; safe to share by threads."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._lock = threading.Lock()
        self._state = ""
        self._since = 0.0
        self._passages = 0
        self._held: dict[str, int] = {}

    def of(self, terms: Sequence[str], state: str) -> tuple[int, dict[str, int]]:
        """How many passages there are, and how many hold each of these terms, in this state."""
        with self._lock:
            kept, since, n, held = self._state, self._since, self._passages, self._held
        now = time.monotonic()
        if kept != state and (n < _MANY or now - since > _FRESH):
            n, held = self._connections.read(reading.counts).passages, {}
            kept, since = state, now
        if new := [term for term in terms if term not in held]:
            held = held | self._connections.read(lambda cursor: reading.holders(cursor, new))
        with self._lock:
            self._state, self._since, self._passages, self._held = kept, since, n, held
        return n, held

    def weights(self, terms: Iterable[str], state: str) -> dict[str, float]:
        """The inverse document frequency of each term (of BM25, natural logarithm)."""
        wanted = list(terms)
        n, held = self.of(wanted, state)
        return {
            term: math.log(1 + (max(n - held[term], 0) + 0.5) / (held[term] + 0.5))
            for term in wanted
        }

    def rarest(self, terms: Sequence[str], state: str) -> list[str]:
        """The rarest of these terms, as many as a search gets through in good time.

        Of a small index these are all; in a large one the commonest say least and cost most.
        """
        held = self.of(terms, state)[1]
        ascending = sorted(dict.fromkeys(terms), key=lambda term: held[term])
        places = list(itertools.accumulate(held[term] for term in ascending))
        return ascending[: max(1, bisect.bisect_right(places, _POSTINGS))]
