"""Writes a virtual Europe as a GeoLifeCLEF 2025 tree, names and quirks included."""

from sdm.virtual_europe.write.tree import SIZES, WORLD_VERSION, Size, write_tree

__all__ = ["SIZES", "WORLD_VERSION", "Size", "write_tree"]
