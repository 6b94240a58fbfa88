"""Imagery of the virtual Europe: Sentinel-2 patches and Landsat cubes of places."""

from sdm.virtual_europe.imagery.landsat import landsat_cubes
from sdm.virtual_europe.imagery.patch import render_patches

__all__ = ["landsat_cubes", "render_patches"]
