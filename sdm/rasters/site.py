"""One site, from its files to labelled samples: rasters opened, polygons read, duplicates dropped, all counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np
from pyproj import Transformer

from sdm.errors import DataError
from sdm.jobs import Report
from sdm.rasters.duplicates import CoarseBands, coarse_bands, equal_rows, resampled
from sdm.rasters.layers import open_layers
from sdm.rasters.pixels import PixelFinder
from sdm.rasters.polygons import Polygons, read_polygons
from sdm.rasters.positions import in_metres, sample_area
from sdm.rasters.raster_reader import Files
from sdm.rasters.report import PolygonReport, SiteReport
from sdm.rasters.samples import Samples, image_samples, pixel_samples
from sdm.rasters.sources import ImportOptions, SiteFiles
from sdm.rasters.stack import RasterStack

ReadCode = Callable[[str], tuple[str, str]]


@dataclass(frozen=True)
class SiteSamples:
    """A site's samples with their class `name`, `steps` of lime richness ("" where not mapped) and place.

    `x`, `y`: centre in the raster's reference system, `lon`, `lat` in degrees, `metres` on a plane. `layers`: the
    rasters of each input, `bands` what their bands are called. `failed`: mapper -> why not used.
    """

    site: SiteFiles
    samples: Samples
    name: np.ndarray
    steps: np.ndarray
    x: np.ndarray
    y: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    metres: tuple[np.ndarray, np.ndarray]
    area_m2: float
    layers: tuple[Files, ...]
    bands: tuple[tuple[str, ...], ...]
    mappings: dict[str, Polygons]
    report: SiteReport
    failed: dict[str, str]


def site_samples(
    site: SiteFiles,
    bands: Sequence[tuple[str, ...] | None],
    options: ImportOptions,
    read_code: ReadCode,
    report: Report,
) -> SiteSamples:
    """The samples of `site`; `bands` names those wanted of each layer, None for all.

    DataError where its rasters or its first mapper's polygons cannot be used; of other mappers it is noted.
    """
    with ExitStack() as opened:
        stacks, names, notes = open_layers(site, bands, options, opened)
        grid = stacks[0]
        mappings, failed = _mappings(site, grid, read_code)
        first = next(iter(mappings.values()))
        geometries, overlaps = first.on_grid(grid.transform)
        metres = sample_area(grid, 1) ** 0.5
        coarse = coarse_bands(grid.names, metres) if options.image is None else CoarseBands((), 1)
        if options.image is None:
            samples, found = pixel_samples(stacks, PixelFinder(geometries, overlaps), coarse, report, site.name)
        else:
            sides = options.image, options.stride or options.image
            samples, found = image_samples(stacks, geometries, sides, report, site.name)
        samples, equal, pieces = _without_duplicates(samples, first, coarse, options)
        side = options.image or 1
        name, steps = _labels(first, samples)
        x, y = grid.transform * (samples.column + side / 2, samples.row + side / 2)
        lon, lat = Transformer.from_crs(grid.crs, 4326, always_xy=True).transform(x, y)
        return SiteSamples(
            site, samples, name, steps, x, y, lon, lat,
            in_metres(grid, x, y, lon, lat), sample_area(grid, side),
            tuple((stack.files, stack.bands) for stack in stacks), names, mappings,
            SiteReport(
                site.name, names[0], tuple(_polygon_report(name, each) for name, each in mappings.items()),
                found.inside, found.border, found.overlap, found.missing, equal, pieces, len(samples), notes,
            ),
            failed,
        )  # fmt: skip


def _mappings(
    site: SiteFiles, grid: RasterStack, read_code: ReadCode
) -> tuple[dict[str, Polygons], dict[str, str]]:
    """Mapper -> polygons, and mapper -> why not; DataError where the first has none that can be used."""
    mappings: dict[str, Polygons] = {}
    failed: dict[str, str] = {}
    for number, (mapper, path) in enumerate(site.polygons.items()):
        try:
            polygons = read_polygons(path, [site.code, *([site.lime] if site.lime else [])], grid, read_code)
            if not len(polygons.table):
                left_out = ", ".join(f"{reason}: {count}" for reason, count in polygons.left_out.items())
                raise DataError("no polygon can be used", where=path, got=left_out)
            mappings[mapper] = polygons
        except DataError as problem:
            if number == 0:
                raise
            failed[f"{site.name}, {mapper}"] = str(problem)
    if not mappings:
        raise DataError("there are no polygons", where=site.name)
    return mappings, failed


def _without_duplicates(
    samples: Samples, polygons: Polygons, coarse: CoarseBands, options: ImportOptions
) -> tuple[Samples, int, int]:
    """Samples of which none repeats another of its class, where that is asked for; how many were equal, how many
    pieces of one."""
    if not options.drop_duplicates:
        return samples, 0, 0
    _, label = np.unique(polygons.table["code"].to_numpy(str), return_inverse=True)
    repeated = equal_rows(samples.digest, label[samples.polygon])
    samples = samples.take(~repeated)
    pieces = resampled(
        samples.row, samples.column, label[samples.polygon], samples.coarse, coarse.factor, options.tolerance
    )
    return samples.take(~pieces), int(repeated.sum()), int(pieces.sum())


def _labels(polygons: Polygons, samples: Samples) -> tuple[np.ndarray, np.ndarray]:
    """The code of each sample's polygon, and its steps of lime richness, "" where the file has none."""
    table = polygons.table if "lime" in polygons.table else polygons.table.assign(lime="")
    code, steps = (table[column].to_numpy(object)[samples.polygon] for column in ("code", "lime"))
    return code, steps


def _polygon_report(mapper: str, polygons: Polygons) -> PolygonReport:
    return PolygonReport(
        mapper, polygons.read, len(polygons.table), polygons.left_out, polygons.unread, polygons.repaired
    )
