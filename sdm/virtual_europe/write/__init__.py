"""Writes a virtual Europe as a GeoLifeCLEF tree, names and quirks included."""

from sdm.virtual_europe.write.tree import EDITION, SIZES, Size, remove_tree, version_in, write_tree

__all__ = ["EDITION", "SIZES", "Size", "remove_tree", "version_in", "write_tree"]
