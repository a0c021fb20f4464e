"""Embedding in the background goes on after a failure."""

from __future__ import annotations

import errno
import time
from pathlib import Path

import pytest

from qa_bot import Article, QABot
from qa_bot.index import indexer
from qa_bot.index.embedded.index import EmbeddedIndex


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
