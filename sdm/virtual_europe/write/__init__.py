"""Writes a virtual Europe as a GeoLifeCLEF tree, names and quirks included."""

from sdm.virtual_europe.write.tree import EDITION, SIZES, WORLD_VERSION, Size, write_tree

__all__ = ["EDITION", "SIZES", "WORLD_VERSION", "Size", "write_tree"]
