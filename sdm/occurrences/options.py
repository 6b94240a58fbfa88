"""What can be said of an import of occurrences."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sdm.data.splits import SEED

FOLDS = 5


@dataclass(frozen=True)
class OccurrenceFiles:
    """The tables: records, background sites, plots (a column of 0/1 per species) and the predictors of plots.

    The plots' own table may hold their predictors; `plot_predictors` is None then.
    """

    records: Path
    background: Path | None = None
    plots: Path | None = None
    plot_predictors: Path | None = None

    @property
    def all(self) -> tuple[Path, ...]:
        """Those that are given."""
        return tuple(path for path in (self.records, self.background, self.plots, self.plot_predictors) if path)


@dataclass(frozen=True)
class ImportOptions:
    """How tables are read and split.

    - crs: reference system of the positions, as PROJ reads it; "" for degrees, or for one that is not known
    - group: column of the species' group, "" for the usual names or none
    - species: column of the species' name, "" for the usual names
    - predictors: columns to use, () for those that every table has
    - categories: columns of class codes; besides, columns with two whole values are taken for codes
    - block: side of the blocks in the unit of the positions; None: a twelfth of the longer extent
    """

    crs: str = ""
    group: str = ""
    species: str = ""
    predictors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    block: float | None = None
    folds: int = FOLDS
    title: str = ""
    seed: int = SEED
    simulated: bool = False
