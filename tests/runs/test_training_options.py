"""Training options: one source for command line, docs and run folders."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from sdm.errors import TrainingError
from sdm.models.registry import REGISTRY
from sdm.runs.training_options import OPTIONS, TrainingOptions, recipe

PAGE = Path(__file__).resolve().parents[2] / "docs" / "training.md"


def test_the_page_lists_every_option_with_default_range_and_meaning() -> None:
    rows = [line.strip("| ").split("|") for line in PAGE.read_text().splitlines() if line.startswith("| `--")]
    cells = [[cell.strip() for cell in row] for row in rows]
    expected = [
        [
            f"`{option.flag.replace('/', ' / ')}`",
            {True: "yes", False: "no"}[option.default] if option.kind is bool else str(option.default),
            ", ".join(option.choices) or option.limits,
            option.description,
        ]
        for option in OPTIONS.values()
    ]
    assert cells == expected


@pytest.mark.parametrize("name", REGISTRY)
def test_recipes_are_options_in_range(name: str) -> None:
    assert recipe(name).model == name


def test_examples_are_in_range() -> None:
    for option in OPTIONS.values():
        for value in option.examples:
            assert getattr(recipe("landsat-mlp", **{option.name: value}), option.name) == value


def test_options_are_fields_and_say_what_they_mean() -> None:
    assert set(OPTIONS) < {field.name for field in dataclasses.fields(TrainingOptions)}
    assert all(option.description for option in OPTIONS.values())
    assert OPTIONS["lr"].limits == "above 0 to 10"
    assert OPTIONS["augment"].words(False) == ["--no-augment"]
    assert OPTIONS["batch_size"].words(32) == ["--batch-size", "32"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"lr": 0.0}, "settings: lr is out of range; expected greater than 0; got 0.0"),
        ({"seed": -1}, "settings: seed is out of range; expected greater than or equal to 0; got -1"),
        ({"epochs": 1.5}, "settings: epochs has a wrong value; expected a valid integer; got 1.5"),
        ({"lr": "fast"}, "settings: lr has a wrong value; expected a valid number; got 'fast'"),
    ],
)
def test_errors_name_the_option_what_was_expected_and_what_was_given(
    changes: dict[str, object], message: str
) -> None:
    with pytest.raises(TrainingError) as problem:
        recipe("landsat-mlp", **changes)
    assert str(problem.value) == message
