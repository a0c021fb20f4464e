"""The folder for what is uploaded and exported: of this process alone, and gone with it."""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

__all__ = ["discard", "exports", "uploads"]

_VARIABLE = "GRADIO_TEMP_DIR"  # tells Gradio where to put files; it may name another disk


@functools.cache
def uploads() -> Path:
    """Where Gradio puts what is uploaded, each file in a folder named by its content."""
    parent = os.environ.get(_VARIABLE) or None
    if parent:
        Path(parent).mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="qa_bot-", dir=parent)).resolve()  # of its user alone
    os.environ[_VARIABLE] = str(folder)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def exports() -> Path:
    """Where files lie that visitors may download, each in a folder that nobody guesses."""
    folder = uploads() / "exports"
    folder.mkdir(exist_ok=True)
    return folder


def discard(paths: Iterable[Path]) -> None:
    """Remove uploaded files that have been read."""
    for path in paths:
        if uploads() in path.parents:
            with contextlib.suppress(OSError):
                path.unlink()
            with contextlib.suppress(OSError):
                path.parent.rmdir()
