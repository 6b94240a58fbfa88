"""The map of a species as tiles: on a ramp, as present from a threshold on, or hatched where it is uncertain."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import rasterio

from sdm.errors import UnknownNameError
from sdm.geo.mercator import TILE_PIXELS, Tile
from sdm.inference.species_map import MAP
from sdm.maps.intensity_ramp import RAMPS, intensity_ramp
from sdm.maps.raster_tiles import RasterTiles
from sdm.rasters.scenes import Layer

OUTERMOST = 0.002  # share of the cells that are beyond the top of the ramp
LEAST_TOP = 1e-6
PRESENT = {"light": (230, 159, 0, 180), "dark": (240, 180, 60, 180)}  # Okabe & Ito (2008)
HATCH = {"light": (28, 39, 35, 170), "dark": (242, 246, 243, 150)}
PERIOD, STROKE = 8, 2  # pixels from one stroke of the hatching to the next; a tile holds whole periods
VALUE: Final = "value"
PRESENCE: Final = "presence"
OUTSIDE: Final = "outside"
LOOKS = (VALUE, PRESENCE, OUTSIDE)


def open_map(folder: Path) -> RasterTiles:
    """The map in `folder`; DataError where it cannot be read."""
    return RasterTiles.build(Layer(MAP, MAP, "", (MAP,), ((1,),)), folder, ("value",))


def draw(tiles: RasterTiles, tile: Tile, look: str, theme: str, threshold: float) -> np.ndarray | None:
    """uint8 (256, 256, 4) by one of LOOKS; None where the tile shows none of the map.

    `threshold`: from which value on the species is present, or a place outside. UnknownNameError for another look.
    """
    if look not in LOOKS or theme not in RAMPS:
        raise UnknownNameError("no such look of a map", expected=", ".join(LOOKS), got=look[:40])
    sampled = tiles.sample(tile, [0])
    if sampled is None:
        return None
    values = sampled[0]
    if look == VALUE:
        return intensity_ramp(values, top_of(tiles), theme)
    drawn = np.zeros((*values.shape, 4), np.uint8)
    beyond = values >= threshold if look == PRESENCE else values > threshold
    drawn[beyond if look == PRESENCE else beyond & _strokes()] = (PRESENT if look == PRESENCE else HATCH)[theme]
    return drawn


def top_of(tiles: RasterTiles) -> float:
    """The upper end of the ramp: all but the highest of the values lie below."""
    known = tiles.overview[np.isfinite(tiles.overview)]
    return max(LEAST_TOP, float(np.quantile(known, 1 - OUTERMOST))) if known.size else 1.0


def tags_of(folder: Path) -> dict[str, str]:
    """What is written beside the values of the map in `folder`."""
    with rasterio.open(folder / MAP, driver="GTiff") as file:
        return {str(name): str(value) for name, value in file.tags().items()}


def value_at(folder: Path, lon: float, lat: float) -> float:
    """The value in the cell at a place; NaN outside the map, and where nothing is known."""
    with rasterio.open(folder / MAP, driver="GTiff") as file:
        (x,), (y,) = rasterio.warp.transform(4326, file.crs, [lon], [lat])
        return float(next(file.sample([(x, y)]))[0])


def _strokes() -> np.ndarray:
    """bool (256, 256): diagonal strokes that go on in the next tile."""
    row, column = np.indices((TILE_PIXELS, TILE_PIXELS))
    return np.asarray((row + column) % PERIOD < STROKE)
