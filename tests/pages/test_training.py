"""Training: how did it learn?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sdm.data.store import write_store
from sdm.runs.folder import CONFIG
from sdm.runs.training_options import recipe
from sdm.training import Runtime, train
from sdm.training_logs.table import LONGEST_NAME
from sdm.ui.components import runs
from sdm.ui.components.linked import box_key
from sdm.ui.state import Key
from sdm.ui.training import logs
from tests.datasets import DATASETS, multilabel, renamed
from tests.hostile import HOSTILE
from tests.pages.screen import Open, html
from tests.pages.trainings import begun, drawn, put, sound

STUDY, TRAIN, NETWORK = "study", "train", "network"
LIGHTNING = "epoch,step,train_loss_step,val_loss,val_acc\n0,1,0.9,,\n0,2,0.7,,\n0,2,,0.8,0.4\n1,4,,0.6,0.5\n"


def test_without_a_run_it_says_what_to_do(opened: Open, stores: dict[str, Path]) -> None:
    app = sound(opened(stores["multilabel"], page="training"))
    assert "No curve to show" in html(app)
    assert not drawn(app)


@pytest.mark.usefixtures("with_runs")
def test_every_kind_of_target_has_its_curves(opened: Open, stores: dict[str, Path], kind: str) -> None:
    app = sound(opened(stores[kind], page="training"))
    assert app.multiselect[0].value == [f"{kind}-mlp"]
    assert len(drawn(app)) == 3
    score = {"multilabel": "samples-f1", "multiclass": "macro-f1", "regression": "rmse"}[kind]
    assert f"<dt>{kind}-mlp</dt><dd>{score} " in html(app)
    assert "in epoch 1 of 1" in html(app)


@pytest.mark.usefixtures("with_runs")
def test_runs_are_compared(opened: Open, stores: dict[str, Path]) -> None:
    app = sound(opened(stores["multilabel"], page="training"))
    app.multiselect[0].set_value([f"{name}-mlp" for name in DATASETS]).run()
    sound(app)
    settings = app.dataframe[-1].value.set_index("setting")
    assert settings.loc["data.name"].tolist() == [f"fixture-{name}" for name in DATASETS]
    assert "lr" not in settings.index
    best = app.dataframe[-2].value
    assert set(best["Run"]) == {runs.mark(f"{name}-mlp", name != "multilabel") for name in DATASETS}
    assert {"Best", "Epochs to best", "Seconds to best"} <= set(best)
    assert app.selectbox(box_key(Key.SCORE)).options == ["samples-f1", "macro-f1", "accuracy", "rmse", "r2"]


@pytest.mark.usefixtures("with_runs")
def test_the_view_is_part_of_the_address(opened: Open, stores: dict[str, Path]) -> None:
    query = {"axis": "step", "smoothing": "0.5", "runs": "multilabel-mlp,regression-mlp", "logarithmic": "false"}
    app = sound(opened(stores["multilabel"], page="training", **query))
    assert "Steps" in drawn(app)[0]
    assert '"type":"log"' not in drawn(app)[0].replace(" ", "")
    assert any("weight 0.5" in caption.value for caption in app.caption)


def test_logs_from_elsewhere_are_found_below_the_folder_of_runs(
    opened: Open, stores: dict[str, Path], home: Path
) -> None:
    put(home / "lightning_logs" / "version_0" / "metrics.csv", LIGHTNING)
    app = sound(opened(stores["multilabel"], page="training"))
    assert app.multiselect[0].value == ["lightning_logs/version_0"]
    assert "val_acc 0.5 in epoch 2 of 2" in html(app)
    assert len(drawn(app)) == 3


def test_a_damaged_log_leaves_the_others(opened: Open, stores: dict[str, Path], home: Path) -> None:
    put(home / "good" / "metrics.csv", LIGHTNING)
    put(home / "bad" / "history.csv", "epoch,train_loss\n1,much\n2,0.5\n")
    put(home / "bad" / CONFIG, "{")
    app = sound(opened(stores["multilabel"], page="training"))
    assert set(app.multiselect[0].value) == {"good", "bad"}
    assert "bad cannot be read" in html(app)
    assert len(drawn(app)) == 3


def test_an_unfinished_run_shows_what_it_has(opened: Open, stores: dict[str, Path], home: Path) -> None:
    run = begun(home / "mlp")
    put(run.path / "batches.csv", "step,epoch,loss,lr,seconds\n1,1,0.7,0.1,0.5\n2,1,0.6,0.1,0.9\n3,1,0.")
    app = sound(opened(stores["multilabel"], page="training"))
    assert app.multiselect[0].value == ["mlp"]
    assert len(drawn(app)) == 1
    assert "No loss in these logs" in html(app)


def test_names_are_text_everywhere(opened: Open, home: Path, tmp_path: Path) -> None:
    names = ["<img src=x onerror=alert(1)>", "=1+1", "**bold** :smile:", "\u202e\u05d0\u05d1", "n" * 200]
    for name in names:
        put(home / name / "history.csv", f'epoch,"{name}_loss",f1\n1,0.5,0.1\n2,0.4,0.2\n')
    store = write_store(renamed(multilabel(), HOSTILE), tmp_path / "hostile").place
    app = sound(opened(store, page="training"))
    app.multiselect[0].set_value(app.multiselect[0].options).run()
    shown = html(sound(app))
    assert "<img" not in shown + "".join(drawn(app)).replace("\\u003c", "<")
    assert "&lt;img src=x onerror=alert(1)&gt;" in shown
    assert max(len(name) for name in app.multiselect[0].options) <= LONGEST_NAME
    assert len(app.multiselect[0].options) == len(names)


def test_of_two_runs_with_one_name_both_are_shown(
    opened: Open, stores: dict[str, Path], home: Path, tmp_path: Path
) -> None:
    for place in (tmp_path / "shipped", home):
        put(place / "mlp" / "metrics.csv", LIGHTNING)
    app = sound(opened(stores["multilabel"], page="training"))
    assert set(app.multiselect[0].options) == {"mlp", "mlp (runs)"}


def test_what_is_uploaded_is_read_from_a_file_of_our_own(
    opened: Open, stores: dict[str, Path], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []
    whole = logs.read_log
    monkeypatch.setattr(logs, "read_log", lambda path, name: (read.append(path), whole(path, name))[1])
    app = opened(stores["multilabel"], page="training")
    hostile = "../../etc/<b>metrics.csv"
    app.file_uploader(Key.LOG_UPLOAD).set_value((hostile, LIGHTNING.encode(), "text/csv")).run()
    sound(app)
    assert "metrics.csv (uploaded)" in app.multiselect[0].value[0]
    assert len(drawn(app)) == 3
    assert read
    assert not any("etc" in str(path) or "metrics" in str(path) for path in read)
    assert "<b>metrics" not in html(app)
    assert not any(home.iterdir())


@pytest.mark.parametrize("content", [b"", b"\x00\xff" * 50, b"a,b\nx,y\n", b"PK\x03\x04"])
@pytest.mark.usefixtures("home")
def test_an_upload_that_is_no_log_is_refused_kindly(
    opened: Open,
    stores: dict[str, Path],
    content: bytes,
) -> None:
    app = opened(stores["multilabel"], page="training")
    app.file_uploader(Key.LOG_UPLOAD).set_value(("log.csv", content, "text/csv")).run()
    sound(app)
    assert "No curve to show" in html(app)
    assert "/tmp" not in html(app)


@pytest.mark.usefixtures("home")
def test_the_study_stands_without_runs_of_ours(opened: Open, stores: dict[str, Path]) -> None:
    app = sound(opened(stores["multilabel"], page="training", training_section=STUDY))
    assert len(drawn(app)) == 1
    assert "published" in html(app)
    assert "measured:" not in html(app)
    assert "--view single-label" in app.code[0].value
    assert app.code[0].value.count("python -m sdm train") == 2


def test_the_study_shows_ours_beside_the_published(opened: Open, stores: dict[str, Path], home: Path) -> None:
    rows = "".join(f"{epoch},{0.01 * epoch},{0.005 * epoch}\n" for epoch in range(1, 21))
    for name, rate in (("slow", 1e-4), ("fast", 5e-4)):
        training = {"model": "landsat-lstm", "view": "single-label", "lr": rate}
        put(home / name / CONFIG, json.dumps({"training": training, "data": {"title": "Virtual <Europe>"}}))
        put(home / name / "history.csv", "epoch,macro-f1,accuracy\n" + rows)
    app = sound(opened(stores["multilabel"], page="training", training_section=STUDY))
    assert "measured: slow, on Virtual &lt;Europe&gt;" in html(app)
    assert "0.0001, measured" in drawn(app)[0]
    assert not app.code


@pytest.mark.real
@pytest.mark.usefixtures("home")
def test_a_real_partial_tree(opened: Open, real_tree: Path) -> None:
    for part in ("curves", NETWORK, STUDY, TRAIN):
        sound(opened(real_tree, page="training", training_section=part))


def test_dropout_and_kernels_are_explained_beside_the_curves(opened: Open, tmp_path: Path, home: Path) -> None:
    data = DATASETS["multiclass"]("pixel-B2-B3-B4", "image16-c1to3")
    store = write_store(data, tmp_path / "pixels").place
    for model in ("pixel-mlp", "image-cnn"):
        train(data, home / model, recipe(model, epochs=1), Runtime("cpu"))
    app = sound(opened(store, page="training", runs="pixel-mlp,image-cnn"))
    assert any("without dropout" in caption.value for caption in app.caption)
    assert any("image-cnn" in box.label for box in app.expander)
    assert not any("pixel-mlp" in box.label for box in app.expander)


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(("network", "pictures"), [("landsat-mlp", 1), ("fusion-series", 4)])
def test_a_network_is_drawn_a_picture_per_branch(
    opened: Open, stores: dict[str, Path], network: str, pictures: int
) -> None:
    app = sound(opened(stores["multilabel"], page="training", training_section=NETWORK, network=network))
    assert html(app).count("data:image/svg+xml") == pictures
