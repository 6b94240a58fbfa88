"""One door to every data set on disk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sdm.data.dataset import Dataset
from sdm.data.store import MANIFEST, default_store, list_tree, open_store
from sdm.data.store.write import fresh
from sdm.data.tree import open_tree
from sdm.errors import DataError


def open_dataset(path: Path) -> Dataset:
    """The data set at `path`: a packed store, or a tree, whose store is used where one is fresh.

    DataError where it is neither.
    """
    if not path.is_dir():
        raise DataError("no such folder", where=path, remedy="Name a GeoLifeCLEF tree or a packed store.")
    if (path / MANIFEST).exists():
        return open_store(path)
    store = default_store(path)
    if (store / MANIFEST).exists() and fresh(store, list_tree(path)):
        return replace(open_store(store), place=path)
    return open_tree(path)
