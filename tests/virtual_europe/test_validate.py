"""The validation measures what it says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sdm.analysis.simulation_check import statement_table
from sdm.errors import DataError
from sdm.virtual_europe.validate import REAL, file_statements, validate_files


@pytest.mark.parametrize(("factor", "within"), [(1.0, True), (1.24, True), (1.26, False), (np.nan, False)])
def test_within_the_tolerance(factor: float, within: bool) -> None:
    name = "species per PA survey, mean"
    table = statement_table(file_statements({name: REAL[name][0] * factor}))
    assert table["statement"].tolist() == [name] and table["within"].tolist() == [within]


def test_tiny_tree_is_validated_on_every_figure(tiny_tree: Path) -> None:
    table = validate_files(tiny_tree).set_index("statement")
    assert list(table.index) == list(REAL)
    assert table.loc["climate tas, mean", "within"]


def test_only_simulated_trees_are_validated(real_tree: Path) -> None:
    with pytest.raises(DataError, match="not a simulated tree"):
        validate_files(real_tree)
