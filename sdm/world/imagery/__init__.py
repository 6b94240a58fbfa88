"""Imagery of the virtual Europe: Sentinel-2 patches and Landsat cubes of places."""

from sdm.world.imagery.landsat import landsat_cubes
from sdm.world.imagery.patch import render_patches

__all__ = ["landsat_cubes", "render_patches"]
