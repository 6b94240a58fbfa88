"""The packed store: a data set as a few memory-mapped files with checksums, instead of very many small ones."""

from sdm.data.store.listing import default_store, list_tree
from sdm.data.store.manifest import MANIFEST, Manifest, Skipped
from sdm.data.store.read import StoreReader, open_store
from sdm.data.store.write import Packed, pack, write_store

__all__ = [
    "MANIFEST", "Manifest", "Packed", "Skipped", "StoreReader", "default_store", "list_tree", "open_store", "pack",
    "write_store",
]  # fmt: skip
