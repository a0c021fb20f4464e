"""An index on storage that can only be read: it is asked, and not changed."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa_bot import Article, IndexBusyError, IndexMismatchError, QABot, QABotError
from qa_bot.index.embedded.store import Store

QUESTION = "柳堤大桥为什么封闭检修？"


@contextlib.contextmanager
def unwritable(folder: Path, place: Path) -> Iterator[None]:
    """Make `place` show what is in `folder`, where nobody can write it, not even root."""
    if os.geteuid():
        shutil.copytree(folder, place)
        for path in (*place.rglob("*"), place):
            path.chmod(0o555 if path.is_dir() else 0o444)
        try:
            yield
        finally:
            for path in (place, *place.rglob("*")):
                path.chmod(0o755)
        return
    place.mkdir()
    mounted = subprocess.run(["mount", "--bind", folder, place], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("root writes everywhere here, and may not mount")
    subprocess.run(["mount", "-o", "remount,ro,bind", place], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", place], check=True)


@pytest.fixture
def read_only(library: QABot, tmp_path: Path) -> Iterator[Path]:
    """A copy of the library's index that cannot be written."""
    copy, place = tmp_path / "copy", tmp_path / "place"
    with QABot.open(copy) as bot:
        bot.add(library.articles())
    with unwritable(copy, place):
        yield place


def test_it_is_asked_as_any_other(read_only: Path, library: QABot) -> None:
    with QABot.open(read_only) as bot:
        assert bot.settings.read_only
        assert bot.count() == library.count()
        mine, theirs = bot.search(QUESTION), library.search(QUESTION)
        assert [hit.article.id for hit in mine] == [hit.article.id for hit in theirs]
        assert any("bm25" in hit.parts for hit in mine)
        assert "伸缩缝" in bot.ask(QUESTION).text
        for change in (
            lambda: bot.add(Article("新", "新的一篇。")),
            lambda: bot.remove(bot.articles(limit=1)[0].id),
        ):
            with pytest.raises(IndexBusyError, match="only be read"):
                change()
    with QABot.open(read_only) as again:
        assert again.count() == library.count()


def test_what_a_killed_writer_left_is_not_passed_over(read_only: Path, tmp_path: Path) -> None:
    journal = tmp_path / "copy" / "articles.sqlite3-wal"
    if os.geteuid():
        pytest.skip("the copy is another one")
    journal.write_bytes(b"something")
    with pytest.raises(QABotError, match="cannot be opened"):
        QABot.open(read_only)


def test_an_earlier_format_is_refused_with_what_to_do(tmp_path: Path) -> None:
    copy, place = tmp_path / "copy", tmp_path / "place"
    shutil.copytree(Path(__file__).parents[1] / "fixtures" / "index_v1", copy)
    with (
        unwritable(copy, place),
        pytest.raises(IndexMismatchError, match=r"format 1.*open a copy that can be written"),
    ):
        Store(place / "articles.sqlite3")
    Store(copy / "articles.sqlite3").close()  # that is all it takes
