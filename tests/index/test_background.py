"""Embedding in the background goes on after a failure."""

from __future__ import annotations

import errno
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from qa_bot import Article, QABot
from qa_bot.index import indexer
from qa_bot.index.embedded.index import EmbeddedIndex
from qa_bot.networks.embedding import Vectors
from qa_bot.networks.gate import gate


def _until_embedded(bot: QABot) -> bool:
    end = time.monotonic() + 30
    while bot.pending() and time.monotonic() < end:
        time.sleep(0.05)
    return not bot.pending()


@pytest.mark.parametrize("at", ["save", "put_vectors"])
def test_a_full_disk_does_not_end_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    monkeypatch.setattr(indexer, "_FIRST_DELAY", 0.5)
    with QABot.open(tmp_path / "index") as bot:
        index = bot._index
        assert isinstance(index, EmbeddedIndex)
        where = index.vectors_index if at == "save" else index
        failed: list[bool] = []
        real = getattr(where, at)

        def full(*arguments: object) -> object:
            if not failed:
                failed.append(True)
                raise OSError(errno.ENOSPC, "No space left on device")
            return real(*arguments)

        monkeypatch.setattr(where, at, full)
        bot.add(Article("a", "望江桥通车了。"), wait=False)
        end = time.monotonic() + 30
        while not bot.info()["fault"] and time.monotonic() < end:
            time.sleep(0.01)
        assert "No space left" in str(bot.info()["fault"])
        bot.add(Article("b", "图书馆开放了。"), wait=False)
        assert _until_embedded(bot)
        end = time.monotonic() + 30
        while bot.info()["fault"] and time.monotonic() < end:
            time.sleep(0.05)
        assert bot.info()["fault"] == ""


def test_a_file_that_cannot_be_written_is_told_of_until_it_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexer, "_FIRST_DELAY", 0.5)
    path = tmp_path / "index"
    with QABot.open(path) as bot:
        in_the_way = path / "vectors.faiss"
        in_the_way.mkdir()
        bot.add(Article("a", "望江桥通车了。"), wait=False)
        end = time.monotonic() + 30
        while bot.embedding_fault() is None and time.monotonic() < end:
            time.sleep(0.01)
        fault = bot.embedding_fault()
        assert fault is not None
        assert fault.retried
        assert "cannot be saved" in fault.reason
        assert bot.info()["fault"] == fault.reason
        assert bot.search("哪座桥通车了？", k=1)[0].article.title == "a"
        in_the_way.rmdir()
        while bot.embedding_fault() is not None and time.monotonic() < end:
            time.sleep(0.01)
        assert bot.embedding_fault() is None
        assert in_the_way.is_file()


def test_while_questions_have_no_end_what_is_embedded_is_soon_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with QABot.open(tmp_path / "index") as bot:
        stored: list[int] = []
        real = bot._index.put_vectors

        def counted(ids: Sequence[int], vectors: Vectors) -> None:
            stored.append(len(ids))
            real(ids, vectors)

        monkeypatch.setattr(bot._index, "put_vectors", counted)
        with gate.question():
            bot.add([Article(f"{n}", f"{n}号桥通车了。") for n in range(70)], wait=False)
            assert _until_embedded(bot)
        assert stored == [32, 32, 6]
