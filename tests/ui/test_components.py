"""The components of the app: text, downloads, surveys simulated at a point."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from sdm.analysis.landsat import measure_table
from sdm.analysis.spectral_indices import pixel_table
from sdm.data.survey import recorded_table
from sdm.errors import DataError
from sdm.files import write_json
from sdm.modalities import MODALITIES
from sdm.number_format import percent
from sdm.ui.components.markup import text
from sdm.ui.components.number_table import number_table
from sdm.virtual_europe.simulated_survey import can_simulate, simulated_dossier
from sdm.virtual_europe.simulators import simulated_modalities
from tests.datasets import multilabel


@given(some.text())
def test_no_text_becomes_markup(anything: str) -> None:
    assert not set(text(anything)) & set("<>\"'")


def test_the_gap_before_a_percent_sign_is_text_too() -> None:
    assert text(percent(0.4)) == percent(0.4)


@pytest.mark.parametrize(("columns", "cards"), [(3, False), (6, True)])
def test_a_row_of_a_wide_table_can_be_a_card(columns: int, cards: bool) -> None:
    heads = ["Model", *map(str, range(columns - 1))]
    made = number_table("Scores", [("", 1), ("far", columns - 1)], heads, [["a", *["0.5"] * (columns - 1)]])
    assert ("cards" in made) == cards
    assert made.count('data-head="far: ') == columns - 1


def test_tables_behind_a_dossier_are_tidy() -> None:
    data = multilabel()
    patch, cube = (data.reader.read(name, np.array([5]))[0] for name in ("patch", "landsat"))
    pixels = pixel_table(patch)
    assert pixels.shape == (4096, 6)
    assert pixels.loc[65, ["row", "column"]].tolist() == [1, 1]
    assert pixels.loc[65, "nir"] == pytest.approx(patch[3, 1, 1] * 1e-4)
    quarters = measure_table(cube)
    assert len(quarters) == 84
    assert {"ndvi", "nir", "year", "quarter"} <= set(quarters)


def test_only_a_virtual_europe_can_be_visited_anywhere(tmp_path: Path) -> None:
    data = replace(multilabel(), world_version="1", place=tmp_path)
    assert not can_simulate(data)
    write_json(tmp_path / "world.json", {"seed": 0, "species": 300})
    assert can_simulate(data)
    assert not can_simulate(replace(data, simulated=False))


def test_a_survey_simulated_on_the_spot_is_a_whole_dossier(tmp_path: Path) -> None:
    write_json(tmp_path / "world.json", {"seed": 3, "species": 300})
    data = replace(multilabel(), world_version="1", place=tmp_path)
    made = simulated_dossier(data, 10.0, 51.0, 2019)
    assert {name for name, values in made.values.items() if values is None} == made.notes.keys()
    assert made.values.keys() - made.notes.keys() == set(simulated_modalities())
    for name in simulated_modalities():
        values = made.values[name]
        assert values is not None
        assert values.shape == MODALITIES[name].shape
        assert values.dtype == np.float32
        assert np.isfinite(values).any()
    assert made.known
    assert made.simulated
    assert (made.country, made.year) == ("Germany", 2019)
    assert len(recorded_table(made)) == len(made.recorded)
    assert not any(species.name.isdigit() for species in made.recorded)
    with pytest.raises(DataError, match="no survey can be simulated here"):
        simulated_dossier(data, 3.0, 56.0, 2019)
