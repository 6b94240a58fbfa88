"""Writes the simulated coast as the files an ecologist would have: rasters, polygons, points and photographs."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd

from sdm.data import simulations
from sdm.files import write_json
from sdm.geo.random_fields import blocks
from sdm.jobs import Cancelled, Report, no_report
from sdm.modalities.raster_bands import RADAR_BANDS, SENTINEL2_BANDS
from sdm.virtual_coast import aerial
from sdm.virtual_coast.geotiff import write_picture, write_raster
from sdm.virtual_coast.land import Land, canopy_height, make_land
from sdm.virtual_coast.mappers import mapped
from sdm.virtual_coast.parameters import (
    COAST,
    MAPPERS,
    SITES,
    UNMAPPED,
    VERSION,
    Coast,
    Site,
    ground_types,
)
from sdm.virtual_coast.photographs import photograph
from sdm.virtual_coast.points import consensus_points
from sdm.virtual_coast.sentinel import fractions, sentinel1, sentinel2

NAME = simulations.COAST.raw
DESCRIPTION = "coast.json"
POINTS = "consensus-points.csv"
COVERS = "true-covers.csv"
TRUTH = ("cover", "stand", "lime x 100")  # cover: a number of COVERS
_PHOTOS_AT_ONCE = 26


def write_coast(out: Path, seed: int = 0, report: Report = no_report, coast: Coast = COAST) -> list[Land]:
    """Write the files into the new folder `out`. Returns the lands.

    Per site, in lower case: `SITE-sentinel2.tif`, `-sentinel1.tif`, `-terrain.tif`, `-orthophoto.tif`,
    `-mapper-N.gpkg`, `-truth.tif` (bands TRUTH); at the first site `-drone.tif`; besides `consensus-points.csv`,
    `photos/`, `true-covers.csv` and `coast.json`.
    """
    out.mkdir(parents=True)
    points_in_all = sum(min(kind.points, coast.most_points) for kind in ground_types())
    steps = len(SITES) * (1 + len(STAGES)) + -(-points_in_all // _PHOTOS_AT_ONCE)
    done, lock, unwanted = itertools.count(), threading.Lock(), threading.Event()

    def step(what: str) -> None:
        if unwanted.is_set():
            raise Cancelled
        with lock:
            report(next(done), steps, what)

    with ThreadPoolExecutor(len(SITES)) as threads:  # numpy works in both at once
        try:
            lands = list(threads.map(lambda site: _write_site(site, out, seed, coast, step), SITES))
        except BaseException:  # Ctrl-C reaches this thread alone
            unwanted.set()
            raise
    points = consensus_points(lands)
    points.to_csv(out / POINTS, index=False)
    _write_photographs(points, out, seed, coast, step)
    _write_covers(out / COVERS)
    _describe(out / DESCRIPTION, seed, coast)
    return lands


def _write_site(site: Site, out: Path, seed: int, coast: Coast, step: Callable[[str], None]) -> Land:
    step(f"{site.name}: landscape")
    land = make_land(site, seed, coast)
    for what, write in STAGES.items():
        step(f"{site.name}: {what}")
        write(land, out)
    return land


def _write_photographs(
    points: pd.DataFrame, out: Path, seed: int, coast: Coast, step: Callable[[str], None]
) -> None:
    """Some at a time, so that the work can be stopped in between."""
    (out / "photos").mkdir()
    kinds = {kind.code: kind for kind in ground_types()}
    rows = points[["point_id", "code", "photo"]].to_numpy().tolist()

    def write(row: tuple[int, str, str]) -> None:
        number, code, photo = row
        (out / photo).write_bytes(photograph(kinds[code], number, seed, coast.photo_size))

    with ThreadPoolExecutor(2) as threads:
        for start in range(0, len(rows), _PHOTOS_AT_ONCE):
            step("ground photographs")
            list(threads.map(write, rows[start : start + _PHOTOS_AT_ONCE]))


def _write_satellites(land: Land, out: Path) -> None:
    """Sentinel-2, Sentinel-1, elevation with canopy, all on one grid; the true cover on its own."""
    name, crs, coast = land.site.name.lower(), land.site.crs, land.coast
    grid, parts = land.transform(coast.pixel_m), fractions(land)
    write_raster(out / f"{name}-sentinel2.tif", sentinel2(land, parts), grid, crs, SENTINEL2_BANDS, 0)
    write_raster(out / f"{name}-sentinel1.tif", sentinel1(land, parts), grid, crs, RADAR_BANDS)
    height = blocks(land.relief.elevation, coast.pixel_m // coast.cell_m).astype(np.float32)
    terrain = np.round(np.stack([height, canopy_height(land)]), 2)
    write_raster(out / f"{name}-terrain.tif", terrain, grid, crs, ("elevation", "canopy"))
    lime = np.rint(100 * land.relief.lime)
    truth = np.stack([land.mosaic.cover, land.mosaic.stand, lime]).astype(np.uint16)
    write_raster(out / f"{name}-truth.tif", truth, land.transform(coast.cell_m), crs, TRUTH)


def _write_orthophoto(land: Land, out: Path) -> None:
    window = aerial.orthophoto_window(land)
    grid = window.transform(land.site, land.coast.pixel_m)
    image = aerial.orthophoto(land, window)
    write_picture(out / f"{land.site.name.lower()}-orthophoto.tif", image, grid, land.site.crs)


def _write_drone(land: Land, out: Path) -> None:
    """Flown at the first site only."""
    if land.site != SITES[0]:
        return
    window = aerial.drone_window(land)
    grid = window.transform(land.site, land.coast.pixel_m)
    path = out / f"{land.site.name.lower()}-drone.tif"
    write_raster(path, aerial.drone_image(land, window), grid, land.site.crs, aerial.DRONE_NAMES)


def _write_polygons(land: Land, out: Path) -> None:
    for number in range(1, land.site.mappers + 1):
        path = out / f"{land.site.name.lower()}-mapper-{number}.gpkg"
        mapped(land, number).to_file(path, driver="GPKG", layer="polygons")


STAGES: dict[str, Callable[[Land, Path], None]] = {
    "satellites": _write_satellites, "orthophoto": _write_orthophoto, "drone": _write_drone,
    "polygons": _write_polygons,
}  # fmt: skip


def _write_covers(path: Path) -> None:
    """What the numbers of the true cover mean."""
    codes = [*UNMAPPED, *(kind.code for kind in ground_types())]
    pd.DataFrame({"cover": range(len(codes)), "code": codes}).to_csv(path, index=False)


def _describe(path: Path, seed: int, coast: Coast) -> None:
    """Everything the coast was made from."""
    write_json(path, {
        "version": VERSION, "simulated": True, "seed": seed, "coast": asdict(coast),
        "sites": [asdict(site) for site in SITES], "mappers": [asdict(mapper) for mapper in MAPPERS],
    })  # fmt: skip
