"""Blocking work off the event loop."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Generator, Iterator
from functools import partial
from typing import ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread

__all__ = ["Threads"]

P = ParamSpec("P")
T = TypeVar("T")


class Threads:
    """Runs blocking work in threads, `at_once` at most, and leaves the page its own."""

    def __init__(self, at_once: int = 16) -> None:
        self._limiter = CapacityLimiter(at_once)

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `work` returns; whoever waits may be cancelled only when it has."""
        return await to_thread.run_sync(partial(work, *args, **kwargs), limiter=self._limiter)

    async def iterate(self, items: Iterator[T]) -> AsyncGenerator[T, None]:
        """`items`, each made in a thread; closed with this generator."""
        end = object()
        try:
            while (item := await self.run(next, items, end)) is not end:
                yield item  # type: ignore[misc]  # `end` is no T
        finally:
            if isinstance(items, Generator):
                items.close()
