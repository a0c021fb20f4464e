"""Answers that a language model writes, by the interfaces."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import httpx
import pytest

from qa_bot import (
    QABot,
    load_settings,
)
from tests.api.checks import AREA, KEY, WHY, check_quotes
from tests.scripted import Script, served
from tests.serving import serving_bot


@pytest.fixture
def written(bot: QABot) -> Iterator[Callable[[Script], httpx.Client]]:
    """Starts a server whose language model plays a script."""
    with ExitStack() as stack:

        def start(script: Script) -> httpx.Client:
            address = stack.enter_context(served(script))
            settings = load_settings(llm_base_url=address, llm_model="m", llm_api_key=KEY)
            other = stack.enter_context(QABot.open(bot.path, settings=settings))
            return stack.enter_context(serving_bot(other))

        yield start


def chat(http: httpx.Client, **more: object) -> httpx.Response:
    asked = {"messages": [{"role": "user", "content": WHY}], **more}
    return http.post("/v1/chat/completions", json=asked)


def test_a_written_answer_shows_its_quotes_and_doubts(
    written: Callable[[Script], httpx.Client],
) -> None:
    http = written(Script("柳堤大桥封闭是因为伸缩缝老化[1]。市长当天在桥上跑了马拉松[1]。"))
    made = chat(http).json()
    text, below = made["choices"][0]["message"]["content"].split("\n\n")
    assert "老化。 [1]" in text
    assert text.endswith("马拉松。 [?]")
    (citation,) = made["citations"]
    check_quotes(http, [citation])
    source, doubt = below.split("\n")
    assert source == f"[1] “{citation['quote']}” — 柳堤大桥因检修封闭, 临江日报, 2024-04-08"
    assert doubt == "[?] 文章中没有依据。"
    assert made["usage"] == {"prompt_tokens": 90, "completion_tokens": 9, "total_tokens": 99}
    quoted = chat(http, llm=False).json()
    assert quoted["usage"]["total_tokens"] == 0
    lines = chat(http, stream=True).text.split("\n\n")
    data = [json.loads(line[6:]) for line in lines if line.startswith("data: {")]
    # nothing that the check might take back was sent
    pieces = [chunk["choices"][0]["delta"].get("content", "") for chunk in data]
    assert "".join(pieces) == f"{text}\n\n{below}"
    answer = http.post("/api/v1/ask", json={"question": WHY}).json()
    (span,) = answer["unsupported"]
    assert "马拉松" in answer["text"][span["start"] : span["end"]]
    assert answer["answerer"] == "llm"


def test_the_key_shows_nowhere(written: Callable[[Script], httpx.Client]) -> None:
    http = written(Script("", refuses=[(401, {})] * 20))
    answers = [
        chat(http),
        chat(http, stream=True),
        http.post("/api/v1/ask", json={"question": WHY}),
        http.get("/api/v1/health"),
        http.get("/api/v1/openapi.json"),
        http.get("/v1/models"),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert KEY not in answer.text
    assert "伸缩缝老化" in answers[0].json()["choices"][0]["message"]["content"]
    assert answers[0].json()["note"]
    assert answers[3].json()["llm"] == "m"


def test_a_slow_answer_holds_up_nobody(written: Callable[[Script], httpx.Client]) -> None:
    script = Script("柳堤大桥", ends="stall")
    http = written(script)
    came: list[httpx.Response] = []
    waiting = [threading.Thread(target=lambda: came.append(chat(http))) for _ in range(3)]
    for thread in waiting:
        thread.start()
    while len(script.asked) < len(waiting):
        assert any(thread.is_alive() for thread in waiting)
        time.sleep(0.01)
    # the model says nothing more before this test is over
    assert http.get("/api/v1/health").status_code == 200
    assert http.post("/api/v1/search", json={"question": AREA}).json()["passages"]
    assert not came
    script.over.set()
    for thread in waiting:
        thread.join()
    assert [answer.status_code for answer in came] == [200] * 3
