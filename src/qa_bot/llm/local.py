"""A GGUF file run on this computer: llama.cpp's server in this process, on loopback only."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from qa_bot.errors import LLMError

__all__ = ["serve_file"]

_servers: dict[tuple[str, int], Any] = {}  # a server lives as long as the process
_starting = threading.Lock()


def serve_file(path: str, context: int) -> str:
    """Load the GGUF file and serve it; gives the address of its OpenAI protocol.

    :raises LLMError: if xllamacpp is not installed, or cannot load the file.
    """
    try:
        import xllamacpp
    except ImportError as error:
        raise LLMError(
            "missing", "A GGUF file needs the package xllamacpp: pip install 'qa-bot[llm]'."
        ) from error
    file = str(Path(path).expanduser().resolve())
    with _starting:
        if (file, context) not in _servers:
            parameters = xllamacpp.CommonParams()
            parameters.model.path = file
            parameters.n_ctx = context
            parameters.n_parallel = 1  # the whole context for one answer
            parameters.warmup = False
            parameters.hostnames = ["127.0.0.1"]
            parameters.port = 0  # any free one
            parameters.offline = True
            parameters.verbosity = 1  # errors only
            try:
                _servers[file, context] = xllamacpp.Server(parameters)
            except Exception as error:
                raise LLMError(
                    "file", f"llama.cpp cannot load {Path(path).name}: is it a whole GGUF file?"
                ) from error
        return f"{_servers[file, context].listening_address}/v1"
