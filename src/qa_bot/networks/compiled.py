"""Networks compiled by OpenVINO, kept on disk: taking one from there is four times as quick."""

from __future__ import annotations

import contextlib
import hashlib
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from qa_bot.files import write_atomically
from qa_bot.networks.runtime import ov

__all__ = ["compile_model"]

log = logging.getLogger(__name__)

# as many single-threaded streams as there are cores: nothing waits for the other half
_OPTIONS = {"PERFORMANCE_HINT": "THROUGHPUT"}
_DIGEST = 32  # bytes before the compiled network, to tell a damaged file


def compile_model(
    build: Callable[[], ov.Model], kept: Path | None = None, files: Sequence[Path] = ()
) -> ov.CompiledModel:
    """The network that `build` makes, compiled for this processor.

    With `kept`, folder and beginning of a file's name, it is written there, and later taken from
    there if the contents of `files`, the processor and OpenVINO are the same. A file that cannot
    be read or written only costs the time.
    """
    core = ov.Core()
    if kept is None:
        return core.compile_model(build(), "CPU", _OPTIONS)
    path = kept.with_name(f"{kept.name}-{_key(core, files)}.blob")
    if (compiled := _read(core, path)) is None:
        compiled = core.compile_model(build(), "CPU", _OPTIONS)
        _write(compiled, path, kept.name)
    return compiled


def _key(core: ov.Core, files: Sequence[Path]) -> str:
    parts = [ov.get_version(), str(core.get_property("CPU", "FULL_DEVICE_NAME"))]
    digest = hashlib.sha256("\n".join(parts).encode())
    for file in files:
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _read(core: ov.Core, path: Path) -> ov.CompiledModel | None:
    try:
        data = np.fromfile(path, np.uint8)
        if hashlib.sha256(data[_DIGEST:].data).digest() != data[:_DIGEST].tobytes():
            raise ValueError("its checksum differs")
        return core.import_model(ov.Tensor(data[_DIGEST:]), "CPU", _OPTIONS)
    except FileNotFoundError:
        return None
    except (OSError, RuntimeError, ValueError) as error:
        log.info("%s is compiled again, for what is kept cannot be used: %s", path.name, error)
        return None


def _write(compiled: ov.CompiledModel, path: Path, name: str) -> None:
    data = compiled.export_model().getvalue()
    try:
        path.parent.mkdir(exist_ok=True)
        write_atomically(path, hashlib.sha256(data).digest(), data)
        for other in path.parent.glob(f"{name}-*.blob"):
            if other != path:
                with contextlib.suppress(OSError):  # another process uses it
                    other.unlink()
    except OSError as error:
        log.info("The compiled network cannot be kept in %s: %s", path.parent, error)
