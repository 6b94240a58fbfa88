"""The whole patch of the 2024 edition: 128 pixels, whose middle is `patch`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from sdm.data.store import open_store, write_store
from sdm.data.tree import open_tree
from sdm.formats.jpeg import STORED
from sdm.modalities import PATCH, WIDE_PATCH, of_edition
from sdm.models.preparation import LEVELS, prepare_inputs
from sdm.models.statistics import Statistics
from tests.data import trees_2024
from tests.data.trees_2024 import patch_paths

EVERY = np.arange(5)
NOTHING = Statistics({}, {}, (), ())


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree whose first picture is brighter towards the east."""
    root = trees_2024.write_tree(tmp_path / "glc24")
    ramp = np.broadcast_to(np.arange(128, dtype=np.uint8), (128, 128))
    Image.fromarray(ramp).save(patch_paths(root, "PA-train", 212)[1], quality=100)
    return root


def test_it_is_of_2024_alone() -> None:
    assert WIDE_PATCH.name in of_edition(2024) and WIDE_PATCH.name not in of_edition(2025)
    assert WIDE_PATCH.shape == (4, 128, 128) and WIDE_PATCH.channels == PATCH.channels


def test_its_middle_is_the_patch(tree: Path, tmp_path: Path) -> None:
    data = open_tree(tree)
    wide = data.reader.read("wide_patch", EVERY)
    assert wide.shape == (5, 4, 128, 128) and data.available("wide_patch").all()
    np.testing.assert_array_equal(wide[:, :, 32:96, 32:96], data.reader.read("patch", EVERY))
    assert wide[0, 3, 64, 127] > wide[0, 3, 64, 95] > wide[0, 3, 64, 0]  # what lies outside the middle is its own
    write_store(data, tmp_path / "store")
    np.testing.assert_array_equal(open_store(tmp_path / "store").reader.read("wide_patch", EVERY), wide)


def test_the_preparation_gives_back_the_picture() -> None:
    """8-bit levels, read as reflectance and prepared, are those levels again; the darkest are not told apart."""
    level = np.arange(256)
    stored = np.resize(STORED, (1, *WIDE_PATCH.shape)).astype(np.float32)
    batch = prepare_inputs({"wide_patch": stored}, {"wide_patch": "gamma"}, NOTHING)
    found = LEVELS * batch["wide_patch"].numpy().ravel()[:256]
    np.testing.assert_allclose(found[10:], level[10:], atol=1e-3)
    assert np.abs(found - level).max() <= 4  # 0 to 4 are all a reflectance of 0
