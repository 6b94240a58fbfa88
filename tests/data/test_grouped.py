"""A grouped data set has the mean inputs and all species of the members of each group."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from sdm.data import grouped as module
from sdm.data.dataset import Reader
from sdm.data.grouped import grouped
from sdm.errors import DataError
from sdm.modalities import MODALITIES
from tests.datasets import ROWS, multiclass, multilabel

LON = np.repeat([5.0, 5.26, 7.9, np.nan], [8, 1, 9, 2])  # a group of one, and two surveys without a position


@dataclass
class Watched:
    """A reader that remembers the largest piece that was asked for."""

    reader: Reader
    sizes: list[int] = field(default_factory=list)

    def available(self, modality: str) -> np.ndarray:
        return self.reader.available(modality)

    def read(self, modality: str, rows: np.ndarray) -> np.ndarray:
        self.sizes.append(len(rows))
        return self.reader.read(modality, rows)


@pytest.fixture
def data():
    whole = multilabel("landsat", "environment")
    return replace(whole, sites=whole.sites.assign(lon=LON, lat=50.0))


def members() -> list[np.ndarray]:
    return [np.arange(8), np.array([8]), np.arange(9, 18), np.array([18]), np.array([19])]


def test_inputs_are_means_and_codes_those_of_the_first(data, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = {}
    for chunk in (3, 256):
        monkeypatch.setattr(module, "CHUNK", chunk)
        watched = Watched(data.reader)
        made = grouped(replace(data, reader=watched), 1)
        assert len(made) == 5
        rows = np.array([4, 2, 0, 2, 1, 3])
        whole[chunk] = {name: made.reader.read(name, rows) for name in data.modalities}
        assert max(watched.sizes) <= chunk
    for name in data.modalities:
        np.testing.assert_allclose(whole[3][name], whole[256][name], rtol=1e-6)
        every = data.reader.read(name, np.arange(ROWS))
        coded = np.array(MODALITIES[name].coded or (False,) * len(MODALITIES[name].channels))
        for got, group in zip(whole[256][name], (members()[row] for row in rows), strict=True):
            with np.errstate(all="ignore"):
                count = np.isfinite(every[group]).sum(axis=0)
                mean = np.nansum(every[group], axis=0) / count
            np.testing.assert_allclose(got[~coded], mean[~coded], rtol=1e-5)
            for channel in np.flatnonzero(coded):
                known = every[group][:, channel]
                known = known[np.isfinite(known)]
                assert got[channel] == known[0] if known.size else np.isnan(got[channel])
        there = data.reader.available(name)
        assert made.reader.available(name).tolist() == [bool(there[group].any()) for group in members()]


def test_species_sites_and_what_is_known(data) -> None:
    known = data.targets.known.copy()
    known[9:18] = False
    made = grouped(replace(data, targets=replace(data.targets, known=known)), 1)
    dense = data.targets.values.toarray()
    assert made.targets.known.tolist() == [True, True, False, *known[18:]]
    np.testing.assert_array_equal(made.targets.values[0].toarray()[0], dense[:8].max(axis=0))
    assert made.targets.values[2].nnz == 0
    assert made.sites["survey_id"].tolist() == [100, 108, 109, 118, 119]
    assert made.sites["lat"].tolist() == [50.0] * 5
    assert made.sites["area_m2"].tolist() == [100.0] * 5
    assert np.isnan(made.sites["lon"].iloc[4])
    years = data.sites["year"].iloc[:8].mean()
    assert made.sites["year"].iloc[0] == round(years)


def test_single_classes_are_refused() -> None:
    with pytest.raises(DataError, match="only sets of species"):
        grouped(multiclass(), 1)
