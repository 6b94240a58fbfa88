"""The licences of everything this project stands on, as the installed packages state them."""

from __future__ import annotations

import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
RUNTIME, TESTS = ROOT / "requirements.txt", ROOT / "tests" / "requirements.txt"
SHORT = {
    "apache software license": "Apache-2.0", "apache 2.0": "Apache-2.0", "apache license 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0", "bsd license": "BSD", "bsd": "BSD", "new bsd": "BSD-3-Clause",
    "3-clause bsd license": "BSD-3-Clause", "bsd 3-clause": "BSD-3-Clause", "bsd-3-clause": "BSD-3-Clause",
    "mit license": "MIT", "mit": "MIT", "isc license (iscl)": "ISC",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "python software foundation license": "PSF-2.0", "historical permission notice and disclaimer (hpnd)": "HPND",
}  # fmt: skip
"""Names in classifiers and free text, in small letters -> SPDX identifiers."""


def requirements(*files: Path) -> list[Requirement]:
    """The requirements in `files`, comments left out."""
    lines = (line.partition("#")[0].strip() for file in files for line in file.read_text().splitlines())
    return [Requirement(line) for line in lines if line]


def installed(*files: Path) -> dict[str, Distribution]:
    """Everything that the requirements in `files` need on this machine, themselves included, by canonical name."""
    known: dict[str, Distribution] = {}
    waiting = [(one.name, tuple(one.extras)) for one in requirements(*files)]
    while waiting:
        name, extras = waiting.pop()
        key = canonicalize_name(name)
        if key in known and not extras:
            continue
        try:
            known[key] = distribution(name)
        except PackageNotFoundError:
            continue  # an optional part that is not there
        for text in known[key].requires or ():
            need = Requirement(text)
            if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in (*extras, "")):
                waiting.append((need.name, tuple(need.extras)))
    return known


def licence(package: Distribution) -> str:
    """Its licence as an SPDX expression where that can be told, else in its own words; "" where it names none."""
    about = package.metadata
    if expression := about.get("License-Expression"):
        return str(expression)
    lines = [line for line in about.get_all("Classifier", []) if line.startswith("License ::")]
    named = [line.rpartition(" :: ")[2] for line in lines]
    short = [SHORT.get(name.lower(), name) for name in named if name != "OSI Approved"]
    first = next(iter((about.get("License") or "").strip().splitlines()), "")
    return " AND ".join(dict.fromkeys(short)) or SHORT.get(first.lower(), first)


def identifiers(expression: str) -> list[str]:
    """The licences of an expression, each alone.

    >>> identifiers("Apache-2.0 AND (MIT OR CNRI-Python)")
    ['Apache-2.0', 'MIT', 'CNRI-Python']
    """
    return [word for word in re.split(r"\s+(?:AND|OR|WITH)\s+|[()]", expression) if word.strip()]
