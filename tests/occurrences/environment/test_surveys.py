"""The environment of the nearest survey of another data set, with how far it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sdm.data.open import open_dataset
from sdm.data.record_types import BACKGROUND
from sdm.data.store import write_store
from sdm.errors import DataError
from sdm.occurrences.build import build_dataset
from sdm.occurrences.options import ImportOptions, OccurrenceFiles
from tests.datasets import multilabel


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A data set with an environment."""
    return write_store(multilabel("environment"), tmp_path / "store").place


@pytest.fixture
def records(store: Path, tmp_path: Path) -> Path:
    """Records at surveys of a data set and one far away."""
    sites = open_dataset(store).sites.iloc[[0, 1, 2, *range(10, 20)]]
    table = pd.DataFrame({"species": list("abababababaab"), "lon": sites["lon"] + 0.001, "lat": sites["lat"]})
    far = pd.DataFrame({"species": ["a"], "lon": [-20.0], "lat": [65.0]})
    path = tmp_path / "records.csv"
    pd.concat([table, far]).to_csv(path, index=False)
    return path


def test_predictors_of_the_nearest_survey(store: Path, records: Path) -> None:
    source = open_dataset(store)
    options = ImportOptions(environment_of=store, background="random", background_sites=50, margin=0)
    data, report = build_dataset(OccurrenceFiles(records), "made", options)
    assert data.modalities == ("environment",)
    near = {p.kind: p for p in report.problems}
    assert near["far_from_surveys"].count == 1 == near["no_predictor"].count
    rows = np.flatnonzero((data.sites["source"] != BACKGROUND).to_numpy())
    expected = source.reader.read("environment", np.arange(20))
    values = data.reader.read("environment", rows)
    lon = source.sites["lon"].to_numpy()
    order = [int(np.abs(lon + 0.001 - place).argmin()) for place in data.sites["lon"].to_numpy()[rows]]
    np.testing.assert_array_equal(values, expected[order])
    some = build_dataset(OccurrenceFiles(records), "some", ImportOptions(
        environment_of=store, predictors=("Elevation", "Bio1"), background="target-group"))[0]  # fmt: skip
    assert some.modalities[0].startswith("predictors-")


def test_no_environment_is_an_error(records: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError):
        build_dataset(OccurrenceFiles(records), "made", ImportOptions(environment_of=tmp_path))
