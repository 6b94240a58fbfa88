"""What can be said of an import of occurrences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from sdm.data.splits import SEED

FOLDS = 5
BACKGROUND_SITES = 10_000
NEAREST_KM = 10.0
MARGIN = 0.25
BACKGROUNDS = ("random", "target-group", "effort")

BackgroundKind = Literal["", "random", "target-group", "effort"]
"""How background sites are drawn where no table holds any; "": at random where predictors are known anywhere, else
the target group."""


@dataclass(frozen=True)
class OccurrenceFiles:
    """The tables: records, background sites, plots (a column of 0/1 per species) and the predictors of plots.

    The plots' own table may hold their predictors; `plot_predictors` is None then. `rasters`: GeoTIFFs whose bands
    are the predictors of all sites.
    """

    records: Path
    background: Path | None = None
    plots: Path | None = None
    plot_predictors: Path | None = None
    rasters: tuple[Path, ...] = ()

    @property
    def all(self) -> tuple[Path, ...]:
        """Those that are given."""
        tables = (self.records, self.background, self.plots, self.plot_predictors)
        return (*(path for path in tables if path), *self.rasters)


@dataclass(frozen=True)
class ImportOptions:
    """How tables are read and split.

    - crs: reference system of the positions of tables in text, as PROJ reads it; "" for degrees, or for one
      that is not known. A file that names its own keeps it
    - group, species: columns of the records, "" for the usual names; the same as `roles`
    - roles: role (a key of `columns.NAMES`) -> column of the records; "" for none
    - swap_xy: longitude and latitude of the records stand in each other's column
    - merge_names: spellings of one species, as `reading.merging` tells them, are taken for one
    - filters: names of `cleaning.filters.FILTERS` that are applied to the records
    - predictors: columns to use, () for those that every table has
    - categories: columns or bands of class codes; besides, columns with two whole values are taken for codes
    - environment_of: folder of a data set whose `environment` at the nearest survey is the predictors of all
      sites, where one lies within `nearest_km`
    - background: how sites are drawn where no table holds any; background_sites: how many
    - margin: how far the area of study reaches beyond the records, as a share of their longer extent
    - block: side of the blocks in the unit of the positions; None: a twelfth of the longer extent
    """

    crs: str = ""
    group: str = ""
    species: str = ""
    roles: Mapping[str, str] = field(default_factory=dict)
    swap_xy: bool = False
    merge_names: bool = False
    filters: tuple[str, ...] = ()
    predictors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    environment_of: Path | None = None
    nearest_km: float = NEAREST_KM
    background: BackgroundKind = ""
    background_sites: int = BACKGROUND_SITES
    margin: float = MARGIN
    block: float | None = None
    folds: int = FOLDS
    title: str = ""
    seed: int = SEED
    simulated: bool = False
