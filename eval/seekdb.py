"""A seekdb server, OceanBase's single node, as the package `pylibseekdb` brings it.

python eval/seekdb.py FOLDER [--port PORT]   # runs it there until Ctrl-C
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import pymysql

__all__ = ["Seekdb", "missing"]

_STARTS_IN = 900.0  # seconds; 2 when it is new, more where much is to be played back
_ENDS_IN = 30.0


def missing() -> str:
    """Why no server can be started on this machine; "" where one can."""
    if importlib.util.find_spec("pylibseekdb") is None:
        return "pylibseekdb, which brings the server, is not installed (Linux and macOS only)"
    return ""


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Seekdb:
    """A server whose data are in `folder`; its user is `root`, without a password.

    `memory` is about what it may take; port 0, any that is free. With `encrypted` it serves TLS by
    `ca.pem`, `server-cert.pem` and `server-key.pem` in the folder's folder `wallet`.
    """

    def __init__(
        self, folder: Path, port: int = 0, memory: str = "4G", *, encrypted: bool = False
    ) -> None:
        self.folder = folder.absolute()
        self.parameters = (f"memory_budget={memory}", f"ssl_client_authentication={encrypted}")
        self.port = port or _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Seekdb:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start it, and wait until it answers.

        :raises RuntimeError: if it does not.
        """
        spec = importlib.util.find_spec("pylibseekdb")
        if spec is None or spec.origin is None:
            raise RuntimeError(missing())
        package = Path(spec.origin).parent
        self.folder.mkdir(parents=True, exist_ok=True)
        sizes = ("datafile_size=64M", "log_disk_size=2G", "datafile_maxsize=40G", *self.parameters)
        command = [str(package / "seekdb"), "--nodaemon", "--base-dir", str(self.folder)]
        command += ["--port", str(self.port), *(w for s in sizes for w in ("--parameter", s))]
        environment = os.environ | {"LD_LIBRARY_PATH": str(package), "TELEMETRY_ENABLED": "0"}
        with (self.folder / "output.log").open("ab") as log:
            self._process = subprocess.Popen(
                command, stdout=log, stderr=log, env=environment, start_new_session=True
            )
        deadline = time.monotonic() + _STARTS_IN
        while time.monotonic() < deadline and self._process.poll() is None:
            with contextlib.suppress(pymysql.MySQLError, OSError):
                self.execute("SELECT 1")
                return
            time.sleep(0.2)
        self.kill()
        told = (self.folder / "output.log").read_text("utf-8", "replace")[-2000:]
        raise RuntimeError(f"seekdb does not start in {self.folder}: {told}")

    def execute(self, *statements: str) -> None:
        """Run these as root."""
        connection = pymysql.connect(
            host="127.0.0.1", port=self.port, user="root", connect_timeout=5, read_timeout=120
        )
        with connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def address(self, database: str, user: str = "root", password: str = "") -> str:
        """The address of a database, which is made if there is none."""
        self.execute(f"CREATE DATABASE IF NOT EXISTS `{database}`")
        given = f":{quote(password, safe='')}" if password else ""
        place = f"127.0.0.1:{self.port}/{database}"
        return f"oceanbase://{quote(user, safe='')}{given}@{place}"

    @property
    def unix_socket(self) -> Path:
        """Where it listens, too."""
        return self.folder / "run" / "sql.sock"

    @property
    def memory(self) -> int:
        """Bytes of memory that it takes now."""
        assert self._process is not None
        status = Path(f"/proc/{self._process.pid}/status").read_text("ascii")
        (kilobytes,) = (line.split()[1] for line in status.splitlines() if "VmRSS" in line)
        return int(kilobytes) * 1024

    def kill(self) -> None:
        """End it at once (SIGKILL), whatever it is about."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def stop(self) -> None:
        """End it in order."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(_ENDS_IN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("folder", type=Path, help="where its data are")
    parser.add_argument("--port", type=int, default=2881)
    parser.add_argument("--memory", default="4G", help="about what it may take (4G)")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends as Ctrl-C does
    with Seekdb(options.folder, options.port, options.memory) as server:
        print(f"It answers at {server.address('qa_bot')}; Ctrl-C ends it.", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            signal.pause()


if __name__ == "__main__":
    main()
