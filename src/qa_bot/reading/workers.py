"""Child processes that read files, so that no file can take the memory or time of this one.

They are plain processes with pipes, not those of `multiprocessing`: a caller's script is not run
again in them, and what they answer is JSON, never unpickled.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

from qa_bot.errors import ReadError
from qa_bot.reading import limits
from qa_bot.reading.inputs import Entry, InputFile
from qa_bot.records import Article, Refusal

__all__ = ["read_in_child"]

_AT_ONCE = max(2, min(4, os.cpu_count() or 2))
_ANSWER_FACTOR = 4  # bytes of JSON per byte of the largest file that is read
_START = (
    "import sys, json; sys.path[:] = json.loads(sys.argv[1]); "
    "from qa_bot.reading.worker import main; main()"
)
_ADVICE = "It was left out; split it, or save what it says as text, and add that."


def read_in_child(file: InputFile, kind: str) -> Iterator[Entry]:
    """The entries of a file, read by a child process as the `kind` (".pdf", say) that it is.

    :raises ReadError: if the reader was ended by the file: it takes too much, or crashes it.
    """
    yield from _POOL.read(file, kind)


class _Stopped(Exception):
    """The child ended before it had answered."""


class _Deadline:
    """Ends a process that works on one thing for more than `limits.SECONDS`.

    Where the system tells a process's own time (Linux), that counts: on a busy machine a file is
    not to blame for the waiting, up to `limits.PATIENCE` times as long.
    """

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.passed = False
        self._process = process
        self._timer = threading.Timer(0, self._check)
        self.restart()

    def restart(self) -> None:
        """Give the whole time anew."""
        self.cancel()
        self._began, self._worked = monotonic(), self._cpu_seconds()
        self._start(limits.SECONDS)

    def cancel(self) -> None:
        self._timer.cancel()

    def _start(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._check)
        self._timer.daemon = True
        self._timer.start()

    def _check(self) -> None:
        waited = monotonic() - self._began
        now = self._cpu_seconds()
        worked = waited if now is None or self._worked is None else now - self._worked
        if worked < limits.SECONDS and waited < limits.PATIENCE * limits.SECONDS:
            self._start(max(limits.SECONDS - worked, limits.SECONDS / 10))
            return
        self.passed = True
        self._process.kill()

    def _cpu_seconds(self) -> float | None:
        """What the process has computed so far; None where that is not told."""
        try:
            stat = Path(f"/proc/{self._process.pid}/stat").read_text("ascii", "replace")
        except OSError:
            return None
        ticks = stat.rpartition(")")[2].split()[11:13]  # utime and stime
        return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


class _Worker:
    """One child process. Used by one thread at a time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", _START, json.dumps([p or os.getcwd() for p in sys.path])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self.late = False
        self.usable = True

    def read(self, file: InputFile, kind: str) -> list[Entry]:
        """The entries of a file.

        :raises _Stopped: if the process ends.
        :raises ReadError: if it answers too much.
        """
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        request = {
            "path": str(file.path.absolute()),
            "shown": file.shown,
            "kind": kind,
            "limit": file.limit,
        }
        entries: list[Entry] = []
        room = max(file.limit, 1_000_000) * _ANSWER_FACTOR
        deadline = _Deadline(process)
        try:
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
            while True:
                line = process.stdout.readline(room + 1)
                room -= len(line)
                if room < 0:
                    raise ReadError(f"holds more text than its size lets expect. {_ADVICE}")
                if not line.endswith(b"\n"):
                    raise _Stopped
                message = json.loads(line)
                if "article" in message:
                    entries.append(Article(**message["article"]))
                elif "refusal" in message:
                    entries.append(Refusal(**message["refusal"]))
                elif "more" in message:
                    deadline.restart()
                else:
                    self.usable = bool(message["done"])
                    return entries
        except OSError:  # a broken pipe
            raise _Stopped from None
        finally:
            deadline.cancel()
            self.late = deadline.passed

    def alive(self) -> bool:
        return self.usable and not self.late and self._process.poll() is None

    def end(self) -> None:
        """End the process, whatever it does, and wait until it is gone."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


class _Pool:
    """At most `_AT_ONCE` workers, started when they are needed and used again."""

    def __init__(self) -> None:
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
        self._lock = threading.Lock()
        self._slots = threading.BoundedSemaphore(_AT_ONCE)

    def read(self, file: InputFile, kind: str) -> list[Entry]:
        with self._slots:
            worker, used = self._take()
            try:
                return worker.read(file, kind)
            except _Stopped:
                if not worker.late and used:  # perhaps it was ended while it waited
                    worker.end()
                    with self._lock:
                        self._busy.discard(worker)
                    worker, _ = self._take(fresh=True)
                    with contextlib.suppress(_Stopped):
                        return worker.read(file, kind)
                raise ReadError(_reason(worker)) from None
            except BaseException:  # too much text, or Ctrl-C: its answer is not read to the end
                worker.usable = False
                raise
            finally:
                self._give(worker)

    def _take(self, *, fresh: bool = False) -> tuple[_Worker, bool]:
        """A worker, and whether it has been used before."""
        with self._lock:
            while self._idle and not fresh:
                worker = self._idle.pop()
                if worker.alive():
                    self._busy.add(worker)
                    return worker, True
                worker.end()
            try:
                worker = _Worker()
            except OSError as error:
                raise ReadError(
                    f"cannot be read now: no process can be started for it ({error.strerror}). "
                    "Add it again later."
                ) from None
            self._busy.add(worker)
            return worker, False

    def _give(self, worker: _Worker) -> None:
        with self._lock:
            self._busy.discard(worker)
            if worker.alive():
                self._idle.append(worker)
            else:
                worker.end()

    def close(self) -> None:
        with self._lock:
            workers = [*self._idle, *self._busy]
            self._idle.clear()
        for worker in workers:
            worker.end()

    def forget(self) -> None:
        """In a process that was forked from the one whose workers these are."""
        self.__init__()  # type: ignore[misc]  # as new: locks may be held by threads not here


def _reason(worker: _Worker) -> str:
    if worker.late:
        return f"takes more than {limits.SECONDS} seconds to read. {_ADVICE}"
    return f"stops whatever reads it: it is damaged, or takes too much memory. {_ADVICE}"


_POOL = _Pool()
atexit.register(_POOL.close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_POOL.forget)
