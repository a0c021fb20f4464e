"""What the description promises is so: Schemathesis asks the real server by it, well and badly."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from qa_bot import QABot
from tests.conftest import ARTICLES
from tests.serving import serving

ROOT = Path(__file__).parents[2]


def test_every_answer_is_as_described(open_bot: Callable[[], QABot], tmp_path: Path) -> None:
    bot = open_bot()
    bot.add(ARTICLES)
    with serving(bot.path) as http:
        http.post("/api/v1/ask", json={"question": "桥？"})  # the networks are loaded once
        done = subprocess.run(
            [
                *(sys.executable, "-m", "schemathesis.cli", "run", "--no-color"),
                *("--generation-deterministic", "--max-examples", "5"),
                *("--phases", "coverage,fuzzing"),
                f"{http.base_url}api/v1/openapi.json",
            ],
            cwd=tmp_path,  # reports are written there
            env={**os.environ, "SCHEMATHESIS_HOOKS": "tests.api.ordered_days"}
            | {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    assert "Tested: 9" in done.stdout
