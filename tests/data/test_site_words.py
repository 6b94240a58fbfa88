"""What sites and their labels are called follows from inputs and kind of target, never from a data set's name."""

from __future__ import annotations

import pytest

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.site_words import Words, words_of
from tests.datasets import multiclass, multilabel
from tests.rasters.coast import coast


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (multilabel(), Words("survey", "species")),
        (multiclass(), Words("survey", "class")),
        (coast(), Words("pixel", "class")),
        (coast(TargetKind.REGRESSION), Words("pixel", "class")),
    ],
)
def test_words_of_data(data: Dataset, words: Words) -> None:
    said = words_of(data)("A survey of all surveys: AUC, mean over species")
    assert words_of(data) == words and words.item in said
    assert ("species" in said) == (words.known == "species")


def test_nothing_changes_where_surveys_have_species() -> None:
    text = "Survey by survey: a survey's species, or a class"
    assert Words()(text) == text
