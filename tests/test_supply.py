"""What this project stands on: locked with hashes, above known holes, under licences that allow its use."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.licences import ROOT, RUNTIME, TESTS, identifiers, installed, licence, requirements

LOCK = ROOT / ".ci" / "requirements.lock"
FIXED = {
    "geopandas": ("1.1.2", "CVE-2025-69662, SQL injection by to_postgis"),
    "pillow": ("13.0.0", "CVE-2026-112403, heap overflow in the decoder of JPEG"),
    "protobuf": ("6.33.5", "CVE-2026-0994, endless recursion"),
    "pyarrow": ("23.0.1", "CVE-2026-25087, use after free on reading IPC files"),
    "scikit-learn": ("1.5.0", "CVE-2024-5206, words of the training data in a vectorizer"),
    "streamlit": ("1.54.0", "CVE-2026-33682, paths of other hosts on Windows"),
    "torch": ("2.6.0", "CVE-2025-32434, code run by torch.load with weights_only"),
    "tqdm": ("4.66.3", "CVE-2024-34062, code run by arguments"),
}
"""Package -> first version without its last known hole, and that hole."""
ALLOWED = frozenset((
    "0BSD", "Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC0-1.0", "HPND", "ISC",
    "LLVM-exception", "MIT", "MIT-CMU", "MPL-2.0", "PSF-2.0", "Unlicense", "Zlib", "DFSG approved",
))  # fmt: skip
"""Free to use, change and pass on, in programs under any licence; changes of files under MPL-2.0 stay under it."""
UNSTATED = {
    "atheris": "Apache-2.0",  # its file LICENSE
    "axe-playwright-python": "MIT",  # its file LICENSE
    "streamlit-folium": "MIT",  # LICENSE of its repository, github.com/randyzwitch/streamlit-folium
}
"""Packages whose metadata name no licence."""


def locked() -> dict[str, list[tuple[Requirement, int]]]:
    """Package -> its pins, one for each range of Pythons or systems, with the number of hashes."""
    pins: dict[str, list[tuple[Requirement, int]]] = {}
    plain = re.sub(r"^#.*\n", "", LOCK.read_text(), flags=re.MULTILINE)
    for block in re.split(r"\n(?=[a-z])", plain.strip()):
        line, *hashes = block.split(" \\\n")
        assert all(re.fullmatch(r"\s*--hash=sha256:[0-9a-f]{64}", one) for one in hashes), line
        pin = Requirement(line)
        pins.setdefault(canonicalize_name(pin.name), []).append((pin, len(hashes)))
    return pins


def version(pin: Requirement) -> Version:
    (only,) = pin.specifier
    assert only.operator == "==" and not only.version.endswith("*"), pin
    return Version(only.version)


def test_every_pin_is_exact_and_hashed() -> None:
    pins = [pin for pins in locked().values() for pin in pins]
    assert len(pins) > 80
    assert not [str(pin) for pin, hashes in pins if not version(pin) or not hashes]


def test_the_lock_names_no_server() -> None:
    assert not re.search(r"https?:|--(extra-)?index|--find-links|@ ", LOCK.read_text())


def test_the_lock_satisfies_what_is_required() -> None:
    pins = locked()
    for need in requirements(RUNTIME, TESTS):
        chosen = [version(pin) for pin, _ in pins[canonicalize_name(need.name)]]
        assert all(need.specifier.contains(one, prereleases=True) for one in chosen), f"{need}: run `make lock`"


def test_the_lock_holds_what_is_installed_with_it() -> None:
    absent = [name for name in installed(RUNTIME, TESTS) if name not in locked()]
    assert not absent, "run `make lock`"


@pytest.mark.parametrize("name", FIXED)
def test_floors_are_above_known_holes(name: str) -> None:
    (need,) = [one for one in requirements(RUNTIME) if canonicalize_name(one.name) == name]
    (floor,) = [Version(one.version) for one in need.specifier if one.operator in (">=", "==")]
    assert floor >= Version(FIXED[name][0]), FIXED[name][1]


def test_the_licence_of_every_dependency_is_allowed() -> None:
    packages = installed(RUNTIME, TESTS)
    stated = {name: licence(package) or UNSTATED.get(name, "") for name, package in packages.items()}
    assert len(stated) > 80
    assert not {name: text for name, text in stated.items() if not set(identifiers(text)) <= ALLOWED or not text}


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ([], 2),
        ([{"name": "a", "skip_reason": "not found"}], 2),
        ([{"name": "a", "version": "1", "vulns": []}], 0),
        ([{"name": "a", "version": "1", "vulns": []}, {"name": "b", "skip_reason": "not found"}], 2),
        ([{"name": "a", "version": "1", "vulns": [{"id": "X-1", "fix_versions": ["2"]}]}], 1),
    ],
)
def test_an_audit_that_looked_up_nothing_is_none(entries: list[dict[str, object]], code: int) -> None:
    spec = importlib.util.spec_from_file_location("audit", ROOT / ".ci" / "audit.py")
    assert spec is not None and spec.loader is not None
    audit = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(audit)
    said, lines = audit.verdict(entries)
    assert said == code and lines
    assert ("X-1" in lines[0]) == (code == 1)


@pytest.mark.parametrize("pip_audit", [shutil.which("false") or "false", "no/such/pip-audit"])
def test_the_command_that_could_not_audit_says_so(pip_audit: str) -> None:
    ended = subprocess.run(
        [sys.executable, ROOT / ".ci" / "audit.py", pip_audit], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 2
    assert "NOT AUDITED" in ended.stdout and "Traceback" not in ended.stderr


def test_tools_stand_apart() -> None:
    """What locks and audits is not among what it locks."""
    tools = [one.name for one in requirements(Path(ROOT / ".ci" / "tools.txt"))]
    assert tools and not set(tools) & locked().keys()
