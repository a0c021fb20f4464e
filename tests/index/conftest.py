"""An empty index of every engine there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qa_bot.index.opening import open_index
from qa_bot.index.protocol import Index

OpenIndex = Callable[[], Index]


@pytest.fixture(params=["embedded"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def open_again(engine: str, tmp_path: Path) -> Iterator[OpenIndex]:
    """Opens this test's index, which begins empty; whatever was opened is closed at the end."""
    opened: list[Index] = []

    def open_it() -> Index:
        opened.append(open_index(tmp_path / engine))
        return opened[-1]

    yield open_it
    for index in opened:
        index.close()


@pytest.fixture
def index(open_again: OpenIndex) -> Index:
    return open_again()
