"""What stands for an argument when results are held between reruns."""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock, patch

import numpy as np
import pandas as pd
import pytest

from sdm.data.dataset import Dataset
from sdm.data.survey import Dossier, dossier
from sdm.data.survey_keys import Location
from sdm.ui.cache.keys import STAMPS, key_of
from sdm.ui.cache.memo import memo
from sdm.virtual_europe.simulated_survey import ON_THE_SPOT
from tests.datasets import multilabel


@memo(4)
def _first_recorded(survey: Dossier) -> int:
    return survey.recorded[0].class_id


def _with_other_species(data: Dataset) -> Dataset:
    """The same surveys in another place, where other species were recorded."""
    classes = data.targets.classes.assign(class_id=data.targets.classes["class_id"] + 1)
    return replace(data, targets=replace(data.targets, classes=classes), place=Path("elsewhere"))


@pytest.mark.parametrize("other", [_with_other_species, lambda data: replace(_with_other_species(data), place=None,
                                                                             fingerprint="other")])  # fmt: skip
def test_a_survey_id_of_two_data_sets_shares_no_result(other) -> None:
    data = multilabel()
    one, two = dossier(data, 8), dossier(other(data), 8)
    assert one.survey_id == two.survey_id
    assert _first_recorded(one) + 1 == _first_recorded(two)
    assert _first_recorded(dossier(data, 8)) == _first_recorded(one)


def test_only_a_survey_made_on_request_is_on_the_spot() -> None:
    survey = dossier(multilabel(), 8)
    assert not survey.on_the_spot
    assert not replace(survey, simulated=True).on_the_spot
    assert replace(survey, source=ON_THE_SPOT).on_the_spot


def test_files_are_told_apart_by_their_content_in_a_short_key() -> None:
    files = [bytes(10_000), bytes(10_001), bytes(9_999) + b"1", b"", "", str(bytes(3)), bytes(3)]
    assert len({key_of(file) for file in files}) == len(files)
    assert key_of([bytes(10_000)]) == key_of([bytes(10_000)])
    assert len(key_of(bytes(10_000))) < 100


def test_a_held_table_is_looked_at_once_and_has_the_key_of_an_equal_one() -> None:
    @memo(4)
    def table(rows: int) -> pd.DataFrame:
        return pd.DataFrame({"name": ["a"] * rows, "value": range(rows)})

    looked = Mock(side_effect=STAMPS[pd.DataFrame])
    with patch.dict(STAMPS, {pd.DataFrame: looked}):
        keys = {key_of(table(3)) for _ in range(3)}
        assert looked.call_count == 1
        assert {key_of(table(3).copy())} == keys != {key_of(table(2))}


def test_arguments_of_any_type_and_those_that_do_not_count() -> None:
    calls = []

    @memo(64)
    def call(values: object, _left_out: object = None) -> int:
        calls.append(values)
        return len(calls)

    one, two = Location(row=1), Location(row=2)
    different = [1, 1.0, True, "1", b"1", None, (1,), [1], {"a": 1}, {1}, {2}, one, two, Path("1"), np.float32(1),
                 np.array([1, "a"], object), np.array(["a", 1], object), pd.DataFrame({"a": ["x", None]}),
                 pd.DataFrame({"a": ["x", "None"]}), pd.DataFrame({"a": ["x", None]}, index=[1, 2])]  # fmt: skip
    assert [call(value, place) for place, value in enumerate(different)] == [*range(1, 1 + len(different))]
    assert [call(copy.deepcopy(value)) for value in different] == [*range(1, 1 + len(different))]
    call.clear()
    assert call(1) == len(different) + 1
