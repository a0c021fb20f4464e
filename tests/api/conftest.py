"""The real server with the real model, and its clients."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import openai
import pytest

from qa_bot import QABot
from tests.api.checks import ODD
from tests.conftest import ARTICLES
from tests.serving import serving_bot


@pytest.fixture(scope="session")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[QABot]:
    with QABot.open(tmp_path_factory.mktemp("api") / "index") as bot:
        bot.add([*ARTICLES, ODD])
        yield bot


@pytest.fixture(scope="module")
def http(bot: QABot) -> Iterator[httpx.Client]:
    with serving_bot(bot) as http:
        yield http


@pytest.fixture(scope="module")
def client(http: httpx.Client) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{http.base_url}v1", api_key="none", max_retries=0)
