"""What Gradio would do besides for who asks it: none of it is done, by the real server."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.serving import serving

pytestmark = pytest.mark.e2e

FOREIGN = "http://elsewhere.example/a.txt"
META = {"meta": {"_type": "gradio.FileData"}, "orig_name": "a.txt"}


@pytest.fixture(scope="module", params=[False, True], ids=["writable", "read-only"])
def http(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    path = tmp_path_factory.mktemp("closed") / "index"
    with serving(path, read_only=request.param) as http:
        yield http


@pytest.fixture
def asked_for(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names that this process has looked up, besides its own."""
    names: list[str] = []
    real = socket.getaddrinfo

    def noted(host: Any, *arguments: Any, **named: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else str(host)
        if name not in ("127.0.0.1", "localhost"):
            names.append(name)
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return real(host, *arguments, **named)

    monkeypatch.setattr(socket, "getaddrinfo", noted)
    return names


@pytest.mark.parametrize(
    "file",
    [
        {"path": FOREIGN, **META},
        {"path": "a.txt", "url": FOREIGN, **META},
        {"path": FOREIGN, "url": FOREIGN},
        {"path": FOREIGN, "is_stream": True, **META},
        {"value": {"path": FOREIGN, **META}, "path": 5},
    ],
)
@pytest.mark.parametrize("path", ["queue/join", "run/predict", "call/predict", "api/predict"])
def test_no_file_is_fetched_for_a_visitor(
    http: httpx.Client, asked_for: list[str], file: dict[str, Any], path: str
) -> None:
    functions = http.get("/config").json()["dependencies"]
    assert len(functions) > 10
    for function in functions:
        named = [[file], *[file] * (len(function["inputs"]) - 1)]
        body = {"data": named, "fn_index": function["id"], "session_hash": "x"}
        answer = http.post(f"/gradio_api/{path}", json=body)
        assert answer.status_code == 403, function["id"]
    assert asked_for == []


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", [f"file={FOREIGN}", f"file/{FOREIGN}", f"proxy={FOREIGN}"])
def test_nor_is_it_passed_on(
    http: httpx.Client, asked_for: list[str], method: str, path: str
) -> None:
    assert http.request(method, f"/gradio_api/{path}").status_code in (403, 404)
    assert asked_for == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/monitoring"),
        ("GET", "/monitoring/"),
        ("GET", "/monitoring/summary"),
        ("GET", "/monitoring/key"),
        ("GET", "/gradio_api/proxy=https://a.hf.space/x"),
        ("GET", "/gradio_api/dev/reload"),
        ("GET", "/gradio_api/deep_link?session_hash=x"),
        ("GET", "/gradio_api/vibe-code"),
        ("POST", "/gradio_api/vibe-edit"),
        ("POST", "/gradio_api/process_recording"),
        ("POST", "/gradio_api/stream/x"),
        ("GET", "/gradio_api/run-history/buckets"),
    ],
)
def test_what_the_page_does_not_use_is_closed(http: httpx.Client, method: str, path: str) -> None:
    files = {"files": ("a.webm", b"a")} if method == "POST" else None
    answer = http.request(method, path, files=files)
    assert (answer.status_code, answer.text) == (404, "Not Found")
