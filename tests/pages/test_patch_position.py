"""A picture of another place is named as such in the dossier."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.data import trees
from tests.pages.screen import Open


@pytest.mark.parametrize("view", ["overview", "patch"])
def test_a_patch_of_another_place_says_so(opened: Open, tmp_path: Path, view: str) -> None:
    tree = trees.write_tree(tmp_path / "moved")
    trees.write_patch(tree / "SatelitePatches/PA-train/1/1.tiff", trees.patch(1), 10.033, 48.71)
    moved, right = (opened(tree, survey=survey, view=view) for survey in ("PA-train/1", "PA-train/642"))
    assert not moved.exception and not right.exception
    (warning,) = moved.warning
    assert "935 km" in warning.value
    assert not right.warning
