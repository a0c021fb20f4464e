"""An empty index of every engine there is, and of a database that is divided."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qa_bot.index.opening import open_index
from qa_bot.index.protocol import Index

OpenIndex = Callable[[], Index]


_OF_A_SERVER = [pytest.param(kind, marks=pytest.mark.e2e) for kind in ("oceanbase", "partitions")]


@pytest.fixture(params=["embedded", *_OF_A_SERVER])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where this test's index is, which begins empty."""
    if request.param == "embedded":
        return str(tmp_path / "index")
    address = str(request.getfixturevalue("database"))
    return f"{address}?partitions=4" if request.param == "partitions" else address


@pytest.fixture
def open_again(place: str) -> Iterator[OpenIndex]:
    """Opens this test's index; whatever was opened is closed at the end."""
    opened: list[Index] = []

    def open_it() -> Index:
        opened.append(open_index(place))
        return opened[-1]

    yield open_it
    for index in opened:
        index.close()


@pytest.fixture
def index(open_again: OpenIndex) -> Index:
    return open_again()
