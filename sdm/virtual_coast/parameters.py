"""Every parameter of the simulated coast: a dataclass for the numbers, tables for types and bands.

They state what varies together and over which distance, how much mappers disagree and how the sites differ.
`validate` measures each statement without a model; none was changed after a model had been trained.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from sdm.geo.tables import read_rows
from sdm.modalities.raster_bands import SENTINEL2_BANDS

VERSION = "coast-1"
TITLE = "two simulated coasts"
SOURCE = "simulated ecosystem types, mappers and rasters"
LATENT = ("green", "wet", "bright", "brown")  # what varies within a ground type: columns of both tables
WATER = ("sea", "lake")
UNMAPPED = (*WATER, "built")  # covers that are no ground type
FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Mapper:
    """How one mapper's polygons differ from the ground: shifts in metres, probabilities per polygon.

    The probabilities sum to the 35 % of points that one mapper gives another unit than the group does (Eriksen et
    al. 2018, doi:10.1127/phyto/2018/0293). To compare with: two maps agree on 44 % of the area at the finest level
    and on 83 % at the coarsest (Ullerud et al. 2018, Applied Vegetation Science 21, 278-288); on 49 % at four
    sites, of which one is Landsvik (Naas et al. 2023, Applied Vegetation Science).
    """

    shift_m: float = 7.0  # standard deviation of a boundary's shift along each axis
    shift_range_m: float = 80.0  # practical range of the shift
    smallest_m2: float = 500.0  # smaller polygons join their largest neighbour
    other_ground_type: float = 0.22  # of the same main type
    other_main_type: float = 0.09  # of those named in `confused_with`, same group
    other_group: float = 0.04  # of those named in `confused_with`, the other group


MAPPERS = (Mapper(), Mapper(smallest_m2=800.0), Mapper(smallest_m2=1200.0, shift_m=9.0))


@dataclass(frozen=True)
class Site:
    """A site: where it is, what its land is like, what was flown and mapped there."""

    name: str
    crs: int  # EPSG code
    left: int  # m, upper left corner
    top: int
    year: int
    sea_share: float
    relief_m: float  # standard deviation of the land's rise
    relief_range_m: float
    lime: float  # mean lime richness, 1 to 9
    sea_bearing: float  # degrees from north to the open sea
    localities: int  # mapped parts
    locality_m: float  # side of the square that holds one
    mappers: int  # in the first locality; one in the others
    aerial: tuple[str, ...]  # what the three channels of the orthophoto see
    sun_bearing: float  # degrees
    sun_height: float
    shifted: bool  # whether the gain and offset of `bands.csv` apply


SITES = (
    Site("Landsvik", 32632, 282600, 6721800, 2021, 0.26, 24.0, 700.0, 2.6, 265.0, 1, 1600.0, 2,
         ("B8", "B4", "B3"), 165.0, 50.0, False),
    Site("Vega", 32633, 358200, 7287000, 2020, 0.36, 9.0, 900.0, 5.0, 215.0, 3, 600.0, 3,
         ("B4", "B3", "B2"), 180.0, 44.0, True),
)  # fmt: skip


@dataclass(frozen=True)
class Coast:
    """Numbers both sites share. Ranges are practical ranges: 95 % of the sill of an exponential variogram."""

    side_m: int = 3200  # side of a site
    cell_m: int = 5  # lattice of the true map
    pixel_m: int = 10  # Sentinel-2
    coarse_m: int = 20  # its 20 m bands, resampled to pixel_m by nearest neighbour
    aerial_m: float = 0.5  # orthophoto (the source's: 0.125 m)
    aerial_side_m: int = 1800
    drone_m: float = 0.2  # the source's: 0.055 m
    drone_side_m: int = 300
    photo_size: tuple[int, int] = (400, 300)  # width, height (the source's: about 3000 x 4000)
    most_points: int = 53  # consensus points of a ground type, at most
    lime_range_m: float = 450.0  # geology
    lime_sd: float = 1.3
    wet_range_m: float = 250.0
    soil_range_m: float = 200.0
    stand_m2: float = 3200.0  # mean area of a stand: one ground type, one history
    stand_spread: float = 0.9  # standard deviation of the logarithm of stand density, range 400 m
    stand_sd: float = 0.30  # of each latent, between stands
    within_sd: float = 0.25  # of each latent, within a stand
    within_range_m: float = 60.0
    psf_m: float = 6.0  # standard deviation of the point spread of a 10 m band
    relative_noise: float = 0.012  # of reflectance, besides the noise of `bands.csv`
    radar_range_m: float = 80.0  # roughness of the ground: the same on every land type
    radar_sd_db: float = 1.2
    radar_looks: float = 9.0  # of the speckle
    simplify_m: float = 6.0  # tolerance of digitised boundaries


COAST = Coast()


@dataclass(frozen=True)
class GroundType:
    """A ground type: share of the mapped land per site (per cent), ecology, latents, consensus points."""

    code: str
    shares: dict[str, float]
    lime: float
    moisture: float
    latents: np.ndarray  # (4,)
    points: int

    @property
    def main_type(self) -> str:
        """`T4` of `T4-C-5`."""
        return self.code.split("-")[0]


@dataclass(frozen=True)
class MainType:
    """A main type, or a cover that is none: reflectance x 10,000, canopy height (m), affinities, textures."""

    name: str
    spectrum: np.ndarray  # (10,), order of SENTINEL2_BANDS
    canopy_m: float
    affinity: dict[str, float]
    texture: np.ndarray  # (3,) amplitudes: crown, tuft, grain
    row: float
    confused_with: tuple[str, ...]


AFFINITIES = ("height", "near_sea", "slope", "wet", "soil", "farmed")
TEXTURES = ("crown", "tuft", "grain")


@cache
def main_types() -> dict[str, MainType]:
    """Rows of `main_types.csv` by name."""
    return {
        row["main_type"]: MainType(
            row["main_type"],
            np.array([float(row[band]) for band in SENTINEL2_BANDS]),
            float(row["canopy"]),
            {name: float(row[name]) for name in AFFINITIES},
            np.array([float(row[name]) for name in TEXTURES]),
            float(row["row"]),
            tuple(row["confused_with"].split()),
        )
        for row in read_rows("main_types", FOLDER)
    }


@cache
def ground_types() -> tuple[GroundType, ...]:
    """Rows of `ground_types.csv`."""
    return tuple(
        GroundType(
            row["code"], {site.name: float(row[site.name.lower()]) for site in SITES},
            float(row["lime"]), float(row["moisture"]),
            np.array([float(row[name]) for name in LATENT]), int(row["points"]),
        )
        for row in read_rows("ground_types", FOLDER)
    )  # fmt: skip


@cache
def band_table() -> dict[str, np.ndarray]:
    """Columns of `bands.csv` in the order of SENTINEL2_BANDS; gain and offset (reflectance x 10,000) of Vega."""
    rows = {row["band"]: row for row in read_rows("bands", FOLDER)}
    names = [name for name in rows["B2"] if name != "band"]
    return {name: np.array([float(rows[band][name]) for band in SENTINEL2_BANDS]) for name in names}


@cache
def spectra() -> np.ndarray:
    """Reflectance x 10,000 of every cover: three unmapped ones, then the ground types; (cover, band)."""
    sensitivity = np.array([band_table()[name] for name in LATENT])
    mapped = [main_types()[t.main_type].spectrum * np.exp(t.latents @ sensitivity) for t in ground_types()]
    return np.array([*(main_types()[name].spectrum for name in UNMAPPED), *mapped])


@cache
def cover_main_types() -> tuple[MainType, ...]:
    """The main type of every cover, in the order of `spectra`."""
    return tuple(main_types()[name] for name in (*UNMAPPED, *(t.main_type for t in ground_types())))
