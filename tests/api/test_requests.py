"""What is no proper request: a word on what is wrong with it, from the real server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.serving import serving

pytestmark = pytest.mark.e2e

JSON = {"content-type": "application/json", "accept": "application/json, text/event-stream"}
HALF = "桥\ud800"  # of a surrogate pair
ASKED = [{"role": "user", "content": "桥？"}]


@pytest.fixture(scope="module")
def http(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with serving(tmp_path_factory.mktemp("requests") / "index") as http:
        yield http


def error(answer: httpx.Response) -> dict[str, Any]:
    told: dict[str, Any] = answer.json()["error"]
    assert told.keys() == {"message", "type", "param", "code"}
    return told


def call(name: str, **arguments: str) -> dict[str, Any]:
    parameters = {"name": name, "arguments": arguments}
    return {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": parameters}


@pytest.mark.parametrize(
    ("path", "body", "param"),
    [
        ("/api/v1/ask", {"question": HALF}, "question"),
        ("/api/v1/ask", {"question": "桥", "article_ids": ["a", HALF]}, "article_ids.1"),
        ("/api/v1/ask", {"question": "桥", HALF: 1}, None),
        ("/api/v1/search", {"question": "桥", "source": HALF}, "source"),
        ("/v1/embeddings", {"input": HALF}, "input"),
        ("/v1/embeddings", {"input": ["a", HALF]}, "input.1"),
        ("/v1/embeddings", {"input": "a", "model": HALF}, "model"),
        ("/v1/chat/completions", {"messages": [{**ASKED[0], "name": HALF}]}, "messages.0.name"),
        ("/mcp", call("search_articles", query=HALF), "params.arguments.query"),
        ("/mcp", call(HALF), "params.name"),
    ],
)
@pytest.mark.parametrize("encoding", ["escaped", "utf-8", "utf-16"])
def test_half_a_character_is_refused(
    http: httpx.Client, path: str, body: dict[str, Any], param: str | None, encoding: str
) -> None:
    if encoding == "escaped":
        content = json.dumps(body).encode()
    else:
        content = json.dumps(body, ensure_ascii=False).encode(encoding, "surrogatepass")
    answer = http.post(path, content=content, headers=JSON)
    assert answer.status_code == 400
    assert "surrogate" in error(answer)["message"]
    assert error(answer)["param"] == param


def test_whole_characters_are_not(http: httpx.Client) -> None:
    for text in ("𠮷", "\\ud800", "\0"):
        body = json.dumps({"question": text, "k": 1}).encode()
        assert http.post("/api/v1/search", content=body, headers=JSON).status_code == 200


@pytest.mark.parametrize(
    ("path", "body", "param"),
    [
        ("/api/v1/ask", {"question": "桥", "llm": 0}, "llm"),
        ("/api/v1/ask", {"question": "桥", "llm": "no"}, "llm"),
        ("/api/v1/ask", {"question": "桥", "since": 2024}, "since"),
        ("/api/v1/search", {"question": "桥", "k": "3"}, "k"),
        ("/api/v1/search", {"question": "桥", "k": True}, "k"),
        ("/v1/chat/completions", {"messages": ASKED, "llm": 0}, "llm"),
        ("/v1/chat/completions", {"messages": ASKED, "stream": "yes"}, "stream"),
        ("/v1/chat/completions", {"messages": ASKED, "n": True}, "n"),
        (
            "/v1/chat/completions",
            {"messages": ASKED, "stream": True, "stream_options": {"include_usage": 1}},
            "stream_options.include_usage",
        ),
        ("/v1/embeddings", {"input": "a", "dimensions": "384"}, "dimensions"),
    ],
)
def test_a_value_of_another_type_is_named(
    http: httpx.Client, path: str, body: dict[str, Any], param: str
) -> None:
    answer = http.post(path, json=body)
    assert (answer.status_code, error(answer)["param"]) == (400, param)


@pytest.mark.parametrize("path", ["/api/v1/ask", "/api/v1/search"])
def test_a_span_that_ends_before_it_begins_is_named(http: httpx.Client, path: str) -> None:
    answer = http.post(path, json={"question": "桥", "since": "2024-05", "until": "2023"})
    assert answer.status_code == 400
    assert "2024-05 is after 2023" in error(answer)["message"]
    answer = http.get("/api/v1/articles?since=2024-05&until=2023")
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "content",
    [b'{"question": "\xff"}', b"[" * 100_000, b'{"question": "a", "k": ' + b"1" * 5000 + b"}"],
    ids=["no UTF-8", "deep", "a long number"],
)
def test_what_is_no_json_is_told(http: httpx.Client, content: bytes) -> None:
    answer = http.post("/api/v1/search", content=content, headers=JSON)
    assert (answer.status_code, error(answer)["code"]) == (400, "invalid")
    assert "no JSON" in error(answer)["message"]


READ = ["articles", "articles/x", "sources", "health", "openapi.json"]
PATHS = [
    *((f"/api/v1/{name}", "GET") for name in READ),
    *((f"/v1/{name}", "GET") for name in ("models", "models/qa_bot")),
    *((path, "POST") for path in ("/api/v1/ask", "/api/v1/search", "/mcp")),
    *((f"/v1/{name}", "POST") for name in ("embeddings", "chat/completions")),
]


@pytest.mark.parametrize(("path", "allowed"), PATHS)
def test_a_wrong_method_is_told_the_right_one(http: httpx.Client, path: str, allowed: str) -> None:
    wrong = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} - {allowed}
    for method in wrong:
        # a body is not looked at, whatever it is
        answer = http.request(method, path, content=None if method == "GET" else b"x")
        assert (answer.status_code, error(answer)["code"]) == (405, "method_not_allowed"), method
        assert allowed in answer.headers["allow"].split(", ")


def test_too_many_texts_are_told_how_many_may_come(http: httpx.Client) -> None:
    said = error(http.post("/v1/embeddings", json={"input": ["a"] * 2049}))["message"]
    assert "1 to 2048" in said
    assert "2049" in said
    for texts in ("a" * 100_001, ["a", "a" * 100_001]):
        said = error(http.post("/v1/embeddings", json={"input": texts}))["message"]
        assert "100000 characters at most" in said


def test_texts_count_as_questions(tmp_path_factory: pytest.TempPathFactory) -> None:
    with serving(tmp_path_factory.mktemp("rate") / "index", questions_per_minute=5) as http:
        answer = http.post("/v1/embeddings", json={"input": ["a"] * 9})
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
        assert "9 texts" in error(answer)["message"]
        assert " 5 in a minute" in error(answer)["message"]
