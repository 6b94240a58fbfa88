"""A training needs surveys that have what the model sees."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sdm.errors import DataError, TrainingError
from sdm.runs import Run
from sdm.training import Runtime, train
from sdm.training.task import make_task, training_coverage
from tests.datasets import ArrayReader, Dataset, multilabel, replace, with_inputs
from tests.training.small import CPU, small

INDEX = np.arange(20)


def environment_at(*rows: int) -> Dataset:
    """The fixture whose environment is there at `rows` alone."""
    return with_inputs(multilabel(), "environment", np.isin(INDEX, rows))


@pytest.mark.parametrize(("rows", "split"), [((13, 16), "train"), ((2, 16), "validation"), ((), "train")])
def test_nothing_is_trained_on_nothing(rows: tuple[int, ...], split: str, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=f"no survey of {split} has what environment-mlp sees.*expected envir"):
        train(environment_at(*rows), tmp_path / "run", small("environment-mlp"), CPU)
    assert not (tmp_path / "run").exists()


def test_every_input_of_a_fusion_counts(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"no survey of train has what fusion-series.*expected environment"):
        train(environment_at(13), tmp_path / "run", small("fusion-series"), CPU)


def test_little_is_trained_on_after_a_warning(tmp_path: Path) -> None:
    said: list[str] = []
    run = train(
        environment_at(2, 13), tmp_path / "run", small("environment-mlp"), Runtime("cpu", warn=said.append)
    )
    assert [("1 of 11" in line, "1 of 3" in line) for line in said[:2]] == [(True, False), (False, True)]
    assert len(said) == 4  # training, validation, and both tests, where it is nowhere
    assert run.splits() == ("validation",)  # tests without any input are not predicted
    assert set(Run.open(run.path).card.scores) == {"validation"}


def test_enough_is_trained_on_without_a_word(tmp_path: Path) -> None:
    said: list[str] = []
    train(multilabel(), tmp_path / "run", small("environment-mlp"), Runtime("cpu", warn=said.append))
    train(environment_at(), tmp_path / "country", small("country-frequency"), Runtime("cpu", warn=said.append))
    assert not said


def test_fewer_surveys_are_counted_as_drawn() -> None:
    options = small("environment-mlp", surveys=4, seed=3)
    train_rows = training_coverage(multilabel(), options)[0]
    assert (train_rows.split, train_rows.surveys) == ("train", 4)


def test_rows_without_a_single_value_are_nothing() -> None:
    class Rows(ArrayReader):
        """A table whose rows are there and empty."""

        def available(self, modality: str) -> np.ndarray:
            return np.ones(len(self.arrays[modality]), bool)

    empty = environment_at(13)
    assert isinstance(empty.reader, ArrayReader)
    with pytest.raises(DataError, match=r"every value of environment is missing.*in 11 surveys looked at"):
        make_task(replace(empty, reader=Rows(empty.reader.arrays)), small("environment-mlp"))
