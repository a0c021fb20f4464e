"""What comes with qa_bot: free to pass on, and told in a bill of materials."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import lock
import sbom

# Whoever gets qa_bot may use, change and pass on all of it, and need not publish what is their own.
FREE = {
    *("MIT", "MIT-0", "MIT-CMU", "ISC", "0BSD", "Zlib", "BSL-1.0", "CC0-1.0", "Unlicense"),
    *("BSD-2-Clause", "BSD-3-Clause", "LicenseRef-BSD"),
    *("Apache-2.0", "Apache-2.0 WITH LLVM-exception", "PSF-2.0", "CNRI-Python"),
    *("MPL-1.1", "MPL-2.0"),
}


def is_free(expression: str) -> bool:
    """Whether an SPDX expression leaves a choice of nothing but free licences."""
    while "(" in expression:
        expression = re.sub(
            r"\(([^()]*)\)", lambda inner: "MIT" if is_free(inner[1]) else "-", expression
        )
    choices = expression.split(" OR ")
    return any(all(part in FREE for part in choice.split(" AND ")) for choice in choices)


@pytest.mark.parametrize(
    ("expression", "free"),
    [
        ("MIT", True),
        ("MPL-2.0 AND (Apache-2.0 OR GPL-3.0-only)", True),
        ("MIT AND (AGPL-3.0-only OR GPL-3.0-only)", False),
        ("MIT AND GPL-3.0-only OR Apache-2.0", True),
        ("Apache-2.0 AND GPL-3.0-only", False),
        ("", False),
    ],
)
def test_a_licence_is_judged_with_all_its_parts(expression: str, free: bool) -> None:
    assert is_free(expression) == free


def test_every_dependency_has_a_free_licence() -> None:
    parts = sbom.installed("llm", "oceanbase")
    assert {"gradio", "faiss-cpu", "torch", "starlette", "pymysql"} <= parts.keys()
    licences = {name: sbom.licence(part) for name, part in parts.items()}
    assert {name: said for name, said in licences.items() if not is_free(said)} == {}


def test_the_bill_of_materials_is_complete(tmp_path: Path) -> None:
    file = tmp_path / "sbom.json"
    subprocess.run([sys.executable, sbom.__file__, str(file)], check=True)
    bill = json.loads(file.read_text("utf-8"))
    assert (bill["bomFormat"], bill["specVersion"], bill["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", bill["serialNumber"])
    assert bill["metadata"]["component"]["name"] == "qa-bot"
    parts = sbom.installed()
    versions = {part["name"]: part["version"] for part in bill["components"]}
    assert versions == {n: p.version for n, p in parts.items() if n != "qa-bot"}
    for part in bill["components"]:
        assert part["type"] == "library"
        assert (
            part["bom-ref"] == unquote(part["purl"]) == f"pkg:pypi/{part['name']}@{part['version']}"
        )
        (licence,) = part["licenses"]
        assert licence.get("expression")
    refs = {part["bom-ref"] for part in [bill["metadata"]["component"], *bill["components"]]}
    assert {one["ref"] for one in bill["dependencies"]} == refs
    assert {ref for one in bill["dependencies"] for ref in one["dependsOn"]} <= refs
    (root,) = [
        d for d in bill["dependencies"] if d["ref"] == bill["metadata"]["component"]["bom-ref"]
    ]
    assert any(ref.startswith("pkg:pypi/gradio@") for ref in root["dependsOn"])


def test_what_is_locked_has_digests_and_the_versions_of_the_constraints() -> None:
    file = lock.FILE.read_text("utf-8").replace("\\\n", "")
    lines = [line for line in file.splitlines() if not line.startswith("#")]
    locked = {}
    for line in lines:
        told, *digests = line.split(" --hash=")
        assert digests, line
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64} *", digest) for digest in digests)
        requirement = Requirement(told.strip())
        locked[canonicalize_name(requirement.name)] = str(requirement.specifier)
    pinned = {}
    for line in (lock.ROOT / "constraints.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            requirement = Requirement(line)
            pinned[canonicalize_name(requirement.name)] = str(requirement.specifier)
    asked = {canonicalize_name(Requirement(line).name) for line in lock.wanted()}
    assert asked <= locked.keys()
    assert not {"torch", "sentence-transformers"} & locked.keys()
    # what another platform needs besides is not installed here, and stands in no constraint
    assert {n: s for n, s in locked.items() if pinned.get(n, s) != s} == {}
    assert "://" not in file
