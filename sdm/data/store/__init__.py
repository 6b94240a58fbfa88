"""The packed store: a data set as a few memory-mapped files with checksums, instead of very many small ones."""

from sdm.data.store.listing import default_store, list_tree
from sdm.data.store.manifest import MANIFEST
from sdm.data.store.read import open_store
from sdm.data.store.write import pack, write_store

__all__ = ["MANIFEST", "default_store", "list_tree", "open_store", "pack", "write_store"]
