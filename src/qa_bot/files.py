"""Files: what an index is told by, and writing so that a crash leaves the old or the new one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

__all__ = ["STORE_FILE", "write_atomically"]

STORE_FILE = "articles.sqlite3"  # what makes a folder an index


def write_atomically(path: Path, *parts: bytes) -> None:
    """Write a file so that it is there whole or, after a crash, as it was before."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            for part in parts:
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
