"""The studies of ecosystem types: every step can be trained, on data that the coast has or that is made for it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks.ecosystem import MADE, RAW, STUDIES, Step, make
from sdm.cli.train import train_command
from sdm.models.registry import spec_of
from sdm.virtual_coast.make import DATASETS

STEPS = [step for steps in STUDIES.values() for step in steps]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.says)
def test_steps_can_be_trained(step: Step) -> None:
    assert step.data in {*MADE, *(dataset.name for dataset in DATASETS)}
    assert set(step.schemes) <= {"random", "polygon", "block", "site", "main_type", "point"}
    spec_of(step.model)
    train_command.make_context("train", [step.model, "--data", ".", *step.options])


def test_steps_have_a_name_of_their_own() -> None:
    alike = {(step.says, step.data): (step.model, step.options) for step in STEPS}
    assert all(alike[step.says, step.data] == (step.model, step.options) for step in STEPS)


def test_data_of_the_coast_is_taken_as_it_is(tmp_path: Path) -> None:
    assert make(f"{RAW}-types", tmp_path, tmp_path / "out") == tmp_path / f"{RAW}-types"


def test_pictures_of_the_document_are_there() -> None:
    docs = Path(__file__).parents[2] / "docs"
    shown = re.findall(r"\((ecosystem/[a-z-]+\.png)\)", (docs / "ecosystem-types.md").read_text(encoding="utf-8"))
    assert len(shown) > 5 and all((docs / name).is_file() for name in shown)
    assert sum((docs / name).stat().st_size for name in shown) < 600_000
