"""Makes the simulated mountain and the data set that the importer of exports builds from its files."""

from __future__ import annotations

from pathlib import Path

from sdm.data import simulations
from sdm.files import new_folders
from sdm.jobs import Report, no_report
from sdm.series.build import import_series
from sdm.series.options import ImportOptions
from sdm.virtual_mountain.parameters import MOUNTAIN, VERSION, Mountain
from sdm.virtual_mountain.write import NAME, write_mountain

(DATASET,) = simulations.MOUNTAIN.datasets
TITLE = "Tree species of a simulated mountain"


def make_mountain(
    out: Path, report: Report = no_report, seed: int = 0, mountain: Mountain = MOUNTAIN
) -> tuple[Path, ...]:
    """Write the mountain and its data set into the folder `out`, each in a folder of its own; returns those.

    They appear together when both are whole; nothing is left of work that failed or was cancelled by `report`.
    DataError where one of them is there.
    """
    names = (NAME, DATASET)
    with new_folders(out, *names) as new:
        write_mountain(new / NAME, seed, report, mountain)
        options = ImportOptions(title=TITLE, seed=seed, simulated=True, world_version=VERSION)
        import_series(sorted((new / NAME).glob("*.csv.gz")), new / DATASET, options, report)
    return tuple(out / name for name in names)
