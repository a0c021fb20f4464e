"""The bill of materials: what an installation consists of, in CycloneDX's JSON.

    python docs/sbom.py [FILE]

It lists qa_bot and all that is installed because of it, with versions and licences. Without FILE it
is printed.
"""

from __future__ import annotations

import json
import re
import sys
import uuid
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = "qa-bot"

# What classifiers and free texts call a licence, as SPDX does; longer names first.
_SPDX = {
    "apache software license": "Apache-2.0",
    "apache license": "Apache-2.0",
    "apache 2": "Apache-2.0",
    "apache-2": "Apache-2.0",
    "3-clause bsd": "BSD-3-Clause",
    "bsd-3-clause": "BSD-3-Clause",
    "bsd 3-clause": "BSD-3-Clause",
    "bsd-2-clause": "BSD-2-Clause",
    "bsd": "LicenseRef-BSD",  # which one is not said
    "mit license": "MIT",
    "mit": "MIT",
    "isc": "ISC",
    "mozilla public license 2.0": "MPL-2.0",
    "mpl-2.0": "MPL-2.0",
    "python software foundation": "PSF-2.0",
    "psf": "PSF-2.0",
    "the unlicense": "Unlicense",
}


def installed(*extras: str) -> dict[str, metadata.Distribution]:
    """qa_bot, with these extras of its own, and all that it needs on this machine, by name."""
    found: dict[str, metadata.Distribution] = {}
    done: set[tuple[str, str]] = set()
    waiting = [(ROOT, extra) for extra in ("", *extras)]
    while waiting:
        name, extra = waiting.pop()
        name = canonicalize_name(name)
        if (name, extra) in done:
            continue
        done.add((name, extra))
        found[name] = metadata.distribution(name)
        for text in found[name].requires or ():
            needed = Requirement(text)
            if needed.marker is None or needed.marker.evaluate({"extra": extra}):
                waiting += [(needed.name, wanted) for wanted in ("", *needed.extras)]
    return dict(sorted(found.items()))


def needs(distribution: metadata.Distribution, among: dict[str, Any]) -> list[str]:
    """The names of what a distribution needs itself, among those that are installed."""
    names = {canonicalize_name(Requirement(text).name) for text in distribution.requires or ()}
    return sorted(names & among.keys())


def licence(distribution: metadata.Distribution) -> str:
    """An SPDX expression, from what the distribution says of itself; what it says, if unknown."""
    about = distribution.metadata
    if "License-Expression" in about:
        return about["License-Expression"]
    classes = [c.split(" :: ")[-1] for c in about.get_all("Classifier") or () if "License ::" in c]
    ids = {spdx for c in classes if (spdx := _spdx(c))}
    said = about["License"].strip().splitlines() if "License" in about else []
    if not ids and said:
        ids = {_spdx(said[0]) or said[0]}
    return " AND ".join(sorted(ids))


def _spdx(text: str) -> str:
    return next((spdx for name, spdx in _SPDX.items() if name in text.lower()), "")


def bill() -> dict[str, Any]:
    """The document."""
    parts = installed()
    components = {name: _component(name, part) for name, part in parts.items()}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid4()}",
        "version": 1,
        "metadata": {"component": {**components.pop(ROOT), "type": "application"}},
        "components": list(components.values()),
        "dependencies": [
            {
                "ref": _purl(name, part),
                "dependsOn": [_purl(n, parts[n]) for n in needs(part, parts)],
            }
            for name, part in parts.items()
        ],
    }


def _component(name: str, part: metadata.Distribution) -> dict[str, Any]:
    said = licence(part)
    is_expression = re.fullmatch(r"[\w.+()-]+( (AND|OR|WITH) [\w.+()-]+)*", said)
    return {
        "type": "library",
        "bom-ref": _purl(name, part),
        "name": name,
        "version": part.version,
        "purl": _purl(name, part),
        "licenses": [{"expression": said}] if is_expression else [{"license": {"name": said}}],
    }


def _purl(name: str, part: metadata.Distribution) -> str:
    return f"pkg:pypi/{name}@{part.version}"


if __name__ == "__main__":
    text = json.dumps(bill(), indent=2, ensure_ascii=False) + "\n"
    if sys.argv[1:]:
        Path(sys.argv[1]).write_text(text, "utf-8")
    else:
        sys.stdout.write(text)
