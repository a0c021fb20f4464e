"""Whose turn it is to be answered, and Stop."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from qa_bot import QABot
from qa_bot.errors import StoppedError
from qa_bot.records import Update
from qa_bot.ui.answering import Answering, Line, Stopped, Told
from tests.ui.shown import Seen

QUESTION = "柳堤大桥为什么封闭？"


def never() -> bool:
    return False


def test_they_go_in_as_they_came_and_are_told_how_many_go_first() -> None:
    line = Line(1)
    assert list(line.enter(never)) == []
    second, third = line.enter(never), line.enter(never)
    assert next(second) == 0
    assert next(third) == 1
    line.leave()
    assert list(second) == []
    assert next(third) == 0
    line.leave()
    assert list(third) == []


def test_who_stops_waiting_or_goes_away_lets_the_next_one_by() -> None:
    line = Line(1)
    assert list(line.enter(never)) == []
    stop = threading.Event()
    second, third, fourth = line.enter(stop.is_set), line.enter(never), line.enter(never)
    assert [next(second), next(third), next(fourth)] == [0, 1, 2]
    stop.set()
    with pytest.raises(StoppedError):
        next(second)
    assert next(fourth) == 1
    third.close()
    assert next(fourth) == 0


def asking(bot: QABot, answering: Answering, page: str) -> Iterator[Told]:
    def begin(stopped: Stopped) -> Iterator[Update]:
        return bot.stream(QUESTION, llm=False, stopped=stopped)

    return answering.steps(begin, "", page, "en")


def test_an_answer_is_stopped_on_the_page_where_it_was_asked(library: QABot) -> None:
    answering = Answering(library.settings)
    mine, other = (asking(library, answering, page) for page in ("mine", "other"))
    assert "Searching" in Seen(next(mine).html).text
    next(other)
    assert answering.stop("mine")
    *_, last = mine
    assert last.answer is None
    assert Seen(last.html).text == "Stopped before an answer was there."
    assert not Seen(last.html).all("qa-stage")
    *_, whole = other
    assert whole.answer is not None
    assert not answering.stop("mine")
    assert not answering.stop("other")


def test_what_cannot_be_asked_is_told(library: QABot) -> None:
    def begin(stopped: Stopped) -> Iterator[Update]:
        return library.stream("", stopped=stopped)

    (told,) = Answering(library.settings).steps(begin, "", "page", "en")
    assert "The question is empty" in Seen(told.html).text
