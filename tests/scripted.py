"""A server that speaks the OpenAI protocol and says what a test wants it to, awkwardly or not."""

from __future__ import annotations

import json
import select
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

__all__ = ["Script", "served"]


@dataclass
class Script:
    """What the server does with the next requests, and what it was asked.

    `says` is the answer, or one for each request in turn. Each of `refuses` is a status (and
    headers) with which a request is refused before any is answered. `ends` is how an answer ends:
    `done`, `cut` (the connection), `short` (no word that it is done), `stall` (never), `drip`
    (never, but a letter now and then), `mute` (it never even begins). Of the last three `gone`
    tells that nobody reads any more. `counts` are status and number of tokens with which
    requests to count are answered in turn; without, there is no such address. With `plain` only
    requests without options are taken.
    """

    says: str | Sequence[str] = ""
    refuses: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    ends: str = "done"
    plain: bool = False
    counts: list[tuple[int, int]] = field(default_factory=list)
    body: str | None = None
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    gone: threading.Event = field(default_factory=threading.Event)

    def next_answer(self) -> str:
        if isinstance(self.says, str):
            return self.says
        return self.says[min(len(self.asked), len(self.says)) - 1]


def _chunk(delta: dict[str, str], finish: str | None = None, **more: object) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    head = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    return b"data: " + json.dumps({**head, "choices": [choice], **more}).encode() + b"\n\n"


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, script: Script) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script = script


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.path == "/tokenize" and self.server.script.counts:
            status, tokens = self.server.script.counts.pop(0)
            self._send(status, {"tokens": list(range(tokens))})
            return
        if not self.path.endswith("/chat/completions"):
            self._refuse(404, {}, "no such address")
            return
        self.server.script.asked.append(body)
        key = self.headers.get("authorization", "").removeprefix("Bearer ")
        self.server.script.keys.append(key)
        if self.server.script.refuses:
            status, headers = self.server.script.refuses.pop(0)
            # real ones repeat (part of) the key
            self._refuse(status, headers, f"Incorrect API key provided: {key}")
            return
        if (
            self.server.script.plain
            and {"temperature", "max_tokens", "stream_options"} & body.keys()
        ):
            self._refuse(400, {}, "unsupported parameter")
            return
        self._answer(self.server.script.next_answer())

    def _refuse(self, status: int, headers: dict[str, str], message: str) -> None:
        self._send(status, {"error": {"message": message}}, headers)

    def _send(self, status: int, document: object, headers: dict[str, str] | None = None) -> None:
        data = json.dumps(document).encode()
        self.send_response(status)
        for name, value in {"content-type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _answer(self, text: str) -> None:
        if self.server.script.ends == "mute":
            self._wait()
            return
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        if self.server.script.body is not None:
            self.wfile.write(self.server.script.body.encode())
            return
        for at in range(0, len(text), 7):
            self.wfile.write(_chunk({"content": text[at : at + 7]}))
        self._finish()

    def _finish(self) -> None:
        if self.server.script.ends in ("stall", "drip"):
            self.wfile.flush()
            self._wait()
            return
        if self.server.script.ends == "cut":
            self.wfile.write(b'data: {"id": "x", "cho')
            self.wfile.flush()
            return
        if self.server.script.ends == "short":
            return
        used = {"prompt_tokens": 90, "completion_tokens": 9, "total_tokens": 99}
        self.wfile.write(_chunk({}, "stop") + _chunk({}, "stop", usage=used))
        self.wfile.write(b"data: [DONE]\n\n")

    def _wait(self) -> None:
        """Until the script is over, or whoever asked has gone."""
        while not self.server.script.over.wait(0.05):
            if select.select([self.connection], [], [], 0)[0] and not self._more():
                self.server.script.gone.set()
                return
            if self.server.script.ends == "drip":
                try:
                    self.wfile.write(_chunk({"content": "。"}))
                except OSError:  # given up
                    self.server.script.gone.set()
                    return

    def _more(self) -> bool:
        try:
            return bool(self.connection.recv(1, socket.MSG_PEEK))
        except OSError:
            return False


def set_when_asked(event: threading.Event, script: Script) -> None:
    """Sets the event, in a thread of its own, once a request for an answer has come."""

    def watch() -> None:
        while not (script.asked or script.over.wait(0.01)):
            pass
        event.set()

    threading.Thread(target=watch, daemon=True).start()


@contextmanager
def served(script: Script) -> Iterator[str]:
    """The address under which `script` is played."""
    server = _Server(script)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        script.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
