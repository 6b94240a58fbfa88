"""The kernels of the first convolution."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sdm.evaluation.first_convolution import Kernels, first_kernels
from sdm.evaluation.run_inputs import dropout
from sdm.figures.kernels import kernels
from sdm.runs.weights import read_tensors
from sdm.training import train
from tests.datasets import DATASETS
from tests.training.small import CPU, small


def test_kernels_are_those_of_the_stored_weights(tmp_path: Path) -> None:
    data = DATASETS["multiclass"]("image32-c1to3")
    run = train(data, tmp_path / "cnn", small("image-cnn", epochs=1), CPU)
    found = first_kernels(run)
    assert found is not None and found.bands == ("c1", "c2", "c3")
    stored = read_tensors(run.path / "weights.safetensors")["encoder.conv1.weight"].float().numpy()
    np.testing.assert_array_equal(found.values, stored)
    assert found.values.shape == (32, 3, 3, 3)
    figure = kernels(found)
    assert figure.table["mean absolute weight"].tolist() == np.abs(stored).mean(axis=(0, 2, 3)).tolist()
    assert np.nanmax(np.abs(figure.plot.data[0].z)) == 1
    assert dropout(run) == 0


def test_networks_without_a_convolution_have_none(tmp_path: Path) -> None:
    data = DATASETS["regression"]("pixel-B2-B3")
    run = train(data, tmp_path / "mlp", small("lime-mlp", epochs=12), CPU)
    assert first_kernels(run) is None
    assert dropout(run) == 0.2
    history = run.history()
    assert run.card.last_epochs["rmse"] == np.mean(history["rmse"].tail(10))
    clean = run.card.loss_without_dropout
    assert clean is not None and np.isfinite(clean) and clean != history["train_loss"].iloc[-1]
    assert train(data, tmp_path / "base", small("class-frequency"), CPU).card.last_epochs == {}


def test_more_kernels_and_bands_than_fit_are_said_so() -> None:
    figure = kernels(Kernels("", tuple("abcdefghi"), np.random.default_rng(0).normal(size=(100, 9, 7, 7))))
    assert "64 kernels, 6 bands" in figure.caption and len(figure.table) == 9
    flat = kernels(Kernels("", ("B2",), np.zeros((3, 1, 3, 3))))
    assert not np.nan_to_num(flat.plot.data[0].z).any()
