"""Blocking work off the event loop."""

from __future__ import annotations

import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Iterator
from functools import partial
from typing import ParamSpec, TypeVar

from anyio import CapacityLimiter, create_task_group, to_thread

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

    async def run_for(
        self, gone: Callable[[], Awaitable[object]], work: Callable[[Callable[[], bool]], T]
    ) -> T:
        """What `work` returns, which is told by its argument once `gone` has returned."""
        left = threading.Event()

        async def watch() -> None:
            await gone()
            left.set()

        async with create_task_group() as tasks:
            tasks.start_soon(watch)
            try:
                done = await self.run(_tried, work, left.is_set)
            finally:
                left.set()
                tasks.cancel_scope.cancel()
        if isinstance(done, Exception):  # not from inside, where a group would wrap it
            raise done
        return done

    async def iterate(self, items: Iterator[T]) -> AsyncGenerator[T, None]:
        """`items`, each made in a thread; closed with this generator."""
        end = object()
        try:
            while (item := await self.run(next, items, end)) is not end:
                yield item  # type: ignore[misc]  # `end` is no T
        finally:
            if isinstance(items, Generator):
                items.close()


def _tried(work: Callable[[Callable[[], bool]], T], stopped: Callable[[], bool]) -> T | Exception:
    try:
        return work(stopped)
    except Exception as error:  # noqa: BLE001
        return error
