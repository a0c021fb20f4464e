"""The child process that reads files: a request a line on stdin, its entries as lines on stdout.

Lines are JSON. A request is the path, what to call it, its kind and the largest size in bytes; the
answer one line an entry, `{"more": true}` wherever time is given anew, and `{"done": true}`, or
`{"done": false}` from a process that ends with it. Closing stdin ends it.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from qa_bot.reading import limits, read_entries
from qa_bot.reading.inputs import InputFile
from qa_bot.records import Article

__all__ = ["main"]

_GRACE = (
    15  # seconds beyond the longest that it is given: a reader whose parent is gone ends itself
)
_REUSED_UP_TO_MB = 600  # a process that has grown beyond is not used again


def main() -> None:
    """Read what is asked for until stdin is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's: it closes stdin
    requests = sys.stdin.buffer
    answers = os.fdopen(os.dup(1), "wb")
    _silence()
    _limit_memory()
    _leave_network()
    for request in requests:
        if not _answer(json.loads(request), answers):
            return


def _answer(request: dict[str, Any], answers: BinaryIO) -> bool:
    """Read one file; False if this process is to end."""
    given = 0

    def restart() -> None:
        nonlocal given
        given += 1
        if given <= limits.MOST_PICTURES:
            _alarm(limits.PATIENCE * limits.SECONDS + _GRACE)
            _send(answers, {"more": True})

    limits.clock.restart = restart
    _alarm(limits.PATIENCE * limits.SECONDS + _GRACE)
    file = InputFile(Path(request["path"]), request["shown"], request["limit"])
    for entry in read_entries(file, request["kind"]):
        _send(answers, {"article" if isinstance(entry, Article) else "refusal": asdict(entry)})
    _alarm(0)
    reused = _peak_mb() < _REUSED_UP_TO_MB
    _send(answers, {"done": reused})
    return reused


def _send(answers: BinaryIO, message: dict[str, Any]) -> None:
    answers.write(json.dumps(message).encode() + b"\n")
    answers.flush()


def _silence() -> None:
    """Whatever libraries print goes nowhere: stdout is for answers."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def _leave_network() -> None:
    """Nothing that parses a file reaches the network from here."""

    def refuse(*_arguments: object, **_named: object) -> None:
        raise PermissionError("A file is read without network.")

    for name in ("connect", "connect_ex", "sendto"):
        setattr(socket.socket, name, refuse)
    for name in ("getaddrinfo", "gethostbyname"):
        setattr(socket, name, refuse)


def _alarm(seconds: int) -> None:
    """End this process after `seconds`, in whatever code it is then; 0: never."""
    if sys.platform != "win32":
        signal.alarm(seconds)  # whose default action needs no interpreter


def _limit_memory() -> None:
    if sys.platform != "win32":
        import resource

        most = limits.MEMORY_MB * 1_000_000
        with contextlib.suppress(ValueError, OSError):  # a lower limit is set already
            resource.setrlimit(resource.RLIMIT_DATA, (most, most))
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _peak_mb() -> float:
    if sys.platform == "win32":
        return 0
    with contextlib.suppress(OSError):  # Linux; getrusage tells of the process this was forked from
        status = Path("/proc/self/status").read_text("ascii")
        return int(status.partition("VmHWM:")[2].split(maxsplit=1)[0]) / 1000
    import resource

    unit = 1 if sys.platform == "darwin" else 1000
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
