"""Whether a simulated coast is what its parameters state: `python -m sdm.virtual_coast.validate FOLDER`.

Everything is measured on the files, without a model. The parameters were set before any model was trained on the
coast, and are not changed to make a model look good.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from sdm.analysis.simulation_check import Statement, run, statement_table
from sdm.errors import DataError
from sdm.virtual_coast import measures
from sdm.virtual_coast.parameters import COAST, SITES, Site, band_table, ground_types
from sdm.virtual_coast.write import DESCRIPTION, POINTS

OURS = "parameters of the coast"
LEVELS = {
    "group": (0.83, 0.10, "Ullerud et al. 2018, coarsest level, two systems"),
    "name": (0.44, 0.12, "Ullerud et al. 2018, finest level, the detailed system; Naas et al. 2023: .49"),
}
_RANGE = 0.35  # relative


def validate(folder: Path) -> pd.DataFrame:
    """Return the table of statements of the coast in `folder`; DataError where there is none."""
    if not (folder / DESCRIPTION).exists():
        remedy = "Name the folder virtual-coast that `python -m sdm demo --kind ecosystem` wrote."
        raise DataError("no simulated coast", where=folder, remedy=remedy)
    rows = [row for site in SITES for row in _site_rows(folder, site)]
    return statement_table([*rows, *_shift_rows(folder), *_point_rows(folder)])


def _site_rows(folder: Path, site: Site) -> Iterator[Statement]:
    name = site.name
    lime, own = measures.lime_range(folder, site), measures.within_stands(folder, site, COAST.pixel_m)
    yield Statement(
        name, "range of lime richness", "m", lime, COAST.lime_range_m, _RANGE * COAST.lime_range_m, OURS
    )
    yield Statement(
        name, "range within a stand", "m", own, COAST.within_range_m, _RANGE * COAST.within_range_m, OURS
    )
    repeated = measures.repeated_share(folder, site)
    yield Statement(
        name, "pixels repeated in the bands of 20 m", "share", repeated, 0.75, 0.01, "three of four; source: .75"
    )
    separation = measures.radar_separation(folder, site)
    yield Statement(
        name, "VV of wetland against dry land (AUC)", "", separation, 0.5, 0.05, "source: no separation"
    )
    agreement = measures.mapper_agreement(folder, site)
    pairs = agreement[agreement["mappers"].str.count("&") == 1]
    for level, (stated, allowed, source) in LEVELS.items():
        share = float(pairs.loc[pairs["level"] == level, "share"].mean())
        yield Statement(
            name, f"agreement of two mappers, {level}", "share of area", share, stated, allowed, source
        )
    stated_shares = pd.Series({kind.code: kind.shares[name] for kind in ground_types()})
    off = (measures.true_shares(folder, site) - 100 * stated_shares / stated_shares.sum()).abs().max()
    yield Statement(name, "largest error of a ground type's share", "per cent", float(off), 0.0, 3.0, OURS)


def _shift_rows(folder: Path) -> Iterator[Statement]:
    """Reflectance at the second site of what has the mean reflectance of land, against the first, per band."""
    first, other = (measures.sensor(folder, site) for site in SITES)
    table = band_table()
    for i, band in enumerate(first["band"]):
        middle = 0.5 * (first["mean"][i] + other["mean"][i])
        seen = [sensor["gain"][i] * middle + sensor["offset"][i] for sensor in (first, other)]
        stated = table["gain"][i] + table["offset"][i] / middle
        yield Statement(
            SITES[1].name, f"shift of {band}", "ratio", float(seen[1] / seen[0]), float(stated), 0.05, OURS
        )


def _point_rows(folder: Path) -> Iterator[Statement]:
    counts = pd.read_csv(folder / POINTS)["code"].value_counts()
    yield Statement("both", "consensus points", "number", float(counts.sum()), 286.0, 3.0, "source")
    yield Statement(
        "both", "ground types with more than 30", "number", float((counts > 30).sum()), 4.0, 0.0, "source"
    )


if __name__ == "__main__":
    sys.exit(run(validate, "sdm.virtual_coast.validate"))
