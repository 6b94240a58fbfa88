"""The files that make a project citable and installable say the same and name what exists."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
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


# The recipes for contributors name files that are yet to be written; a test of their own follows them.
DOCS = [ROOT / "README.md", *sorted(set((ROOT / "docs").glob("*.md")) - {ROOT / "docs" / "contributing.md"})]


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_documentation_names_what_exists(path: Path):
    """Each path and dotted name of `sdm` in backticks is a file, or a name defined in a module."""
    text = path.read_text(encoding="utf-8")
    absent = [name for name in re.findall(r"`(sdm/[\w/.]+)`", text) if not (ROOT / name).exists()]
    for name in re.findall(r"`(sdm\.[\w.]+)[`(]", text):
        owner, _, member = name.rpartition(".")
        sources = [ROOT / f"{owner.replace('.', '/')}{end}" for end in (".py", "/__init__.py")]
        module = ROOT / name.replace(".", "/")
        defined = any(re.search(rf"\b{member}\b", source.read_text()) for source in sources if source.is_file())
        if not (module.with_suffix(".py").is_file() or module.is_dir() or defined):
            absent.append(name)
    assert not absent
