"""Models that fail, are busy, or are stopped, by a scripted server."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

import pytest

from qa_bot import LLM, Answer, QABot
from qa_bot.errors import StoppedError
from qa_bot.llm import chat
from tests.llm.conftest import GOOD, KEY, QUESTION
from tests.scripted import Script, served, set_when_asked


@pytest.mark.parametrize(
    ("script", "fault"),
    [
        (Script(""), "empty"),
        (Script(GOOD, ends="cut"), "broken"),
        (Script(GOOD, ends="short"), "broken"),
        (Script(GOOD, ends="stall"), "slow"),
        (Script(GOOD, ends="drip"), "slow"),
        (Script(body="<html>not what was asked for</html>"), "broken"),
        (Script(body="data: {not json}\n\n"), "broken"),
        (Script(refuses=[(401, {})]), "key"),
        (Script(refuses=[(403, {})]), "key"),
        (Script(refuses=[(404, {})]), "unknown"),
        (Script(refuses=[(500, {})]), "failed"),
        (Script(refuses=[(400, {}), (400, {})]), "failed"),
        (Script(refuses=[(429, {"retry-after": "3600"})]), "busy"),
        (Script(refuses=[(429, {"retry-after": "0"})] * 3), "busy"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_model_that_fails_costs_only_itself(
    ask: Callable[..., Answer], script: Script, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answer = ask(script, time_limit=2 if fault == "slow" else 30)
    assert (answer.answerer, answer.fault) == ("extractive", fault)
    assert "伸缩缝老化" in answer.short
    assert answer.note
    assert "\n" not in answer.note
    assert script.keys[0] == KEY  # it was sent there, and is told nowhere else
    assert KEY not in f"{answer!r}{caplog.text}"


def test_a_busy_model_is_asked_again(ask: Callable[..., Answer]) -> None:
    script = Script(GOOD, refuses=[(429, {"retry-after": "0.01"}), (429, {})])
    answer = ask(script)
    assert answer.answerer == "llm"
    assert len(script.asked) == 3


def test_a_model_that_takes_no_options_gets_none(ask: Callable[..., Answer]) -> None:
    assert ask(Script(GOOD, plain=True)).answerer == "llm"


def test_nobody_listens(library: QABot) -> None:
    with served(Script()) as address:
        pass
    answer = library.ask(QUESTION, llm=LLM("m", address, KEY))
    assert (answer.answerer, answer.fault) == ("extractive", "unreachable")


def test_a_server_that_failed_to_count_tokens_is_asked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    script = Script(counts=[(503, 0), (200, 3), (404, 0)])
    with served(script) as address:
        model = LLM("m", address).open()
        assert model.count("一二三四五六") == 6  # busy: rather too many
        assert model.count("一二三四五六") == 6  # and left alone for a while
        assert len(script.counts) == 2
        later = time.monotonic() + chat._COUNTS_AGAIN
        monkeypatch.setattr(time, "monotonic", lambda: later)
        assert model.count("一二三四五六") == 3
        assert model.count("一二三四五六") == 6  # it has no such address: never again
        monkeypatch.setattr(time, "monotonic", lambda: later * 1000)
        assert model.count("一二三四五六") == 6
    assert not script.counts


@pytest.mark.parametrize("ends", ["drip", "stall", "mute"])
def test_who_stops_ends_the_models_work(library: QABot, ends: str) -> None:
    """Be it writing, waiting with the rest, or not even begun."""
    script = Script(GOOD, ends=ends)
    with served(script) as address:
        stop = threading.Event()
        llm = LLM("m", address, time_limit=60)
        steps = library.stream(QUESTION, llm=llm, stopped=stop.is_set)
        writing = next(u for u in steps if u.stage == "writing" and (u.text or ends == "mute"))
        assert writing.answerer == "llm"
        set_when_asked(stop, script)
        with pytest.raises(StoppedError):
            list(steps)
        assert script.gone.wait(20)


def test_who_goes_away_ends_the_models_work(library: QABot) -> None:
    script = Script(GOOD, ends="stall")
    with served(script) as address:
        steps = library.stream(QUESTION, llm=LLM("m", address, time_limit=60))
        next(update for update in steps if update.text)
        del steps
        assert script.gone.wait(20)
