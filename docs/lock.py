"""The file of requirements with hashes: `python docs/lock.py`, with uv on the path.

It pins what asks and answers, the page, the interfaces and the client of a database, without torch
and its libraries for graphics cards, at the versions of `constraints.txt`; with the digests of
every file of each version, so that it holds for Linux, macOS and Windows alike.
"""

from __future__ import annotations

import subprocess
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
FILE = ROOT / "requirements.txt"
_HEAD = "# Written by docs/lock.py: pip install --require-hashes -r requirements.txt\n"


def wanted() -> Sequence[str]:
    """The requirements that are locked, with all that they require."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    extras = project["project"]["optional-dependencies"]
    return (*project["dependency-groups"]["core"], *extras["server"], *extras["oceanbase"])


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "requirements.in"
        source.write_text("\n".join(wanted()) + "\n", "utf-8")
        made = Path(folder) / "requirements.txt"
        subprocess.run(
            [
                *("uv", "pip", "compile", str(source), "--output-file", str(made), "--quiet"),
                *("--constraints", "constraints.txt", "--universal", "--python-version", "3.11"),
                *("--generate-hashes", "--no-annotate", "--no-header"),
            ],
            cwd=ROOT,
            check=True,
        )
        FILE.write_text(_HEAD + made.read_text("utf-8"), "utf-8")


if __name__ == "__main__":
    main()
