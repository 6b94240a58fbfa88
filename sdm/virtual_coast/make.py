"""Makes the simulated coast and the data sets that the importers build from its files."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path

from sdm.data import simulations
from sdm.files import new_folders
from sdm.jobs import Cancelled, Report, no_report
from sdm.rasters.build import import_polygons
from sdm.rasters.photos import PhotoOptions, import_photos
from sdm.rasters.sources import ImportOptions, LayerFiles, SiteFiles
from sdm.virtual_coast.parameters import COAST, SITES, VERSION, Coast, Site
from sdm.virtual_coast.write import NAME, POINTS, write_coast

_SATELLITE = LayerFiles((Path("sentinel2"),), "sentinel2", "Sentinel-2")
_RADAR = LayerFiles((Path("sentinel2"), Path("sentinel1")), "sentinel2-radar", "Sentinel-2 and Sentinel-1")
_AERIAL = LayerFiles((Path("orthophoto"),), "orthophoto", "Orthophoto")
_TERRAIN = LayerFiles((Path("terrain"),), "terrain", "Terrain")
_DRONE = LayerFiles((Path("drone"),), "drone", "Drone")
MOST_IMAGES = 90  # of a ground type
CROPS = 1  # of a photograph


Build = Callable[[Path, Path, str, int, Report], object]
"""Writes a data set: folder of the raw files, new folder, title, seed, report."""


@dataclass(frozen=True)
class CoastDataset:
    """A data set made of the coast: folder, title, and the import that writes it from the raw files."""

    name: str
    title: str
    build: Build


def _polygons(layers: tuple[LayerFiles, ...], shown: tuple[LayerFiles, ...], options: ImportOptions) -> Build:
    """The import of the polygons of both sites, with `layers` as inputs and others that are only `shown`."""

    def build(raw: Path, out: Path, title: str, seed: int, report: Report) -> object:
        own = replace(options, title=title, seed=seed, simulated=True, world_version=VERSION)
        return import_polygons([_site_files(raw, site, layers, shown) for site in SITES], out, own, report)

    return build


def _photographs(raw: Path, out: Path, title: str, seed: int, report: Report) -> object:
    sites = tuple(_site_files(raw, site, (), (_SATELLITE,)) for site in SITES)
    options = PhotoOptions(crops=CROPS, title=title, seed=seed, simulated=True, world_version=VERSION, sites=sites)
    return import_photos(raw / POINTS, raw, out, options, report)


_TYPES, _IMAGES, _PHOTOS, _LIME = simulations.COAST.datasets
_TITLE = "Ecosystem types of two simulated coasts"
DATASETS = (
    CoastDataset(_TYPES, _TITLE, _polygons((_SATELLITE, _RADAR), (_TERRAIN,), ImportOptions())),
    CoastDataset(_IMAGES, f"{_TITLE}, from the air",
                 _polygons((_AERIAL,), (_DRONE,), ImportOptions(image=32, most=MOST_IMAGES))),
    CoastDataset(_PHOTOS, f"{_TITLE}, from the ground", _photographs),
    CoastDataset(_LIME, "Lime richness of two simulated coasts",
                 _polygons((_SATELLITE,), (), ImportOptions(target="lime"))),
)  # fmt: skip


def make_coast(out: Path, report: Report = no_report, seed: int = 0, coast: Coast = COAST) -> tuple[Path, ...]:
    """Write the coast and its data sets into the folder `out`, each in a folder of its own; returns those.

    They appear together when all are whole; nothing is left of work that failed or was cancelled by `report`.
    DataError where one of them is there.
    """
    names = (NAME, *(dataset.name for dataset in DATASETS))
    with new_folders(out, *names) as new:
        write_coast(new / NAME, seed, report, coast)
        _build_all(new, seed, report)
    return tuple(out / name for name in names)


def _build_all(new: Path, seed: int, report: Report) -> None:
    """Write the data sets, two at a time; a problem, or a wish to stop, ends the others at their next step."""
    lock, unwanted = threading.Lock(), threading.Event()

    def step(done: int, total: int, what: str) -> None:
        if unwanted.is_set():
            raise Cancelled
        with lock:
            report(done, total, what)

    def build(dataset: CoastDataset) -> None:
        dataset.build(new / NAME, new / dataset.name, dataset.title, seed, step)

    longest_first = sorted(DATASETS, key=lambda dataset: dataset.name != _IMAGES)
    with ThreadPoolExecutor(2) as threads:
        try:
            for done in as_completed([threads.submit(build, dataset) for dataset in longest_first]):
                done.result()
        except BaseException:  # Ctrl-C reaches this thread alone
            unwanted.set()
            raise


def _site_files(raw: Path, site: Site, layers: tuple[LayerFiles, ...], shown: tuple[LayerFiles, ...]) -> SiteFiles:
    """The files of `site` below `raw`, of those to be `shown` the ones that it has; mappers are numbered."""
    stem = site.name.lower()

    def own(layer: LayerFiles) -> LayerFiles:
        return LayerFiles(tuple(raw / f"{stem}-{file}.tif" for file in layer.files), layer.name, layer.title)

    there = tuple(layer for layer in map(own, shown) if all(path.exists() for path in layer.files))
    mappers = {f"mapper {i}": raw / f"{stem}-mapper-{i}.gpkg" for i in range(1, site.mappers + 1)}
    title = f"{site.name} (simulated)"
    return SiteFiles(site.name, tuple(map(own, layers)), mappers, title=title, year=site.year, shown=there)
