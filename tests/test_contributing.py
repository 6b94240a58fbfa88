"""The recipes of docs/contributing.md, followed word by word in a copy of the project."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sdm.data.tree import open_tree

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "contributing.md").read_text(encoding="utf-8")
LEFT_OUT = {"data", "static", "runs", "build", "screenshots", ".git", ".venv"}  # of the top folder
BLOCK = re.compile(r"^`([\w./]+)`\n\n```(python|diff)\n(.*?)^```", re.MULTILINE | re.DOTALL)
FILES = {"Add a modality": 3, "Add a model": 2, "Add a page": 3}


@dataclass(frozen=True)
class Step:
    """A file of a recipe: its text, or the change (lines marked with "+", "-" or a blank)."""

    path: str
    kind: str
    text: str

    def apply(self, root: Path) -> None:
        """Write or change the file below `root`."""
        target = root / self.path
        if self.kind == "python":
            assert not target.exists(), f"{self.path} is there already"
            target.write_text(self.text, encoding="utf-8")
            return
        lines = self.text.splitlines(keepends=True)
        old, new = ("".join(line[1:] for line in lines if line[0] in f" {sign}") for sign in "-+")
        before = target.read_text(encoding="utf-8")
        assert before.count(old) == 1, f"{self.path} has changed: {old!r}"
        target.write_text(before.replace(old, new), encoding="utf-8")


def recipe(title: str) -> list[Step]:
    """The steps below a heading."""
    section = PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]
    return [Step(*match) for match in BLOCK.findall(section)]


def test_as_many_files_as_promised() -> None:
    assert {title: len({step.path for step in recipe(title)}) for title in FILES} == FILES


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The project without what is built or ignored."""
    root = tmp_path_factory.mktemp("contributing") / "project"

    def left_out(folder: str, names: list[str]) -> set[str]:
        return {name for name in names if name == "__pycache__" or (Path(folder) == ROOT and name in LEFT_OUT)}

    shutil.copytree(ROOT, root, ignore=left_out)
    yield root
    shutil.rmtree(root)


def run(root: Path, *command: str) -> str:
    """What a command of this Python prints, run in `root`; it must succeed."""
    begun = time.perf_counter()
    done = subprocess.run([sys.executable, "-m", *command], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    print(f"{time.perf_counter() - begun:5.0f} s  {' '.join(command)[:90]}")
    return done.stdout


def suite(root: Path, *arguments: str) -> None:
    run(root, "pytest", "-p", "no:cacheprovider", *arguments)


def follow(root: Path, title: str) -> None:
    """Apply a recipe; the linters are content with it."""
    for step in recipe(title):
        step.apply(root)
    paths = [step.path for step in recipe(title)]
    run(root, "ruff", "check", *paths)
    run(root, "ruff", "format", "--check", *paths)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_a_modality(copy: Path, tmp_path: Path) -> None:
    follow(copy, "Add a modality")
    suite(copy, "tests/modalities", "tests/test_layers.py")
    suite(copy, "tests/models/test_contract.py", "-k", "soil_moisture")
    suite(copy, "tests/pages/test_explore.py", "-k", "soil_moisture and 105")
    tree, inputs = tmp_path / "tiny", '{"encoders": ["environment-mlp", "soil_moisture-transformer"]}'
    run(copy, "sdm", "demo", "--size", "tiny", "--out", str(tree))
    survey = str(open_tree(tree).sites["survey_id"][0])
    assert "not simulated" in run(copy, "sdm", "inspect", str(tree), survey)
    write_soil_moisture(tree)
    run(copy, "sdm", "pack", str(tree), "--out", str(tmp_path / "store"))
    for place in (tree, tmp_path / "store"):
        assert re.search(r"PO-train soil_moisture +\d+ of \d+", run(copy, "sdm", "check", str(place)))
        assert re.search(r"soil moisture +valid 100 %", run(copy, "sdm", "inspect", str(place), survey))
    where = ("--data", str(tmp_path / "store"), "--run", str(tmp_path / "run"), "--device", "cpu")
    run(copy, "sdm", "train", "fusion-series", "--model-config", inputs, "--epochs", "1", *where)


def write_soil_moisture(tree: Path) -> None:
    """One table for every survey of all sources."""
    keys = open_tree(tree).sites[["source", "survey_id"]].rename(columns={"survey_id": "surveyId"})
    values = np.random.default_rng(0).uniform(100, 400, (len(keys), 12)).round(1)
    months = pd.DataFrame(values, columns=[f"month{month:02d}" for month in range(1, 13)])
    (tree / "SoilMoisture").mkdir()
    keys.join(months).to_csv(tree / "SoilMoisture" / "soil_moisture_monthly.csv", index=False)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_model(copy: Path) -> None:
    follow(copy, "Add a model")
    suite(copy, "tests/models/test_contract.py", "tests/test_layers.py", "-k", "environment-linear or imports")
    assert "environment-linear" in run(copy, "sdm", "models")


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_page(copy: Path) -> None:
    follow(copy, "Add a page")
    suite(copy, "tests/pages/test_countries.py", "tests/test_layers.py")
    suite(copy, "tests/pages/test_every_page.py", "-k", "countries")
