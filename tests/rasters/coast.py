"""A small coast on disk: two sites of 60 x 60 pixels of 10 m, ten bands, an orthophoto, thirty polygons each."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio
from pyproj import Transformer
from rasterio.transform import from_origin
from shapely import box

from sdm.data.dataset import ArrayReader, Dataset, TargetKind, Targets
from sdm.data.store import write_store
from sdm.geo.mercator import Tile, project
from sdm.modalities.raster_bands import SENTINEL2_BANDS, raster_modality_name
from sdm.rasters.scenes import Layer, Mapping, Scene, write_scenes

SIDE, METRES, FINE = 60, 10.0, 4  # pixels a side, their size, pixels of the orthophoto in one
SITES = {"Landsvik": (32632, 500_000.0, 6_500_000.0), "Vega": (32633, 400_000.0, 7_280_000.0)}
CODES = ("T1-C-2", "T4-C-1", "T4-C-5", "V1-C-1", "V1-C-5")
PIXEL = raster_modality_name("pixel", SENTINEL2_BANDS)
IMAGE = raster_modality_name("image", ("c1", "c2", "c3"), 32)
PHOTO = raster_modality_name("photo", ("R", "G", "B"), 48)
LINE, COLUMN = np.indices((SIDE, SIDE))
POLYGON = 1 + LINE // 10 * 5 + COLUMN // 12  # 6 lines of 5 polygons


def class_of(polygon: np.ndarray, site: str) -> np.ndarray:
    """The column of the class of each polygon; the second site lacks the last class."""
    return polygon % (len(CODES) if site == "Landsvik" else len(CODES) - 1)


def spectra(site: str, seed: int = 0) -> np.ndarray:
    """float32 (10, 60, 60): stored reflectances, apart by class; one corner is missing."""
    random = np.random.default_rng(seed)
    level = 300 * (1 + class_of(POLYGON, site)) + (200 if site == "Vega" else 0)
    rise = np.linspace(1, 3, len(SENTINEL2_BANDS)) ** (1 + class_of(POLYGON, site)[..., None] % 2)
    values = (level[..., None] * rise + random.normal(0, 30, (SIDE, SIDE, len(rise[0, 0])))).astype(np.float32)
    values[:3, :4] = np.nan
    return np.moveaxis(values.round(), -1, 0)


def scenes() -> tuple[Scene, ...]:
    """Both sites, each with its satellite scene, orthophoto and two mappers."""
    return tuple(
        Scene(
            site, site,
            (
                Layer("sentinel2", "Sentinel-2", PIXEL, (f"scenes/{site}-sentinel2.tif",), (tuple(range(1, 11)),)),
                Layer("orthophoto", "Orthophoto", IMAGE, (f"scenes/{site}-orthophoto.tif",), ((1, 2, 3),)),
            ),
            tuple(Mapping(mapper, f"scenes/{site}-{mapper}.gpkg") for mapper in ("A", "B")),
        )
        for site in SITES
    )  # fmt: skip


def write_rasters(folder: Path) -> None:
    """The files of `scenes` below `folder`, and their list."""
    (folder / "scenes").mkdir(parents=True, exist_ok=True)
    for site, (crs, west, north) in SITES.items():
        values = spectra(site)
        _geotiff(folder / f"scenes/{site}-sentinel2.tif", values, crs, from_origin(west, north, METRES, METRES))
        aerial = (
            np.nan_to_num(values[[2, 1, 0]] / 40).repeat(FINE, 1).repeat(FINE, 2).clip(0, 255).astype(np.uint8)
        )
        fine = from_origin(west, north, METRES / FINE, METRES / FINE)
        _geotiff(folder / f"scenes/{site}-orthophoto.tif", aerial, crs, fine, names=("", "", ""))
        for mapper in ("A", "B"):
            _polygons(site, 1 if mapper == "B" else 0).to_file(folder / f"scenes/{site}-{mapper}.gpkg")
    write_scenes(folder, scenes())


def coast(kind: TargetKind = TargetKind.MULTICLASS, step: int = 3) -> Dataset:
    """Every `step`-th pixel of both sites, with an image of the orthophoto and a photograph here and there."""
    parts = [_site(site, step) for site in SITES]
    sites = pd.concat([table for table, _ in parts], ignore_index=True)
    arrays = {name: np.concatenate([values[name] for _, values in parts]) for name in parts[0][1]}
    code = sites.pop("code").to_numpy(np.int64)
    return Dataset(
        name=f"coast-{kind.value}", title="Two small sites (simulated)", sites=sites, targets=_targets(kind, code),
        modalities=tuple(arrays), reader=ArrayReader(arrays), fingerprint=f"coast-{kind.value}-{step}",
        simulated=True,
    )  # fmt: skip


def write_coast(folder: Path, kind: TargetKind = TargetKind.MULTICLASS, step: int = 3) -> Path:
    """`coast` as a store with its scenes."""
    return write_store(coast(kind, step), folder, beside=partial(write_rasters)).place


def _site(site: str, step: int) -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    crs, west, north = SITES[site]
    values = spectra(site)
    line, column = (index[4:-4:step, 4:-4:step].ravel() for index in (LINE, COLUMN))
    x, y = west + METRES * (column + 0.5), north - METRES * (line + 0.5)
    lon, lat = Transformer.from_crs(crs, 4326, always_xy=True).transform(x, y)
    polygon, number = POLYGON[line, column], np.arange(len(line))
    block = np.array(["train", "train", "train", "validation", "test"])[polygon % 5]
    table = pd.DataFrame({
        "source": site, "survey_id": number + (1 if site == "Landsvik" else 10_001), "lon": lon, "lat": lat,
        "year": 2021, "area_m2": METRES**2, "country": "Norway", "region": "", "polygon": polygon, "x": x, "y": y,
        "split_block": block,
        "split_random": np.array(["train", "train", "train", "validation", "test"])[number % 5],
        "split_site": np.where(site == "Landsvik", np.where(number % 10, "train", "validation"), "test"),
        "code": class_of(polygon, site),
    })  # fmt: skip
    pixel = values[:, line, column].T.copy()
    image = np.full((len(line), 3, 32, 32), np.nan, np.float32)
    image[::4] = (pixel[::4, [2, 1, 0], None, None] / 40).clip(0, 255) + np.indices((32, 32))[1] / 4
    image[0, :, :5, :5] = np.nan
    photo = np.full((len(line), 3, 48, 48), np.nan, np.float32)
    photo[::10] = (120 + 3 * (np.indices((48, 48))[0] % 20)).astype(np.float32)
    return table, {PIXEL: pixel, IMAGE: image, PHOTO: photo}


def _targets(kind: TargetKind, code: np.ndarray) -> Targets:
    known = np.ones(len(code), bool)
    if kind is TargetKind.REGRESSION:
        empty = pd.DataFrame({"class_id": pd.Series(dtype=np.int64), "name": pd.Series(dtype=object)})
        lime = (1 + 2 * code).astype(np.float32)
        return Targets(kind, empty, lime, known, unit="lime richness (1 poorest to 9)")
    classes = pd.DataFrame({
        "class_id": np.arange(1, len(CODES) + 1), "name": CODES, "group": [c[0] for c in CODES],
        "main_type": [c.split("-")[0] for c in CODES], "title": [f"ground {i}" for i in range(len(CODES))],
    })  # fmt: skip
    return Targets(kind, classes, code.astype(np.int64), known, ("group", "main_type", "name"))


def _polygons(site: str, shift: int) -> gpd.GeoDataFrame:
    """The polygons of one mapper; another one calls some of them otherwise."""
    crs, west, north = SITES[site]
    number = np.arange(1, 31)
    line, column = (number - 1) // 5, (number - 1) % 5
    shapes = [
        box(west + 120 * c, north - 100 * (r + 1), west + 120 * (c + 1), north - 100 * r)
        for r, c in zip(line, column, strict=True)
    ]
    code = class_of(number + shift * (number % 3 == 0), site)
    return gpd.GeoDataFrame({"code": [CODES[i] for i in code], "polygon": number}, geometry=shapes, crs=crs)


def _geotiff(
    path: Path, values: np.ndarray, crs: int, place: object, names: tuple[str, ...] = SENTINEL2_BANDS
) -> None:
    nodata = np.nan if values.dtype.kind == "f" else None
    with rasterio.open(
        path, "w", driver="GTiff", count=len(values), height=values.shape[1], width=values.shape[2],
        dtype=values.dtype.name, crs=f"EPSG:{crs}", transform=place, nodata=nodata, tiled=True,
        blockxsize=32, blockysize=32, compress="deflate",
    ) as file:  # fmt: skip
        file.write(values)
        file.descriptions = names


def at(site: str, row: int, column: int, zoom: int) -> tuple[Tile, int, int]:
    """The tile in which the middle of a pixel of a site lies, and where (row, column)."""
    crs, west, north = SITES[site]
    there = west + METRES * (column + 0.5), north - METRES * (row + 0.5)
    lon, lat = Transformer.from_crs(crs, 4326, always_xy=True).transform(*there)
    x, y = (float(v) * 2**zoom for v in project(np.array(lon), np.array(lat)))
    return Tile(zoom, int(x), int(y)), int(y % 1 * 256), int(x % 1 * 256)
