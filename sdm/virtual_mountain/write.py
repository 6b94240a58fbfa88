"""Writes the simulated mountain as files like its source: a labelled export, tiles of an unseen site, truth."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np

from sdm.data import simulations
from sdm.files import write_json
from sdm.jobs import Report, no_report
from sdm.virtual_coast.geotiff import write_raster
from sdm.virtual_mountain.exports import Rows, image_rows, labelled_table, lon_lat, raw_table, write_csv
from sdm.virtual_mountain.land import Land, make_land
from sdm.virtual_mountain.parameters import (
    LABELLED,
    MOUNTAIN,
    OPEN,
    SITES,
    UNSEEN,
    VERSION,
    Acquisition,
    Mountain,
    Site,
    acquisitions,
    covers,
)
from sdm.virtual_mountain.points import labelled_pixels
from sdm.virtual_mountain.scenes import make_scene

NAME = simulations.MOUNTAIN.raw
DESCRIPTION = "mountain.json"
LABELLED_FILE = f"{LABELLED.name}.csv.gz"
TRUTH = ("class", "stand", "elevation")  # class: 0 for `open`, then 1 to 5 in the order of `classes()`
Step = Callable[[str], None]


def tile_file(row: int, column: int) -> str:
    """Name of a tile of the unseen site."""
    return f"{UNSEEN.name}_patch_{row}_{column}.csv.gz"


def truth_file(site: Site) -> str:
    """Name of the raster of what is true of the site."""
    return f"{site.name}_truth.tif"


def write_mountain(out: Path, seed: int = 0, report: Report = no_report, mountain: Mountain = MOUNTAIN) -> None:
    """Write the files into the new folder `out`.

    A labelled export, tiles of an unseen site, per site a raster with bands TRUTH, and `mountain.json`.
    """
    out.mkdir(parents=True)
    done, images = itertools.count(), sum(len(acquisitions(site.name)) for site in SITES)
    steps = len(SITES) + images + 1 + mountain.tiles**2

    def step(what: str) -> None:
        report(next(done), steps, what)

    _write_labelled(out, seed, mountain, step)
    _write_unseen(out, seed, mountain, step)
    write_json(out / DESCRIPTION, {
        "version": VERSION, "simulated": True, "seed": seed, "mountain": asdict(mountain),
        "sites": [asdict(site) for site in SITES], "covers": [asdict(cover) for cover in covers()],
    })  # fmt: skip


def _write_labelled(out: Path, seed: int, mountain: Mountain, step: Step) -> None:
    step(f"{LABELLED.name}: landscape")
    land = make_land(LABELLED, mountain.side, seed, mountain)
    pixels, label = labelled_pixels(land)
    parts = list(_exported(land, pixels, step))
    step(f"{LABELLED.name}: files")
    names = np.array([cover.name for cover in covers()])
    write_csv(labelled_table(parts, *lon_lat(land, pixels), names[label]), out / LABELLED_FILE)
    _write_truth(land, out)


def _write_unseen(out: Path, seed: int, mountain: Mountain, step: Step) -> None:
    step(f"{UNSEEN.name}: landscape")
    side = mountain.tile * mountain.tiles
    land = make_land(UNSEEN, side, seed, mountain)
    lattice = np.arange(side * side).reshape(side, side)
    images = [make_scene(land, image) for image in _stepped(land, step)]
    for row, column in itertools.product(range(mountain.tiles), repeat=2):
        step(f"{UNSEEN.name}: files")
        top, left = row * mountain.tile, column * mountain.tile
        pixels = lattice[top : top + mountain.tile, left : left + mountain.tile].ravel()
        parts = [part for scene in images for part in image_rows(land, scene, pixels)]
        table = raw_table(parts, *lon_lat(land, pixels), f"{row}_{column}")
        write_csv(table, out / tile_file(row, column))
    _write_truth(land, out)


def _stepped(land: Land, step: Step) -> Iterator[Acquisition]:
    for image in acquisitions(land.site.name):
        step(f"{land.site.name}: images")
        yield image


def _exported(land: Land, pixels: np.ndarray, step: Step) -> Iterator[Rows]:
    for image in _stepped(land, step):
        yield from image_rows(land, make_scene(land, image), pixels)


def _write_truth(land: Land, out: Path) -> None:
    names = [cover.name for cover in covers()]
    number = np.array([0 if name == OPEN else i for i, name in enumerate(names, start=1)], np.uint16)
    truth = np.stack([number[land.cover], land.stand, np.rint(land.height)]).astype(np.uint16)
    write_raster(out / truth_file(land.site), truth, land.transform, land.mountain.crs, TRUTH)
