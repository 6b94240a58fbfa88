"""Scores of a file of predictions: checked, scored, kept as a run, sent to Kaggle."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sdm.data import kaggle
from sdm.data.store import write_store
from sdm.evaluation.imported_runs import import_run
from sdm.evaluation.submissions.check import check_submission
from sdm.runs import TrainingOptions
from sdm.training import Runtime, train
from tests.datasets import multilabel
from tests.pages.screen import Open, html
from tests.submissions import NEAR_AND_FAR, sets

FILE = "file"


def drop(app: AppTest, content: str, name: str = "mine.csv") -> AppTest:
    return app.file_uploader[0].upload(name, content.encode(), "text/csv").run()


def test_a_bad_file_is_refused_line_by_line(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], page="scores", scores_section=FILE)
    drop(app, sets(NEAR_AND_FAR) + "115,3\n<script>,1\n", "<img src=x>.csv")
    assert not app.exception
    assert "2 problems" in app.error[0].value
    assert "survey 115 was on line 2 already" in html(app)
    assert "&lt;script&gt;" in html(app)
    assert "<script" not in html(app)
    assert not app.main.button


def test_a_good_file_is_scored_and_kept(opened: Open, stores: dict[str, Path], own: Path) -> None:
    app = opened(stores["multilabel"], page="scores", scores_section=FILE)
    drop(app, sets(NEAR_AND_FAR, "3 10 11 42"))
    assert app.success
    assert "samples-F1" in html(app)
    assert app.text_input("submission_name").value == "mine"
    app.button[0].click().run()
    assert not app.exception
    assert "Kept as the run “mine”" in app.success[0].value
    assert (own / "mine" / "card.json").exists()
    board = opened(stores["multilabel"], page="scores", run="mine")
    assert "Submission mine.csv" in html(board)
    assert "each species has probability 1" in html(board)
    app.button[0].click().run()
    assert "not kept" in app.error[0].value


@pytest.mark.usefixtures("own")
def test_a_run_needs_a_plain_name(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], page="scores", scores_section=FILE)
    drop(app, sets(NEAR_AND_FAR), "../../été =1+1.csv")
    assert "/" not in app.text_input("submission_name").value
    app.text_input("submission_name").set_value("../mine").run()
    app.button[0].click().run()
    assert not app.exception
    assert "no name for a run" in html(app)


OTHERS = {
    "multiclass": sets(NEAR_AND_FAR, "2"),
    "regression": "surveyId,value\n" + "".join(f"{survey},5\n" for survey in NEAR_AND_FAR),
}


@pytest.mark.parametrize(("kind", "content"), OTHERS.items())
def test_files_of_other_kinds(opened: Open, stores: dict[str, Path], own: Path, kind: str, content: str) -> None:
    app = opened(stores[kind], page="scores", scores_section=FILE)
    drop(app, content)
    assert app.success
    app.button[0].click().run()
    assert not app.exception
    assert (own / "mine").is_dir()
    assert not opened(stores[kind], page="scores", run="mine").exception


def test_predict_and_confusion_show_an_imported_run(
    opened: Open, stores: dict[str, Path], own: Path, tmp_path: Path
) -> None:
    path, data = tmp_path / "mine.csv", multilabel()
    path.write_text(sets(NEAR_AND_FAR, "3 42"))
    import_run(path, own / "mine", data, check_submission(path, data))
    app = opened(stores["multilabel"], page="predict", survey="118", models="mine", decoder="validated")
    assert not app.exception
    assert "**2** species" in " ".join(e.value for e in app.markdown)
    names = data.targets.classes.set_index("class_id")["name"]
    assert all(html(app).count(names[class_id]) for class_id in (3, 42))
    elsewhere = opened(stores["multilabel"], page="predict", survey="105", models="mine")
    assert not elsewhere.exception
    assert "none of this survey" in html(elsewhere)
    assert not opened(stores["multilabel"], page="confusion", run="mine").exception


@pytest.fixture
def real_run(own: Path, tmp_path: Path) -> Path:
    """A run and its data set, said to be real; the folder of the data."""
    data = replace(multilabel(), simulated=False, name="real", title="Real surveys")
    train(data, own / "real-country", TrainingOptions("country-frequency"), Runtime(device="cpu"))
    return write_store(data, tmp_path / "real").place


def test_a_kaggle_score_is_recorded_by_hand(opened: Open, real_run: Path, own: Path) -> None:
    app = opened(real_run, page="scores", run="real-country")
    assert not app.exception
    app.number_input[0].set_value(0.17)
    app.button[0].click().run()
    assert not app.exception
    assert json.loads((own / "real-country" / "kaggle.json").read_text())["public"] == 0.17
    assert "0.170" in html(app)
    assert "Kaggle public" in str(app.get("plotly_chart")[1].proto)


def test_nothing_is_recorded_without_a_score(opened: Open, real_run: Path, own: Path) -> None:
    app = opened(real_run, page="scores", run="real-country")
    app.button[0].click().run()
    assert not app.exception
    assert "not recorded" in app.error[0].value
    assert not (own / "real-country" / "kaggle.json").exists()


def test_without_kaggles_client_the_page_says_how(
    opened: Open, real_run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kaggle, "CLIENT", "no-such-client")
    app = opened(real_run, page="scores", run="real-country")
    assert "pip install kaggle" in html(app)
    assert "kaggle auth login" in html(app)


def test_a_submission_goes_by_kaggles_client(
    opened: Open, real_run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[str, str]] = []

    def submit(path: Path, message: str, competition: str = "") -> str:  # noqa: ARG001
        sent.append((path.read_text().splitlines()[0], message))
        return "Successfully submitted <b>"

    monkeypatch.setattr(kaggle, "find_client", lambda: Path("kaggle"))
    monkeypatch.setattr(kaggle, "submit", submit)
    app = opened(real_run, page="scores", run="real-country")
    app.button[1].click().run()
    assert not app.exception
    assert sent == [("surveyId,predictions", "real-country")]
    assert "Successfully submitted &lt;b&gt;" in html(app)


@pytest.mark.parametrize(("species", "unchecked"), [("3 42", False), ("3 9999", True)])
def test_ids_that_could_not_be_checked_are_not_called_valid(
    opened: Open, tmp_path: Path, species: str, unchecked: bool
) -> None:
    data = replace(multilabel(), simulated=False, name="part")
    app = opened(write_store(data, tmp_path / "part").place, page="scores", scores_section=FILE)
    drop(app, sets(NEAR_AND_FAR, species))
    assert not app.exception
    assert bool(app.warning) is unchecked and bool(app.success) is not unchecked
    assert "9999" in app.warning[0].value if unchecked else True
    assert [button for button in app.button if "Keep it" in button.label]


@pytest.mark.real
def test_a_real_partial_tree(opened: Open, real_tree: Path) -> None:
    app = opened(real_tree, page="scores", scores_section=FILE)
    assert not app.exception
    drop(app, "surveyId,predictions\n642,1 5\n")
    assert not app.exception
    assert "surveys are missing" in html(app)
    assert not opened(real_tree, page="scores").exception
