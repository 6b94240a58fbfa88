"""The small tree, written once for tests that do not change it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sdm.data.dataset import Dataset
from sdm.data.store import write as writing
from sdm.data.tree import open_tree
from tests.data.trees import write_tree


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small real-format tree; do not change it."""
    return write_tree(tmp_path_factory.mktemp("trees") / "small")


@pytest.fixture(scope="session")
def dataset(tree: Path) -> Dataset:
    """The small tree, opened."""
    return open_tree(tree)


@pytest.fixture
def own_tree(tree: Path, tmp_path: Path) -> Path:
    """A copy of the small tree, to be damaged at will."""
    return shutil.copytree(tree, tmp_path / "own")


@pytest.fixture
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several shards and blocks even for a few surveys."""
    monkeypatch.setattr(writing, "SHARD_BYTES", 3 * 32768)
    monkeypatch.setattr(writing, "BLOCK_BYTES", 32768)
