"""The validation measures what it says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sdm.errors import DataError
from sdm.virtual_europe.validate import REAL, compare, main, to_text, validate


@pytest.mark.parametrize(("factor", "within"), [(1.0, True), (1.24, True), (1.26, False), (np.nan, False)])
def test_within_the_tolerance(factor: float, within: bool) -> None:
    name = "species per PA survey, mean"
    table = compare({name: REAL[name][0] * factor})
    assert table["figure"].tolist() == [name] and table["within"].tolist() == [within]
    assert ("OFF" in to_text(table)) is not within


def test_tiny_tree_is_validated_on_every_figure(tiny_tree: Path) -> None:
    table = validate(tiny_tree).set_index("figure")
    assert list(table.index) == list(REAL)
    assert table.loc["climate tas, mean", "within"]


def test_main(tiny_tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert main([str(tiny_tree)]) in (0, 1)
    assert "species per PA survey" in capsys.readouterr().out


def test_only_simulated_trees_are_validated(real_tree: Path) -> None:
    with pytest.raises(DataError, match="not a simulated tree"):
        validate(real_tree)
