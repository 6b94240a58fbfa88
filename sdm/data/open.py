"""One door to every data set on disk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sdm.data.dataset import Dataset
from sdm.data.find_tree import find_tree
from sdm.data.store import MANIFEST, default_store, list_tree, open_store
from sdm.data.store.write import fresh
from sdm.data.tree import open_tree


def open_dataset(path: Path) -> Dataset:
    """The data set at `path`: a packed store, or a tree, whose store is used where one is fresh.

    A tree may begin up to two folders below `path`. DataError where it is neither.
    """
    if (path / MANIFEST).exists():
        return open_store(path)
    root = find_tree(path).root
    store = default_store(root)
    if (store / MANIFEST).exists() and fresh(store, list_tree(root)):
        return replace(open_store(store), place=root)
    return open_tree(root)
