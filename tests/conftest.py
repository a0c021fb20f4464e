"""What tests share. The real model is loaded once a session: the embedder keeps it."""

from __future__ import annotations

import os
import signal
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

import seekdb
from qa_bot import Article, QABot
from qa_bot.networks.embedding import Embedder

# Nothing may reach for the network, or depend on the settings of whoever runs the tests.
os.environ["HF_HUB_OFFLINE"] = "1"
for name in [n for n in os.environ if n.startswith("QA_BOT_") and n != "QA_BOT_CHROMIUM"]:
    del os.environ[name]

# How long an example takes is the machine's matter.
hypothesis.settings.register_profile("qa_bot", deadline=None)
hypothesis.settings.load_profile("qa_bot")

ARTICLES = (
    Article(
        "临江图书馆新馆开放",
        "本报讯 3月5日，临江图书馆新馆正式对外开放。新馆位于柳堤路18号，建筑面积2.6万平方米，"
        "总投资3.2亿元。\n\n馆长沈若溪说：“我们希望每一位市民都能在这里找到一张安静的书桌。”"
        "开馆首日共接待读者9800人次。",
        published="2024-03-05",
        source="临江日报",
        byline="何知微",
    ),
    Article(
        "柳堤大桥因检修封闭",
        "市交通局昨天发布通告，柳堤大桥将于4月10日至4月16日全封闭检修，"
        "原因是伸缩缝老化。期间6路、11路公交车改走望江桥。",
        published="2024-04-08",
        source="临江日报",
    ),
    Article(
        "River ferry returns after eleven years",
        "The ferry between Linjiang and Southbank sails again from 1 May. A single ticket costs "
        "four yuan, and children travel free. Captain Rosa Lind said the boat carries 120 people.",
        published="2023-05-01",
        source="Linjiang Post",
        lang="en",
    ),
)


# Whoever asks for one of these waits for the model.
_OF_THE_MODEL = {"embedder", "library", "open_bot", "bot", "indexed", "gguf", "torch_reader"}
_OF_A_DATABASE = {"server", "own", "database", "encrypted"}
_FOLDERS = {"e2e": "e2e", "networks": "model"}  # whose tests all have the mark


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Imports neither torch nor a browser's driver for tests that `-m` leaves out."""
    mark = _FOLDERS.get(collection_path.name)
    return True if mark and f"not {mark}" in config.getoption("markexpr") else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what drives servers, and what runs the networks: the rest takes seconds."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if "e2e" in item.path.parts or fixtures & _OF_A_DATABASE:
            item.add_marker("e2e")
        if (
            "networks" in item.path.parts
            or item.path.stem == "test_crash"  # kills processes that index
            or fixtures & _OF_THE_MODEL
        ):
            item.add_marker("model")


def heed_interrupts() -> None:
    """For a child process: a shell in the background hands on that SIGINT is to be ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    return Embedder()


@pytest.fixture
def open_bot(tmp_path: Path) -> Iterator[Callable[[], QABot]]:
    """Opens the bot of this test's index; whatever was opened is closed at the end."""
    opened = []

    def open_it() -> QABot:
        bot = QABot.open(tmp_path / "index")
        opened.append(bot)
        return bot

    yield open_it
    for bot in opened:
        bot.close()


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[QABot]:
    """A bot that holds `ARTICLES`; tests only read it."""
    with QABot.open(tmp_path_factory.mktemp("library") / "index") as bot:
        bot.add(ARTICLES)
        yield bot


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[seekdb.Seekdb]:
    """A seekdb server; skipped only where there is none to install."""
    if reason := seekdb.missing():
        pytest.skip(reason)
    with seekdb.Seekdb(tmp_path_factory.mktemp("seekdb")) as server:
        yield server


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[seekdb.Seekdb]:
    """A server that a test may kill."""
    if reason := seekdb.missing():
        pytest.skip(reason)
    with seekdb.Seekdb(tmp_path_factory.mktemp("own")) as server:
        yield server


@pytest.fixture
def database(server: seekdb.Seekdb, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """The address of a database of this test's own; nothing of it is kept in the user's cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return server.address(f"test_{uuid.uuid4().hex}")
