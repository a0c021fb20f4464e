"""What may be uploaded, by whom, how much, and what becomes of it: by the real server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route, Router

from qa_bot import load_settings
from qa_bot.ui import temporary
from qa_bot.ui.uploads import Uploads
from tests.conftest import heed_interrupts
from tests.serving import serving

pytestmark = pytest.mark.e2e

UPLOAD = "/gradio_api/upload"
TEXT = "望江桥昨天通车，全长1.2公里。".encode()


def upload(http: httpx.Client, *contents: bytes, language: str = "en") -> httpx.Response:
    files = [("files", (f"{number}.txt", text)) for number, text in enumerate(contents)]
    return http.post(UPLOAD, files=files, headers={"accept-language": language})


def files_kept() -> set[Path]:
    return {path for path in temporary.uploads().rglob("*") if path.is_file()}


def of_file(path: str) -> dict[str, Any]:
    return {"path": path, "orig_name": "a.txt", "meta": {"_type": "gradio.FileData"}}


def test_nothing_is_uploaded_where_nothing_may_be_added(tmp_path: Path) -> None:
    with serving(tmp_path / "index", read_only=True) as http:
        before = files_kept()
        answer = upload(http, TEXT)
        assert (answer.status_code, answer.text) == (403, "Articles cannot be added here.")
        assert files_kept() == before
        assert upload(http, TEXT, language="zh-CN").text == "这里不能添加文章。"


def test_uploads_are_bounded_in_rate_and_room_and_are_not_served(tmp_path: Path) -> None:
    temporary.discard(files_kept())  # of other tests
    with serving(tmp_path / "index", uploads_per_minute=4, uploads_mb=1) as http:
        before = files_kept()
        (path,) = upload(http, TEXT).json()
        assert Path(path).read_bytes() == TEXT
        assert Path(path).is_relative_to(temporary.uploads())
        assert temporary.uploads().stat().st_mode & 0o077 == 0  # other users of the system
        for name in ("file=", "file/"):
            assert http.get(f"/gradio_api/{name}{path}").status_code == 403
        assert upload(http, b"a" * 900_000).status_code == 200
        answer = upload(http, b"b" * 200_000)
        assert answer.status_code == 413
        assert "room for 1 MB" in answer.text
        assert upload(http, b"c").status_code == 200
        assert upload(http, b"d").status_code == 429
        folders = {path.parent for path in files_kept() - before}
        temporary.discard(files_kept() - before)
        assert not any(folder.exists() for folder in folders)


def test_what_is_exported_is_served(tmp_path: Path) -> None:
    file = temporary.exports() / "x" / "articles.jsonl"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(TEXT)
    with serving(tmp_path / "index") as http:
        assert http.get(f"/gradio_api/file={file}").content == TEXT
        assert http.get(f"/gradio_api/file={file.parent}/../../x").status_code == 403


class Gradio:
    """What stands behind: files come in, and are named by their visitors."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.folder = folder
        (folder / "exports").mkdir(parents=True)
        routes = [
            Route(UPLOAD, self.taken_in, methods=["POST"]),
            Route("/gradio_api/queue/join", self.named, methods=["POST"]),
        ]
        self.guarded = Uploads(
            Router(routes),
            folder=folder,
            exports=folder / "exports",
            settings=load_settings(**settings),
            language=lambda headers: "en" if isinstance(headers, Headers) else "",
            patience=0.5,
        )

    async def taken_in(self, request: Request) -> JSONResponse:
        half = self.folder / "half"
        half.touch()
        content = await request.body()
        whole = self.folder / f"{hash(content)}" / "a.txt"
        whole.parent.mkdir(exist_ok=True)
        half.rename(whole)
        whole.write_bytes(content)
        return JSONResponse([str(whole)])

    async def named(self, request: Request) -> PlainTextResponse:
        return PlainTextResponse(str(len(await request.body())))

    def post(self, who: str, path: str, **content: Any) -> httpx.Response:
        async def post() -> httpx.Response:
            transport = httpx.ASGITransport(self.guarded, client=(who, 1))
            async with httpx.AsyncClient(transport=transport, base_url="http://x") as http:
                return await http.post(path, **content)

        return anyio.run(post)


def test_a_file_is_of_use_to_its_visitor_alone(tmp_path: Path) -> None:
    gradio = Gradio(tmp_path / "files")
    (path,) = gradio.post("10.0.0.1", UPLOAD, content=TEXT).json()

    def ask(who: str, data: Any) -> int:
        return gradio.post(who, "/gradio_api/queue/join", json={"data": data}).status_code

    assert ask("10.0.0.1", [[of_file(path)], False]) == 200
    assert ask("10.0.0.2", [[of_file(path)], False]) == 403
    assert ask("10.0.0.2", [{"a": {"b": [of_file(path)]}}]) == 403
    assert ask("10.0.0.1", [of_file("/etc/passwd")]) == 403
    assert ask("10.0.0.2", ["桥", [], None, {"id": "x"}]) == 200
    Path(path).unlink()
    gradio.post("10.0.0.1", UPLOAD, content=b"other")
    assert ask("10.0.0.1", [of_file(path)]) == 403


def test_each_visitor_has_a_rate(tmp_path: Path) -> None:
    gradio = Gradio(tmp_path / "files", uploads_per_minute=2)
    statuses = [gradio.post("10.0.0.1", UPLOAD, content=b"a").status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    assert gradio.post("10.0.0.2", UPLOAD, content=b"a").status_code == 200


def test_an_upload_that_stops_is_ended_and_leaves_nothing(tmp_path: Path) -> None:
    gradio = Gradio(tmp_path / "files")

    async def halves() -> Any:
        yield b"half"
        await anyio.sleep(5)

    length = {"content-length": "1000"}
    answer = gradio.post("10.0.0.1", UPLOAD, content=halves(), headers=length)
    assert (answer.status_code, [p.name for p in gradio.folder.iterdir()]) == (408, ["exports"])
    answer = gradio.post("10.0.0.1", UPLOAD, content=halves())
    assert answer.status_code == 411


@pytest.mark.parametrize("content", [b"a" * 17_000_000, b"[" * 1_000_000], ids=["long", "deep"])
def test_what_the_page_never_sends_is_refused(tmp_path: Path, content: bytes) -> None:
    gradio = Gradio(tmp_path / "files")
    answer = gradio.post("10.0.0.1", "/gradio_api/queue/join", content=content)
    assert answer.status_code in (400, 413)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_ended_leaves_no_upload(tmp_path: Path, number: signal.Signals) -> None:
    command = [sys.executable, "-m", "qa_bot.cli", "serve", "--port", "0"]
    with subprocess.Popen(
        [*command, "--index", str(tmp_path / "index")],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "GRADIO_TEMP_DIR": str(tmp_path / "temporary")},
        preexec_fn=heed_interrupts,
    ) as server:
        assert server.stdout
        address = server.stdout.readline().split()[-1]
        with httpx.Client(base_url=address, timeout=60) as http:
            (path,) = upload(http, TEXT).json()
        assert Path(path).is_relative_to(tmp_path / "temporary")
        server.send_signal(number)
        assert server.wait(60) == 0
    assert list((tmp_path / "temporary").glob("qa_bot-*")) == []  # Gradio makes a folder, too
