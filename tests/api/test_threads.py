"""Work that ends when nobody waits for it."""

from __future__ import annotations

from collections.abc import Iterator

import anyio

from qa_bot.api.threads import Threads


def test_who_leaves_ends_the_work() -> None:
    closed = []

    def steps() -> Iterator[int]:
        try:
            yield from range(9)
        finally:
            closed.append(True)

    async def leave() -> None:
        items = Threads().iterate(steps())
        assert [await anext(items), await anext(items)] == [0, 1]
        await items.aclose()

    anyio.run(leave)
    assert closed == [True]
