"""What stands for an argument when results are held between reruns."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sdm.data.dataset import Dataset
from sdm.data.survey import Dossier, dossier
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
