"""One tiny tree for all tests of the world."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdm.virtual_europe.write import write_tree


@pytest.fixture(scope="session")
def tiny_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tree of size tiny, seed 0, with its truth beside it."""
    tree = tmp_path_factory.mktemp("world") / "tiny"
    write_tree(tree, "tiny", seed=0, workers=1)
    return tree
