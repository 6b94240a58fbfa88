"""Training: one's own is started, watched, stopped and gone on with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sdm.data.store import write_store
from sdm.errors import TrainingError
from sdm.runs import RunConfig, TrainingOptions
from sdm.runs.lock import holding
from sdm.runs.published_settings import published_settings
from sdm.training import Runtime, jobs, train
from sdm.training.runtime import TrainingProgress
from sdm.ui.components.trainings import progress_sentence
from sdm.ui.state import Key
from tests.datasets import DATASETS, multilabel
from tests.pages.screen import Open, html
from tests.pages.trainings import begun, drawn, put, sound

TRAIN = "train"


def test_a_training_is_started_with_the_settings_asked_for(
    opened: Open, stores: dict[str, Path], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[tuple[Path, RunConfig, Path]] = []
    monkeypatch.setattr(jobs, "start", lambda *asked: started.append(asked))
    app = sound(opened(stores["multilabel"], page="training", training_section=TRAIN))
    assert "Nothing is being trained" in [text.value.removeprefix("#### ") for text in app.markdown]
    assert not any("country" in name for name in app.selectbox(Key.TRAIN_MODEL).options)
    app.selectbox(Key.TRAIN_MODEL).set_value("landsat-mlp").run()
    app.slider("epochs_landsat-mlp").set_value(3)
    app.number_input("seed_landsat-mlp").set_value(5)
    app.button[0].click().run()
    sound(app)
    ((folder, config, data),) = started
    assert folder == home / "landsat-mlp"
    assert data == stores["multilabel"].resolve()
    training = config.training
    assert (training.model, training.epochs, training.seed, training.lr) == ("landsat-mlp", 3, 5, 3e-4)
    assert config.data.fingerprint == "fixture-multilabel-1"


@pytest.mark.usefixtures("home")
def test_a_training_is_started_as_published(
    opened: Open, stores: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[tuple[Path, RunConfig, Path]] = []
    monkeypatch.setattr(jobs, "start", lambda *asked: started.append(asked))
    app = sound(opened(stores["multilabel"], page="training", training_section=TRAIN))
    app.selectbox(Key.TRAIN_MODEL).set_value("landsat-cnn").run()
    app.selectbox("settings_landsat-cnn").set_value("published").run()
    assert "epochs_landsat-cnn" not in [slider.key for slider in app.slider]
    assert "satellite-only models" in html(app) + " ".join(caption.value for caption in app.caption)
    app.button[0].click().run()
    sound(app)
    ((_, config, _),) = started
    assert config.training == published_settings("landsat-cnn", "published").options(gpu=False)
    app.selectbox(Key.TRAIN_MODEL).set_value("environment-mlp").run()
    assert "settings_environment-mlp" not in [box.key for box in sound(app).selectbox]


@pytest.mark.usefixtures("home")
def test_limits_hold(opened: Open, stores: dict[str, Path]) -> None:
    app = sound(opened(stores["multilabel"], page="training", training_section=TRAIN))
    name = app.selectbox(Key.TRAIN_MODEL).value
    assert (app.slider(f"epochs_{name}").min, app.slider(f"epochs_{name}").max) == (1, 100)
    assert (app.number_input(f"seed_{name}").min, app.number_input(f"seed_{name}").max) == (0, 9999)


@pytest.mark.usefixtures("home")
def test_a_refused_start_is_explained(
    opened: Open,
    stores: dict[str, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        raise TrainingError("enough is running", remedy="Wait for one to finish, or stop it.")

    monkeypatch.setattr(jobs, "start", refuse)
    app = opened(stores["multilabel"], page="training", training_section=TRAIN)
    app.button[0].click().run()
    assert "enough is running" in html(sound(app))


def test_a_running_training_shows_progress_curve_and_stop(
    opened: Open, stores: dict[str, Path], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = begun(home / "mlp", epochs=4)
    stopped: list[Path] = []
    monkeypatch.setattr(jobs, "stop", stopped.append)
    with holding(run.path):
        app = sound(opened(stores["multilabel"], page="training", training_section=TRAIN))
        assert "Getting ready" in app.get("progress")[0].proto.text
        put(run.path / "batches.csv", "step,epoch,loss,lr,seconds\n1,1,0.7,0.1,1\n2,2,0.6,0.1,2\n")
        put(run.path / "history.csv", "epoch,step,train_loss,samples-f1,seconds\n1,1,0.7,0.4,1\n")
        app.run()
        assert (
            "Epoch 2 of 4 · step 2 of 4 · loss 0.6 · 2 s gone, about 2 s left" in app.get("progress")[0].proto.text
        )
        assert len(drawn(sound(app))) == 2
        app.button("stop_mlp").click().run()
        assert stopped == [run.path]
    app.run()
    assert "goes on from the step it saved last" in html(sound(app))


def test_an_interrupted_training_goes_on(
    opened: Open, stores: dict[str, Path], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = begun(home / "mlp")
    put(run.path / jobs.OUTPUT, "error: the loss is nan at step 3\n")
    started: list[tuple[object, ...]] = []
    monkeypatch.setattr(jobs, "start", lambda *asked: started.append(asked))
    app = sound(opened(stores["multilabel"], page="training", training_section=TRAIN))
    assert "It gave up: the loss is nan at step 3" in html(app)
    app.button("go_on_mlp").click().run()
    assert started == [(run.path, run.config, stores["multilabel"].resolve())]


def test_a_training_of_other_data_names_it(opened: Open, stores: dict[str, Path], home: Path) -> None:
    begun(home / "mlp")
    app = sound(opened(stores["regression"], page="training", training_section=TRAIN))
    assert "fixture-multilabel" in html(app)
    assert "go_on_mlp" not in [button.key for button in app.button]


def test_a_finished_training_leads_to_its_curves(opened: Open, stores: dict[str, Path], home: Path) -> None:
    train(multilabel(), home / "mlp", TrainingOptions("landsat-mlp", epochs=2), Runtime(device="cpu"))
    put(home / "mlp" / jobs.OUTPUT, "")
    app = sound(opened(stores["multilabel"], page="training", training_section=TRAIN))
    assert "finished" in html(app)
    assert "samples-F1" in html(app)
    app.button("show_mlp").click().run()
    assert app.multiselect[0].value == ["mlp"]
    assert len(drawn(sound(app))) == 3


def test_a_broken_card_is_explained(opened: Open, stores: dict[str, Path], home: Path) -> None:
    run = begun(home / "mlp")
    put(run.path / "card.json", "{")
    put(run.path / jobs.OUTPUT, "")
    app = sound(opened(stores["multilabel"], page="training", training_section=TRAIN))
    assert "Its card cannot be read" in app.error[0].value


@pytest.mark.usefixtures("home")
def test_data_without_a_validation_split_trains_nothing(opened: Open, tmp_path: Path) -> None:
    data = multilabel()
    bare = replace(data, sites=data.sites.assign(split_block="test_near", split_random="test_near"))
    app = sound(opened(write_store(bare, tmp_path / "bare").place, page="training", training_section=TRAIN))
    assert "Nothing can be trained on this data" in html(app)
    assert not app.main.button


def test_progress_in_words() -> None:
    assert progress_sentence(TrainingProgress(8, 8, "steps", 9.0, epoch=2, epochs=2, loss=0.1)).startswith(
        "Trained. Predicting"
    )
    assert (
        progress_sentence(TrainingProgress(3, 0, "steps", 9.0, epoch=1, epochs=2, loss=0.25))
        == "Epoch 1 of 2 · step 3 · loss 0.25 · 9 s gone"
    )


@pytest.mark.usefixtures("home")
def test_the_form_has_the_schemes_and_levels_of_the_data(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = DATASETS["multiclass"]("pixel-B2-B3-B4", "image16-c1to3")
    store = write_store(replace(data, sites=data.sites.assign(split_site="test")), tmp_path / "pixels").place
    app = sound(opened(store, page="training", training_section=TRAIN))
    assert app.selectbox("train_scheme").options == ["by block", "random"]  # by site nothing is left to learn from
    assert app.selectbox("train_level").options == ["finest", "main type", "group"]
    assert {"MLP on the pixel", "Small CNN on an image"} <= set(app.selectbox(Key.TRAIN_MODEL).options)
    app.selectbox("train_scheme").set_value("random")
    sound(app.selectbox("train_level").set_value("main_type").run())
    started: list[RunConfig] = []
    monkeypatch.setattr(jobs, "start", lambda *asked: started.append(asked[1]))
    sound(next(button for button in app.button if button.label == "Start training").click().run())
    assert (started[0].training.scheme, started[0].training.view) == ("random", "level:main_type")
    assert started[0].training.model_config["modality"] == "pixel-B2-B3-B4"
