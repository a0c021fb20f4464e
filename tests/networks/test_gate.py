"""Questions go before batches."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from qa_bot.errors import StoppedError
from qa_bot.networks.embedding import Embedder
from qa_bot.networks.gate import Gate


def test_a_unit_waits_for_the_question_at_work() -> None:
    gate, order = Gate(longest_wait=30), []

    def batch() -> None:
        with gate.unit():
            order.append("unit")

    with gate.question(), gate.question():
        thread = threading.Thread(target=batch)
        thread.start()
        time.sleep(0.1)
        order.append("question")
    thread.join(10)
    assert order == ["question", "unit"]


def test_questions_without_end_do_not_starve_a_batch() -> None:
    gate = Gate(longest_wait=0.05)
    with gate.question(), gate.unit():
        pass


def test_without_an_end_of_questions_a_unit_waits_as_long_as_the_last_one_took() -> None:
    gate, ended, asked, turns = Gate(longest_wait=3600), threading.Event(), [0] * 4, 0

    def ask(asker: int) -> None:
        while not ended.is_set():
            with gate.question():
                time.sleep(0.001)
                asked[asker] += 1

    with gate.unit():  # nobody asks yet
        time.sleep(0.01)
    askers = [threading.Thread(target=ask, args=(number,)) for number in range(len(asked))]
    with gate.question():  # there is always one at work
        for thread in askers:
            thread.start()
        try:
            for _ in range(10):  # would take an hour each
                before = sum(asked)
                with gate.unit():
                    turns += 1
                    time.sleep(0.01)
                while sum(asked) == before:  # questions have their turns, too
                    time.sleep(0.001)
        finally:
            ended.set()
    for thread in askers:
        thread.join()
    assert turns == 10
    assert min(asked)


def test_a_batch_in_units_gives_the_same_vectors() -> None:
    texts = ["柳堤大桥封闭。", "a", "The bridge is closed. " * 80, *map(str, range(40))]
    embedder = Embedder()
    one = embedder.embed(texts)
    batch = embedder.embed_batch(texts)
    assert batch.dtype == np.float32
    assert (one * batch).sum(1).min() > 0.999
    assert embedder.embed_batch([]).shape == (0, embedder.dimension)


def test_a_question_need_not_wait_for_a_batch() -> None:
    embedder = Embedder()
    embedder.embed(["warm"], "query")
    done = threading.Event()

    def work() -> None:
        embedder.embed_batch(["桥昨天通车全长" * 90] * 60)
        done.set()

    batch = threading.Thread(target=work)
    batch.start()
    time.sleep(0.2)
    for number in range(3):
        embedder.embed([f"黛江三桥多长？{number}"], "query")
    assert not done.is_set()
    batch.join()


def test_a_batch_that_nobody_waits_for_ends() -> None:
    asked = []

    def stopped() -> bool:
        asked.append(1)
        return len(asked) > 2

    with pytest.raises(StoppedError):
        Embedder().embed_batch(["桥昨天通车全长" * 90] * 500, stopped=stopped)
    assert len(asked) == 3


def test_a_unit_is_small_where_somebody_has_just_asked() -> None:
    gate = Gate()
    assert gate.quiet
    with gate.question():
        assert not gate.quiet
    assert not gate.quiet
