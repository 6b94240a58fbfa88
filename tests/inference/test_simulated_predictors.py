"""Predictors that are those of a virtual Europe become rasters, over which a species is mapped and exported."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sdm.data.dataset import Dataset
from sdm.data.open import open_dataset
from sdm.errors import DataError
from sdm.files import write_json
from sdm.inference import simulated_predictors
from sdm.inference.predictor_grid import predictor_grid
from sdm.inference.simulated_predictors import can_simulate, write_simulated_predictors
from sdm.inference.species_map import species_model, why_no_map, write_species_map
from sdm.jobs import Cancelled
from sdm.modalities import ENVIRONMENT
from sdm.occurrences.build import import_occurrences
from sdm.occurrences.options import ImportOptions, OccurrenceFiles
from sdm.occurrences.predictor_grid import FILE
from sdm.occurrences.report import REPORT, read_report
from sdm.virtual_europe.description import seed_of
from sdm.virtual_europe.environment import environment
from sdm.virtual_europe.geography import places
from sdm.virtual_europe.grid import YEAR
from tests.inference.gridded import quick_run

SOME = ("Bio1", "Bio12", "Elevation")


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulated_predictors, "MOST_CELLS", 400)
    monkeypatch.setattr(simulated_predictors, "COARSEST", 5.0)


def data_of(tree: Path, out: Path, predictors: tuple[str, ...]) -> Dataset:
    """Records at surveys of the tree, with their environment."""
    sites = open_dataset(tree).sites.dropna(subset=["lon", "lat"]).iloc[:60]
    names = np.array(["Abies", "Betula", "Carex"])[np.arange(len(sites)) % 3]
    table = pd.DataFrame({"species": names, "longitude": sites["lon"], "latitude": sites["lat"]})
    table.to_csv(out.with_suffix(".csv"), index=False)
    options = ImportOptions(environment_of=tree, predictors=predictors, background="target-group")
    import_occurrences(OccurrenceFiles(out.with_suffix(".csv")), out, options)
    return open_dataset(out)


@pytest.mark.parametrize("predictors", [SOME, ()])
def test_cells_are_places_of_that_world(tiny_tree: Path, tmp_path: Path, predictors: tuple[str, ...]) -> None:
    data = data_of(tiny_tree, tmp_path / "records", predictors)
    assert can_simulate(data) and predictor_grid(data) is None
    told: list[int] = []
    write_simulated_predictors(data, lambda done, _total, _what: told.append(done))
    assert not can_simulate(data)
    grid, names = predictor_grid(data), predictors or ENVIRONMENT.channels
    assert grid is not None and told[0] == 0 < told[-1] and len(grid) < 1000
    pixels = grid.read()
    rows, columns = np.nonzero(np.isfinite(pixels[0]))
    lon, lat = grid.transform * (columns[:5] + 0.5, rows[:5] + 0.5)
    seed = seed_of(open_dataset(tiny_tree))
    assert seed is not None
    expected = environment(places(np.asarray(lon), np.asarray(lat), YEAR, seed))
    at = [ENVIRONMENT.channels.index(name) for name in names]
    same = np.isclose(pixels[:, rows[:5], columns[:5]].T, expected[:, at], equal_nan=True)
    assert same.mean() > 0.95  # what is drawn by the last bit of a place differs
    run = quick_run(data, tmp_path / "run")
    assert why_no_map(run, grid) == ""
    write_species_map(species_model(run, 1), grid, tmp_path / "map")


def test_what_is_of_no_such_world_is_not_simulated(tiny_tree: Path, tmp_path: Path) -> None:
    data = data_of(tiny_tree, tmp_path / "records", SOME)
    report = read_report(data.place)
    assert report is not None and data.place is not None
    for world in ({}, {"version": "0", "seed": 0}):
        write_json(data.place / REPORT, replace(report, world=world).to_json())
        assert not can_simulate(data)
        with pytest.raises(DataError, match="cannot be simulated"):
            write_simulated_predictors(data)
    assert not can_simulate(open_dataset(tiny_tree))


def test_a_simulation_that_is_stopped_leaves_nothing(tiny_tree: Path, tmp_path: Path) -> None:
    data = data_of(tiny_tree, tmp_path / "records", SOME)

    def stop(_done: int, _total: int, _what: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        write_simulated_predictors(data, stop)
    assert not (tmp_path / "records" / FILE).exists() and can_simulate(data)
