"""Files with species that a part of the tables does not name: kept by id, and said not to be checked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result
from scipy.sparse import csr_matrix

from sdm.cli import main
from sdm.data.dataset import Dataset
from sdm.data.store import write_store
from sdm.errors import RunError
from sdm.evaluation.ensembles import make_ensemble
from sdm.evaluation.imported_runs import import_run, submission_scores
from sdm.evaluation.labelled_predictions import label
from sdm.evaluation.run_model import predict_or_recall
from sdm.evaluation.submissions.check import check_submission
from sdm.runs import Run, mismatch
from tests.datasets import multilabel
from tests.submissions import NEAR_AND_FAR, VALIDATION, sets, written


def part() -> Dataset:
    """Real data of which only some species are known."""
    return replace(multilabel(), simulated=False)


def bare() -> Dataset:
    """A tree without its training table: no species, nothing known."""
    data = part()
    classes = pd.DataFrame({"class_id": pd.Series(dtype=np.int64), "name": pd.Series(dtype=str)})
    nothing = replace(data.targets, classes=classes, values=csr_matrix((20, 0)), known=np.zeros(20, bool))
    return replace(data, targets=nothing, fingerprint="bare")


def imported(tmp_path: Path, text: str, data: Dataset, name: str = "mine") -> Run:
    path = written(tmp_path, text)
    return import_run(path, tmp_path / "runs" / name, data, check_submission(path, data))


def test_species_are_refused_only_where_all_are_known(tmp_path: Path) -> None:
    path = written(tmp_path, sets(NEAR_AND_FAR, "3 42 9999"))
    assert next(str(each) for each in check_submission(path, multilabel()).problems).endswith(
        "unknown species 9999"
    )
    checked = check_submission(path, part())
    assert checked.valid and checked.unchecked.tolist() == [9999]
    assert "1 of 3" in checked.unchecked_sentence() and "2 of 3" in checked.checked_sentence()
    assert check_submission(written(tmp_path, sets(NEAR_AND_FAR)), part()).unchecked_sentence() == ""


@pytest.mark.parametrize(
    ("data", "ids"), [(part(), (3, 10, 11, 42, 700, 5000, 11254, 8, 9999)), (bare(), (8, 42, 9999))]
)
def test_unknown_species_are_kept_by_their_id(tmp_path: Path, data: Dataset, ids: tuple[int, ...]) -> None:
    run = imported(tmp_path, sets(NEAR_AND_FAR, "9999 42 8"), data)
    assert run.card.class_ids == ids and run.card.class_names[-1] == "9999"
    assert mismatch(run, data) is None
    found = predict_or_recall(run, data, data.rows("test_near"))
    assert (found.probabilities == np.isin(ids, [8, 42, 9999])).all()
    assert found.truth.shape == (3, len(ids))


def test_unknown_species_count_as_false_alarms(tmp_path: Path) -> None:
    def f1(species: str) -> float:
        path = written(tmp_path, sets(VALIDATION, species))
        return submission_scores(check_submission(path, part()), part())["validation"]["samples-f1"].value

    assert f1("3 10 9999") < f1("3 10")


def test_what_is_of_more_species_is_not_mixed_nor_compared(tmp_path: Path) -> None:
    text = "surveyId,42,{}\n" + "".join(f"{s},0.25,0.75\n" for s in VALIDATION)
    one, other = (imported(tmp_path, text.format(i), part(), f"run{i}") for i in (3, 9999))
    with pytest.raises(RunError, match="the same species"):
        make_ensemble(tmp_path / "runs" / "both", [one, other], [0.5, 0.5], part())
    tests = imported(tmp_path, sets(NEAR_AND_FAR, "8"), bare(), "bare")
    assert len(label(bare(), tests.predictions("test_near"))) == 0


def test_the_command_says_what_was_checked(tmp_path: Path) -> None:
    def sdm(*words: object) -> Result:
        return CliRunner().invoke(main, [str(word) for word in words])

    store, file = write_store(bare(), tmp_path / "store").place, written(tmp_path, sets(NEAR_AND_FAR, "42 9999"))
    done = sdm("import", file, "--run", tmp_path / "runs" / "mine", "--data", store)
    assert done.exit_code == 0, done.output
    assert "Not checked: 2 of 2" in done.stdout and "42, 9999" in done.stdout
    back = sdm("predict", tmp_path / "runs" / "mine", "--data", store, "--out", tmp_path / "back.csv")
    assert back.exit_code == 0, back.output
    assert (tmp_path / "back.csv").read_text() == file.read_text()
    truth = tmp_path / "truth.csv"
    truth.write_text(sets(NEAR_AND_FAR, "42"))
    assert "not in the truth" in sdm("score", file, truth).stdout and "9999" in sdm("score", file, truth).stdout
    assert "not in the truth" not in sdm("score", truth, truth).stdout
