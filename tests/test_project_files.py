"""The files that make a project citable and installable say the same and name what exists."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_citation_has_the_required_keys_and_the_version_of_the_package():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= citation.keys()
    assert citation["authors"] == [{"name": "the contributors"}]
    assert citation["version"] == PROJECT["project"]["version"]
    assert citation["license"] == PROJECT["project"]["license"]


def test_the_notice_names_files_that_exist():
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    names = re.findall(r"\bsdm/[\w/.{},]*\w", notice)
    paths = [
        f"{head}{member}{tail}"
        for name in names
        for head, group, tail in [re.fullmatch(r"([^{]*)(?:\{(.*)\})?(.*)", name).groups()]
        for member in (group or "").split(",")
    ]
    assert len(paths) > 10
    assert not [path for path in paths if not (ROOT / path).exists()]


def test_files_that_are_no_code_are_installed():
    patterns = PROJECT["tool"]["setuptools"]["package-data"]["*"]
    endings = {Path(pattern).suffix for pattern in patterns}
    others = {p.suffix for p in (ROOT / "sdm").rglob("*") if p.is_file() and "__pycache__" not in p.parts}
    assert others - {".py", ""} <= endings
