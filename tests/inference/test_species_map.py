"""Maps of a species over rasters of predictors: every cell as the model says it, coarse, whole, or refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import rasterio

from sdm.data.dataset import Dataset
from sdm.errors import DataError, RunError
from sdm.evaluation.run_model import open_model
from sdm.inference.prediction_meaning import INTENSITY, PROBABILITY, SCORE, prediction_meaning
from sdm.inference.predictor_grid import PredictorGrid, predictor_grid
from sdm.inference.species_map import MAP, PREVALENCE, map_folder, species_model, why_no_map, write_species_map
from sdm.inference.training_area import training_area, training_rows
from sdm.jobs import Cancelled
from sdm.models.preparation import make_batch
from sdm.models.presence_only.model import PresenceOnly, relative_intensity
from sdm.occurrences.predictor_grid import FILE
from sdm.runs import Run, TrainingOptions
from sdm.training import Runtime, train
from tests.inference.gridded import COLUMNS, ROWS, gridded, quick_run, values


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return gridded(tmp_path_factory.mktemp("gridded") / "data")


@pytest.fixture(scope="module")
def run(data: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return quick_run(data, tmp_path_factory.mktemp("runs") / "forest")


@pytest.fixture(scope="module")
def grid(data: Dataset) -> PredictorGrid:
    found = predictor_grid(data)
    assert found is not None
    return found


def read(folder: Path) -> np.ndarray:
    with rasterio.open(folder / MAP, driver="GTiff") as file:
        return np.asarray(file.read(1))


def test_every_cell_is_what_the_whole_model_says(
    data: Dataset, run: Run, grid: PredictorGrid, tmp_path: Path
) -> None:
    told: list[tuple[int, int]] = []
    write_species_map(
        species_model(run, 3), grid, tmp_path / "map", lambda done, total, _what: told.append((done, total))
    )
    found, cells = read(tmp_path / "map"), values().reshape(3, -1).T
    assert found.shape == (ROWS, COLUMNS)
    assert np.isnan(found[:10]).all() and np.isfinite(found[10:]).all()
    assert told[0] == (0, 4) and told[-1] == (4, 4)
    chosen = np.random.default_rng(0).choice(np.arange(10 * COLUMNS, len(cells)), 200, replace=False)
    batch = make_batch(
        {grid.modality: cells[chosen]}, data.sites.iloc[:200], run.card.inputs, run.card.statistics
    )  # fmt: skip
    np.testing.assert_allclose(found.ravel()[chosen], open_model(run).predict(batch).numpy()[:, 2], rtol=1e-5)


def test_a_coarse_map_lies_where_the_whole_one_does(run: Run, grid: PredictorGrid, tmp_path: Path) -> None:
    shape = grid.coarse_shape(3000)
    assert 2000 < shape[0] * shape[1] < 4000
    write_species_map(species_model(run, 3), grid, tmp_path / "coarse", shape=shape)
    with rasterio.open(tmp_path / "coarse" / MAP) as file, rasterio.open(grid.path) as whole:
        np.testing.assert_allclose(file.bounds, whole.bounds)
        assert float(file.tags()[PREVALENCE]) == species_model(run, 3).prevalence


@pytest.mark.parametrize("name", ["balanced-forest", "poisson-ensemble", "presence-blend"])
def test_one_species_alone_is_that_of_all(name: str, data: Dataset, tmp_path: Path) -> None:
    run = quick_run(data, tmp_path / "run", name)
    model, rows = open_model(run), np.arange(50)
    assert isinstance(model, PresenceOnly)
    batch = make_batch(
        {data.modalities[0]: data.reader.read(data.modalities[0], rows)}, data.sites.iloc[rows],
        run.card.inputs, run.card.statistics,
    )  # fmt: skip
    for species in (0, 5):
        alone = model.only(species)
        assert alone.width == 1
        np.testing.assert_allclose(
            alone.predict(batch).numpy()[:, 0], model.predict(batch).numpy()[:, species], rtol=1e-5
        )


def test_a_map_that_is_stopped_leaves_nothing(run: Run, grid: PredictorGrid, tmp_path: Path) -> None:
    def stop(done: int, _total: int, _what: str) -> None:
        if done == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        write_species_map(species_model(run, 3), grid, tmp_path / "map", stop)
    assert not (tmp_path / "map").exists()


def test_what_cannot_be_mapped_is_told(data: Dataset, run: Run, grid: PredictorGrid, tmp_path: Path) -> None:
    assert why_no_map(run, grid) == ""
    other = train(data, tmp_path / "place", TrainingOptions("country-frequency"), Runtime(device="cpu"))
    assert "something else" in why_no_map(other, grid)
    with pytest.raises(RunError, match="does not know"):
        species_model(run, 999)


def test_rasters_that_do_not_fit_are_refused(data: Dataset, tmp_path: Path) -> None:
    elsewhere = replace(data, place=tmp_path)
    assert predictor_grid(elsewhere) is None
    (tmp_path / FILE).write_bytes(b"no raster at all")
    with pytest.raises(DataError, match="cannot be read"):
        predictor_grid(elsewhere)
    with rasterio.open(
        tmp_path / FILE,
        "w",
        driver="GTiff",
        dtype="float32",
        count=2,
        width=2,
        height=2,
        crs="EPSG:4326",
        transform=rasterio.Affine(1, 0, 8, 0, -1, 47),
    ) as file:
        file.write(np.zeros((2, 2, 2), np.float32))
    with pytest.raises(DataError, match="not those of the predictors"):
        predictor_grid(elsewhere)


def test_a_map_of_another_species_or_model_lies_elsewhere(
    data: Dataset, run: Run, grid: PredictorGrid, tmp_path: Path
) -> None:
    places = {map_folder(tmp_path, run, data, grid, what) for what in ("3 whole", "3 coarse", "4 whole", "area")}
    changed = replace(data, fingerprint="another")
    assert len({*places, map_folder(tmp_path, run, changed, grid, "3 whole")}) == 5


def test_numbers_of_presence_only_records_are_never_called_probabilities(data: Dataset, run: Run) -> None:
    assert prediction_meaning(run, data) is INTENSITY
    network = replace(run.card, model="predictors-mlp")
    assert prediction_meaning(_with_card(run, network), data) is SCORE
    surveys = data.sites.assign(source="plots")
    assert prediction_meaning(_with_card(run, network), replace(data, sites=surveys)) is PROBABILITY


def _with_card(run: Run, card: object) -> Run:
    other = Run(run.path, run.config)
    other.__dict__["card"] = card
    return other


def test_the_mean_of_the_relative_intensity_over_the_background_is_one(data: Dataset, run: Run) -> None:
    """The sites of the target group are the background; the last species is alone in its group."""
    rows = training_rows(run, data)
    assert (data.sites["split_block"].iloc[rows] == "train").all()
    assert len(rows) == len(data.rows("train"))
    model, name = open_model(run), data.modalities[0]
    assert isinstance(model, PresenceOnly)
    batch = make_batch(
        {name: data.reader.read(name, rows)}, data.sites.iloc[rows], run.card.inputs, run.card.statistics
    )  # fmt: skip
    given = model.predict(batch).numpy().astype(float)
    members = np.asarray(data.targets.values[rows][:, :-1].sum(axis=1)).ravel() > 0
    mean = relative_intensity(given, model.prevalence)[members][:, :-1].mean(axis=0)
    np.testing.assert_allclose(mean, 1, rtol=0.01)


def test_the_area_of_applicability_is_that_of_the_sites_learnt_from(
    data: Dataset, run: Run, grid: PredictorGrid
) -> None:
    area = training_area(run, data, grid.modality)
    assert len(area.used) == 2  # class codes have no distance
    own = data.reader.read(grid.modality, training_rows(run, data))
    np.testing.assert_allclose(area.over_threshold(own), 0, atol=1e-9)
    assert (area.over_threshold(own + np.array([9, 9, 0])) > 1).all()
