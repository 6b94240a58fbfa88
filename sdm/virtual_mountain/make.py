"""Makes the simulated mountain and the data set that the importer of exports builds from its files."""

from __future__ import annotations

import shutil
from pathlib import Path

from sdm.data import simulations
from sdm.errors import DataError
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
    """
    names = (NAME, DATASET)
    taken = [name for name in names if (out / name).exists()]
    if taken:
        remedy = "Remove these folders, or name another place for the new mountain."
        raise DataError("there is a simulated mountain already", where=out, got=", ".join(taken), remedy=remedy)
    part = out / f".part-{NAME}"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        write_mountain(part / NAME, seed, report, mountain)
        options = ImportOptions(title=TITLE, seed=seed, simulated=True, world_version=VERSION)
        import_series(sorted((part / NAME).glob("*.csv.gz")), part / DATASET, options, report)
        for name in names:
            (part / name).rename(out / name)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return tuple(out / name for name in names)
