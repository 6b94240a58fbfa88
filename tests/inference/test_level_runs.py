"""Runs of a coarser level of classes, and of a value, through all that is done with a run of a packed data set."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import rasterio
from click.testing import CliRunner

from sdm.cli import main
from sdm.data.dataset import Dataset, TargetKind
from sdm.data.open import open_dataset
from sdm.data.survey import dossier, with_classes_of
from sdm.data.views import at_level
from sdm.evaluation.by_source import by_source
from sdm.evaluation.ensembles import make_ensemble
from sdm.evaluation.run_evaluation import evaluate, remeasure
from sdm.evaluation.run_model import open_model, predict_or_recall
from sdm.inference.answers import RunService
from sdm.inference.band_attribution import band_attribution
from sdm.inference.class_map_files import CLASSES, VALUE
from sdm.maps.class_colours import class_colours
from sdm.models.preparation import read_batch
from sdm.runs import Run
from sdm.runs.training_options import recipe
from sdm.training import Runtime, train
from tests.rasters.coast import PIXEL, coast, write_coast

VIEW, MAIN_TYPES = "level:main_type", ["T1", "T4", "V1"]
FIRST = [1, 2, 4]  # the lowest class_id of each
KINDS = {"level": TargetKind.MULTICLASS, "lime": TargetKind.REGRESSION}


@dataclass(frozen=True)
class Case:
    """A data set as it was made, the same packed, and two runs on it."""

    kind: str
    made: Dataset
    packed: Dataset
    runs: tuple[Run, Run]

    @property
    def folder(self) -> Path:
        assert self.packed.place is not None
        return self.packed.place

    def sdm(self, *words: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, [*words, "--data", str(self.folder)])
        return done.exit_code, done.output


@pytest.fixture(scope="module", params=KINDS)
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Case:
    home, kind = tmp_path_factory.mktemp(request.param), KINDS[request.param]
    packed = open_dataset(write_coast(home / "coast", kind, step=6))
    model, view = ("pixel-mlp", VIEW) if request.param == "level" else ("lime-mlp", "")
    runs = [
        train(packed, home / f"run{seed}", recipe(model, epochs=2, seed=seed, view=view), Runtime("cpu"))
        for seed in (0, 1)
    ]
    return Case(request.param, coast(kind, 6), packed, (runs[0], runs[1]))


@pytest.fixture(scope="module")
def both(case: Case) -> Run:
    return make_ensemble(case.folder.parent / "both", case.runs, [0.25, 0.75], case.packed)


def expected(case: Case, run: Run, rows: np.ndarray) -> np.ndarray:
    """What the network says, asked by hand."""
    model = open_model(run)
    return model.predict(read_batch(case.made, rows, model.inputs, run.card.statistics, targets=False)).numpy()


def truth(case: Case, rows: np.ndarray) -> np.ndarray:
    """The main types, by their names, or the values."""
    values = np.asarray(case.made.targets.values)[rows]
    if case.kind == "lime":
        return values
    names = case.made.targets.classes["name"].to_numpy(str)[values]
    return np.array([MAIN_TYPES.index(name.split("-")[0]) for name in names])


def test_scores_are_those_of_the_level(case: Case, both: Run) -> None:
    rows = case.made.rows("test")
    for run in (*case.runs, both):
        said = predict_or_recall(run, case.packed, rows).probabilities
        scores = evaluate(run, case.packed, "test")
        if case.kind == "level":
            assert run.card.class_names == tuple(MAIN_TYPES) and run.card.class_ids == tuple(FIRST)
            assert scores["accuracy"].value == (said.argmax(axis=1) == truth(case, rows)).mean()
            assert "accuracy/group" in scores and "accuracy/main_type" not in scores
        else:
            error = np.sqrt(np.mean((said[:, 0] - truth(case, rows)) ** 2))
            assert scores["rmse"].value == pytest.approx(error, rel=1e-5)
        assert repr(scores) == repr(run.card.scores["test"])
        assert repr(remeasure(run, case.packed, ["test"]).card.scores["test"]) == repr(scores)


def test_an_ensemble_is_the_mean_of_its_members(case: Case, both: Run) -> None:
    rows = case.made.rows("test")
    one, other = (expected(case, run, rows) for run in case.runs)
    said = predict_or_recall(both, case.packed, rows)
    np.testing.assert_allclose(said.probabilities, 0.25 * one + 0.75 * other, atol=2e-3)
    stored = both.predictions("test")
    np.testing.assert_allclose(stored.matrix(), said.probabilities, rtol=2e-3, atol=2e-3)
    assert both.card.view == case.runs[0].card.view


def test_each_site_is_scored_at_the_level(case: Case, both: Run) -> None:
    rows = case.made.rows("test")
    table = by_source(case.packed, both.card, {"test": predict_or_recall(both, case.packed, rows)})
    one = table[
        (table["source"] == "Vega") & (table["metric"] == ("accuracy" if case.kind == "level" else "rmse"))
    ]
    rows = rows[case.made.sites["source"].to_numpy()[rows] == "Vega"]
    said = predict_or_recall(both, case.packed, rows).probabilities
    right = (said.argmax(axis=1) == truth(case, rows)).mean()
    error = np.sqrt(np.mean((said[:, 0] - truth(case, rows)) ** 2))
    assert one["value"].tolist() == pytest.approx([right if case.kind == "level" else error], rel=1e-5)


def test_the_service_says_what_the_run_says(case: Case, both: Run) -> None:
    service, row = RunService(), int(case.made.rows("test")[3])
    survey = dossier(case.packed, row)
    answers = service.ask([*case.runs, both], survey)
    for answer, run in zip(answers[:2], case.runs, strict=True):
        np.testing.assert_allclose(answer.probabilities, expected(case, run, np.array([row]))[0], atol=1e-5)
    mean = 0.25 * answers[0].probabilities + 0.75 * answers[1].probabilities
    np.testing.assert_allclose(answers[2].probabilities, mean, atol=1e-5)


def test_what_is_recorded_is_seen_at_the_level() -> None:
    data, row = coast(), 40
    seen = with_classes_of(dossier(data, row), at_level(data, "main_type"))
    (one,) = seen.recorded
    name = data.targets.classes["name"].iloc[data.targets.values[row]].split("-")[0]
    assert (one.class_id, one.name) == (FIRST[MAIN_TYPES.index(name)], name)
    lime = coast(TargetKind.REGRESSION)
    assert with_classes_of(dossier(lime, row), lime).target == lime.targets.values[row]


def test_each_band_is_attributed(case: Case, both: Run) -> None:
    """The change is that of the very output: what the network says with the band at its training mean."""
    run, row = case.runs[0], int(case.made.rows("test")[0])
    made = band_attribution(RunService(), run, dossier(case.packed, row), PIXEL)
    assert made.change.shape == (10, run.card.width)
    batch = read_batch(case.made, np.array([row]), {PIXEL: "stored"}, run.card.statistics, targets=False)
    hidden = batch[PIXEL].clone()
    hidden[0, 7] = run.card.statistics.mean[PIXEL][7]
    of_both = band_attribution(RunService(), both, dossier(case.packed, row), PIXEL)
    other_run = band_attribution(RunService(), case.runs[1], dossier(case.packed, row), PIXEL)
    np.testing.assert_allclose(of_both.change, 0.25 * made.change + 0.75 * other_run.change, atol=1e-4)
    model = open_model(run)
    centred = (hidden - hidden.mean()) / hidden.std(correction=0)
    other = model.predict({PIXEL: centred, f"{PIXEL}_valid": batch[f"{PIXEL}_valid"]})  # type: ignore[arg-type]
    np.testing.assert_allclose(made.change[7], made.whole - other.numpy()[0], atol=1e-4)


def test_predict_writes_the_numbers_of_the_level(case: Case, tmp_path: Path) -> None:
    out, rows = tmp_path / "out.csv", case.made.rows("test")
    code, said = case.sdm("predict", str(case.runs[0].path), "--out", str(out))
    if case.kind == "lime":
        assert code == 2 and "this run gives numbers" in said and not out.exists()
        return
    assert "lowest class_id" in said
    written = pd.read_csv(out, dtype={"predictions": int}).set_index("surveyId")["predictions"]
    chosen = expected(case, case.runs[0], rows).argmax(axis=1)
    assert written[case.made.sites["survey_id"].to_numpy()[rows]].tolist() == [FIRST[i] for i in chosen]


def test_evaluate_tells_the_baselines_of_the_level(case: Case) -> None:
    code, said = case.sdm("evaluate", str(case.runs[0].path), "--split", "test", "--json")
    assert code == 0
    baseline = json.loads(said)["baselines"]["test"]["class-frequency"]
    train_rows, test = case.made.rows("train"), case.made.rows("test")
    if case.kind == "level":
        often = np.bincount(truth(case, train_rows)).argmax()
        assert baseline["accuracy"]["value"] == pytest.approx((truth(case, test) == often).mean())
    else:
        mean = truth(case, train_rows).mean()
        assert baseline["rmse"]["value"] == pytest.approx(np.sqrt(np.mean((truth(case, test) - mean) ** 2)))
    code, said = case.sdm("evaluate", str(case.runs[0].path), "--split", "test", "--report")
    assert code == (2 if case.kind == "lime" else 0) and (case.kind == "lime") == ("T1  " not in said)


def test_decoding_is_for_sets_alone(case: Case) -> None:
    code, said = case.sdm("decode", str(case.runs[0].path))
    assert code == 2 and "only probabilities of species" in said


def test_a_map_shows_the_level_in_its_colours(case: Case, both: Run, tmp_path: Path) -> None:
    code, said = case.sdm("classmap", str(both.path), "--out", str(tmp_path / "maps"))
    assert code == 0, said
    folder = tmp_path / "maps" / "Vega"
    rows = np.flatnonzero(case.made.sites["source"] == "Vega")[5:60]
    alone = predict_or_recall(both, case.packed, rows).probabilities
    with rasterio.open(folder / (CLASSES if case.kind == "level" else VALUE)) as file:
        values, at = file.read(1), [file.index(x, y) for x, y in case.made.sites.loc[rows, ["x", "y"]].to_numpy()]
        tags, colours = file.tags(1), file.colormap(1) if case.kind == "level" else {}
    row, column = np.array(at).T
    table = pd.read_csv(folder / "predictions.csv")
    if case.kind == "lime":
        np.testing.assert_allclose(values[row, column], alone[:, 0], atol=2e-2)
        assert list(table) == ["latitude", "longitude", "predicted_value"] and (folder / "value.png").exists()
        assert len(table) == np.isfinite(values).sum()
        return
    assert (values[row, column] == alone.argmax(axis=1) + 1).all() and set(table["predicted_class"]) <= set(
        MAIN_TYPES
    )
    assert [tags[f"CLASS_{i}"] for i in (1, 2, 3)] == MAIN_TYPES
    shades = class_colours(at_level(case.made, "main_type").targets).rgb(np.array(MAIN_TYPES))
    assert [colours[i][:3] for i in (1, 2, 3)] == [shades[name] for name in MAIN_TYPES]
    assert len(set(shades.values())) == 3


def test_a_baseline_counts_the_level(tmp_path: Path) -> None:
    data = coast(step=6)
    run = train(data, tmp_path / "run", recipe("class-frequency", view=VIEW), Runtime("cpu"))
    kinds = data.targets.classes["main_type"].to_numpy(str)[data.targets.values[data.rows("train")]]
    said = predict_or_recall(run, data, np.array([0])).probabilities[0]
    np.testing.assert_allclose(said, [(kinds == name).mean() for name in MAIN_TYPES], atol=1e-6)
