"""The bot over an index in a database: the same program, and no password anywhere."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

import seekdb
from qa_bot import Article, IndexAwayError, IndexMismatchError, QABot, QABotError, load_settings
from qa_bot.feedback import Feedback
from qa_bot.index.oceanbase.connections import rows
from qa_bot.index.oceanbase.index import OceanBaseIndex
from tests.conftest import ARTICLES

SECRET = "s3cret/w@rd:#1"

pytestmark = pytest.mark.model


@pytest.fixture(scope="session")
def filled(server: seekdb.Seekdb, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of an index that holds `ARTICLES`; tests only read it."""
    address = server.address("filled")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        with QABot.open(address) as bot:
            bot.add(ARTICLES)
    return address


def cli(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "qa_bot.cli", *arguments],
        capture_output=True,
        text=True,
        env=os.environ | environment,
        check=False,
    )


def test_answers_are_those_of_a_folder(filled: str, library: QABot) -> None:
    with QABot.open(filled) as bot:
        for question in (
            "新馆总投资是多少钱？",
            "Why was the road bridge closed?",
            "How many people does the boat carry?",
            "How many articles mention the ferry?",
            "哪些文章提到大桥？",
            "谁赢得了世界象棋冠军？",
            "这里有什么报纸？",
        ):
            mine, theirs = bot.ask(question), library.ask(question)
            assert (mine.text, mine.state, mine.kind) == (theirs.text, theirs.state, theirs.kind)
            assert [c.quote for c in mine.citations] == [c.quote for c in theirs.citations]
        hits = bot.search("开放", source="临江日报", since="2024-04")
        assert [h.article.title for h in hits] == ["柳堤大桥因检修封闭"]


def test_all_that_a_bot_does(database: str, tmp_path: Path) -> None:
    with QABot.open(database) as bot:
        assert len(bot.add(ARTICLES).added) == 3
        assert len(bot.add(ARTICLES).skipped) == 3
        assert bot.pending() == 0
        taken = bot.take(ARTICLES[0].id)
        assert bot.search("图书馆", k=5, source="临江日报")[0].article == ARTICLES[1]
        assert bot.put_back(taken).status == "added"
        assert bot.pending() == 0
        assert bot.export(tmp_path / "out.jsonl") == 3
        bot.feedback.add(Feedback.facts_of(bot.ask("新馆总投资是多少钱？")), "right")
        bot.overview.start()
        assert bot.overview.wait(60)
        figures = bot.overview.figures()
        assert figures is not None
        assert figures.articles == 3
        assert bot.path.is_relative_to(tmp_path / "cache")
    with QABot.open(database) as again:
        assert again.overview.is_current()
        (question,) = again.feedback.questions()
        assert question["gold_ids"] == [ARTICLES[0].id]
        facts = again.info()
        assert facts["path"] == database
        assert "seekdb" in str(facts["engine"])
        assert (facts["articles"], facts["dimension"]) == (3, 384)
    with pytest.raises(IndexMismatchError, match="--model"):
        QABot.open(database, model="BAAI/bge-m3")


def test_a_unix_socket_does_too(server: seekdb.Seekdb, filled: str) -> None:
    name = filled.rpartition("/")[2]
    with QABot.open(f"oceanbase://root@/{name}?unix_socket={server.unix_socket}") as bot:
        assert bot.count() == 3


def test_the_command_line_takes_an_address(filled: str) -> None:
    done = cli("info", "--index", filled)
    assert (done.returncode, done.stderr) == (0, "")
    assert "engine: OceanBase (seekdb-v" in done.stdout
    done = cli("ask", "新馆总投资是多少钱？", QA_BOT_INDEX=filled)
    assert done.returncode == 0
    assert "3.2亿元" in done.stdout


def test_what_holds_no_index_is_told(database: str, server: seekdb.Seekdb) -> None:
    done = cli("list", "--index", database)
    assert done.returncode == 4
    assert f"There is no index at {database}" in done.stderr
    name = database.rpartition("/")[2]
    server.execute(f"CREATE TABLE `{name}`.orders (n INT)")
    with pytest.raises(IndexMismatchError, match="name an empty one"):
        QABot.open(database)
    with pytest.raises(QABotError, match="CREATE DATABASE"):
        QABot.open(database + "_no")


def test_nothing_tells_the_password(
    server: seekdb.Seekdb, database: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    name = database.rpartition("/")[2]
    server.execute(
        f"CREATE USER IF NOT EXISTS keeper IDENTIFIED BY '{SECRET}'",
        f"GRANT ALL ON `{name}`.* TO keeper",
    )
    told: list[str] = []
    given = server.address(name, "keeper", SECRET)
    with QABot.open(given) as bot:
        bot.add(Article("桥", "桥开了。"), wait=False)
        told += [str(bot.info()), repr(bot.settings), str(bot.path)]
    bare = server.address(name, "keeper")
    settings = load_settings(index_password=SECRET)
    with QABot.open(bare, settings=settings) as bot:
        assert bot.count() == 1
        told += [str(bot.info()), repr(bot.settings)]
    for wrong in (given + "_no", given.replace("keeper", "nobody"), given.replace("%40", "")):
        with pytest.raises(QABotError) as caught:
            QABot.open(wrong)
        told += [str(caught.value), repr(caught.value.__cause__)]
    with pytest.raises(QABotError, match="password is refused"):
        QABot.open(bare)
    for address, code in ((given, 0), (f"{given}_no", 2)):
        done = cli("info", "--index", address)
        assert done.returncode == code
        told += [done.stdout, done.stderr]
    done = cli("info", "--index", bare, QA_BOT_INDEX_PASSWORD=SECRET)
    assert done.returncode == 0
    told += [done.stdout, done.stderr, caplog.text]
    written = given.partition("keeper:")[2].partition("@")[0]
    for text in told:
        assert SECRET not in text
        assert written not in text


def test_a_server_that_is_not_there_is_told() -> None:
    with pytest.raises(IndexAwayError, match=r"cannot be reached now.*start it"):
        QABot.open("oceanbase://root:secret@127.0.0.1:1/news")


def test_an_index_is_divided_as_was_said_when_it_was_begun(database: str) -> None:
    with QABot.open(f"{database}?partitions=4") as bot:
        bot.add(ARTICLES)
        assert str(bot.info()["engine"]).endswith(", 4 partitions)")
    with QABot.open(f"{database}?partitions=9") as bot:
        assert str(bot.info()["engine"]).endswith(", 4 partitions)")
        index = bot._index
        assert isinstance(index, OceanBaseIndex)
        sql = (
            "SELECT table_name, COUNT(*) FROM information_schema.partitions"
            " WHERE table_schema = DATABASE() AND partition_name IS NOT NULL GROUP BY table_name"
        )
        found = index._connections.read(lambda cursor: rows(cursor, sql))
        assert dict(found) == {"texts": 4, "passages": 4, "vectors": 4}
        assert bot.ask("新馆总投资是多少钱？").short == "3.2亿元"
