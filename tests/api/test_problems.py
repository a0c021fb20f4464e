"""Errors and refusals: their one shape, and what they tell."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx
import pytest

from qa_bot import (
    ArticleNotFoundError,
    IndexBusyError,
    LLMError,
    ModelError,
    QABot,
    QABotError,
)
from qa_bot.records import Update
from qa_bot.server.problems import problem_of
from tests.api.checks import AREA, KEY, fault


@pytest.mark.parametrize(
    ("address", "body", "says", "param"),
    [
        ("/api/v1/ask", {}, "question: ", "question"),
        ("/api/v1/ask", {"question": " \n"}, "at least 1", "question"),
        ("/api/v1/ask", {"question": "长" * 2001}, "at most 2000", "question"),
        ("/api/v1/ask", {"question": AREA, "histroy": []}, "histroy: ", "histroy"),
        ("/api/v1/ask", {"question": AREA, "since": "May"}, "write 2024-08-09", "since"),
        ("/api/v1/ask", {"question": AREA, "until": "2024-13"}, "no date", "until"),
        ("/api/v1/ask", {"question": AREA, "article_ids": "a"}, "list", "article_ids"),
        ("/api/v1/ask", {"question": AREA, "history": [{"q": 1}]}, "Field", "history.0.question"),
        ("/api/v1/search", {"question": AREA, "k": 0}, "greater", "k"),
        ("/api/v1/search", {"question": AREA, "k": 101}, "less", "k"),
        ("/api/v1/search", [], "dictionary", None),
        ("/v1/embeddings", {"input": []}, "none of them empty", None),
        ("/v1/embeddings", {"input": ["a", ""]}, "none of them empty", None),
        ("/v1/embeddings", {"input": [1, 2]}, "string", "input.str"),
        ("/v1/embeddings", {"input": "a", "input_type": "x"}, "'passage' or 'query'", "input_type"),
        ("/v1/embeddings", {"input": "a", "dimensions": 7}, "have 384", None),
        ("/v1/chat/completions", {"messages": []}, "at least 1", "messages"),
        (
            "/v1/chat/completions",
            {"messages": [{"role": "system", "content": "x"}]},
            "no question",
            "messages",
        ),
        (
            "/v1/chat/completions",
            {"messages": [{"role": "user", "content": [{"type": "image_url", "text": ""}]}]},
            "'text'",
            "messages.0.content.str",
        ),
        ("/v1/chat/completions", {"messages": [{"role": "user"}], "n": 2}, "n: ", None),
    ],
)
def test_bad_input_is_named(
    http: httpx.Client, address: str, body: object, says: str, param: str | None
) -> None:
    answer = http.post(address, json=body)
    assert answer.status_code == 400
    error = fault(answer)
    assert says in error["message"]
    assert error["type"] == "invalid_request_error"
    if param:
        assert error["param"] == param


@pytest.mark.parametrize(
    ("method", "address", "status", "code"),
    [
        ("GET", "/api/v1/articles/nowhere", 404, "article_not_found"),
        ("GET", "/api/v1/nowhere", 404, "not_found"),
        ("GET", "/v1/nowhere", 404, "not_found"),
        ("GET", "/v1/models/gpt-5", 404, "not_found"),
        ("GET", "/api/v1/ask", 405, "method_not_allowed"),
        ("GET", "/api/v1/articles?limit=0", 400, "invalid"),
        ("GET", "/api/v1/articles?offset=-1", 400, "invalid"),
        ("GET", "/api/v1/articles?since=2024-13", 400, "invalid"),
        ("GET", "/api/v1/articles?order=size", 400, "invalid"),
        ("GET", "/api/v1/articles?sinse=2024", 400, "invalid"),
        ("GET", "/api/v1/docs", 404, "not_found"),
    ],
)
def test_what_is_not_there_is_told(
    http: httpx.Client, method: str, address: str, status: int, code: str
) -> None:
    answer = http.request(method, address)
    assert (answer.status_code, fault(answer)["code"]) == (status, code)


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (ArticleNotFoundError("No such article."), 404, "article_not_found"),
        (IndexBusyError("Try again."), 503, "index_busy"),
        (ModelError("No model."), 503, "model_unavailable"),
        (LLMError("slow", "Too slow."), 502, "llm_failed"),
        (QABotError("The disk is full."), 500, "failed"),
    ],
)
def test_errors_keep_their_message(error: QABotError, status: int, code: str) -> None:
    answer = problem_of(error)
    assert answer.status_code == status
    told = json.loads(bytes(answer.body))["error"]
    assert (told["message"], told["code"]) == (str(error), code)
    assert (told["type"] == "server_error") == (status >= 500)


def test_a_failure_nobody_foresaw_tells_nothing_of_itself(
    bot: QABot, http: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> Iterator[Update]:
        yield Update("searching")
        raise RuntimeError(KEY)

    monkeypatch.setattr(bot, "stream", fail)
    answer = http.post("/api/v1/ask", json={"question": AREA})
    assert answer.status_code == 500
    assert fault(answer)["type"] == "server_error"
    asked = {"messages": [{"role": "user", "content": AREA}], "stream": True}
    streamed = http.post("/v1/chat/completions", json=asked)
    assert '"type":"server_error"' in streamed.text
    assert "[DONE]" not in streamed.text
    assert KEY not in answer.text + streamed.text


def test_a_body_that_is_no_json_is_told(http: httpx.Client) -> None:
    kind = {"content-type": "application/json"}
    answer = http.post("/api/v1/ask", content=b'{"question": "\\ud800"', headers=kind)
    assert answer.status_code == 400
    assert "no JSON" in fault(answer)["message"]
    answer = http.post("/api/v1/ask", content=b'{"question": "\\ud800"}', headers=kind)
    assert answer.status_code == 400
    assert fault(answer)["param"] == "question"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
@pytest.mark.parametrize("address", ["/api/v1/ask", "/v1/chat/completions", "/mcp"])
def test_only_json_is_taken(http: httpx.Client, address: str, kind: str) -> None:
    headers = {"content-type": kind} if kind else {}
    answer = http.post(address, content=json.dumps({"question": AREA}), headers=headers)
    assert (answer.status_code, fault(answer)["code"]) == (415, "wrong_content_type")


def test_a_body_too_large_is_not_read(http: httpx.Client) -> None:
    kind = {"content-type": "application/json"}
    piece = b" " * 1_000_000
    for body in (piece * 5, iter([piece] * 5)):  # with a length, and without
        answer = http.post("/api/v1/ask", content=body, headers=kind)
        assert (answer.status_code, fault(answer)["code"]) == (413, "too_large")
