"""Background sites lie where their kind says: anywhere, where records are dense, or at records."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import kstest

from sdm.data.dataset import Dataset
from sdm.data.record_types import BACKGROUND, RECORDS
from sdm.occurrences.build import build_dataset
from sdm.occurrences.options import BACKGROUNDS, BackgroundKind, ImportOptions, OccurrenceFiles
from sdm.occurrences.report import OccurrenceImport
from sdm.occurrences.study_area import StudyArea
from tests.occurrences.environment.rasters import degrees_raster
from tests.occurrences.tables import Tables


def made(good: Tables, folder: Path, kind: BackgroundKind, **more: object) -> tuple[Dataset, OccurrenceImport]:
    skewed = good.records.copy()  # most records lie in the west
    unit = 2 * (skewed["decimalLongitude"] - 8)
    skewed["decimalLongitude"] = 8 + 0.5 * unit**4
    files = good.write(folder, records=skewed)
    tables = OccurrenceFiles(files.records, rasters=(degrees_raster(folder / "warm.tif"),))
    return build_dataset(tables, "made", ImportOptions(background=kind, background_sites=2000, **more))


def longitudes(data: Dataset, source: str) -> np.ndarray:
    return data.sites.loc[data.sites["source"] == source, "lon"].to_numpy()


def test_random_is_uniform_by_area_within_the_margin(good: Tables, tmp_path: Path) -> None:
    data, report = made(good, tmp_path, "random", margin=0.1)
    records, drawn = longitudes(data, RECORDS), longitudes(data, BACKGROUND)
    assert len(drawn) == min(2000, 10 * len(records)) and "at random" in report.background
    longer = max(np.ptp(records), np.ptp(data.sites.loc[data.sites["source"] == RECORDS, "lat"]))
    low, high = records.min() - 0.1 * longer, records.max() + 0.1 * longer
    assert kstest(drawn, "uniform", (low, high - low)).pvalue > 0.001


def test_effort_follows_the_records(good: Tables, tmp_path: Path) -> None:
    data, _ = made(good, tmp_path, "effort")
    records, drawn = longitudes(data, RECORDS), longitudes(data, BACKGROUND)
    assert abs(np.median(drawn) - np.median(records)) < 0.05 < abs(np.median(drawn) - 8.25)
    assert not np.isin(drawn, records).any()


def test_target_group_is_at_records(good: Tables, tmp_path: Path) -> None:
    data, report = made(good, tmp_path, "target-group")
    assert np.isin(longitudes(data, BACKGROUND), longitudes(data, RECORDS)).all()
    assert "target group" in report.background


@pytest.mark.parametrize("kind", BACKGROUNDS)
def test_the_seed_decides(good: Tables, tmp_path: Path, kind: BackgroundKind) -> None:
    one, again, other = (made(good, tmp_path, kind, seed=seed)[0] for seed in (1, 1, 2))
    assert one.fingerprint == again.fingerprint
    if kind != "target-group":  # all of a few sites
        assert one.fingerprint != other.fingerprint


def test_columns_alone_have_the_target_group_and_say_so(good: Tables, tmp_path: Path) -> None:
    files = OccurrenceFiles(good.write(tmp_path).records)
    _, report = build_dataset(files, "made", ImportOptions(background="effort"))
    assert "target group" in report.background and "effort was asked for" in report.background


def test_degrees_are_drawn_by_their_area() -> None:
    area = StudyArea(0, 0, 10, 60, "EPSG:4326")
    _, lat = area.uniform(np.random.default_rng(0), 20_000)
    assert kstest(np.sin(np.radians(lat)), "uniform", (0, np.sin(np.radians(60)))).pvalue > 0.001
