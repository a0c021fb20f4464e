"""The server as the command starts it."""

from __future__ import annotations

import subprocess
import sys

import httpx

from qa_bot import (
    QABot,
)
from tests.conftest import heed_interrupts


def test_the_command_serves_it(bot: QABot) -> None:
    command = ["serve", "--index", str(bot.path), "--port", "0"]
    with subprocess.Popen(
        [sys.executable, "-m", "qa_bot.cli", *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        preexec_fn=heed_interrupts,
    ) as process:
        assert process.stdout is not None
        try:
            address = process.stdout.readline().removeprefix("qa_bot is at ").strip()
            assert address.startswith("http://127.0.0.1:")
            with httpx.Client(base_url=address, timeout=60) as http:
                assert http.get("/api/v1/health").json()["articles"] == 4
                assert http.get("/v1/models").json()["data"][0]["id"] == "qa_bot"
                assert http.get("/mcp").status_code == 405
                assert "qa_bot" in http.get("/").text
        finally:
            process.kill()
