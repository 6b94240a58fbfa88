"""Occlusion of bands: a model of known weights gives them back; missing values stay missing."""

from __future__ import annotations

from concurrent.futures import Future

import numpy as np

from sdm.figures.attribution import Unit, by_band
from sdm.inference.band_attribution import attribute_bands
from sdm.inference.loaded_model import Request
from sdm.inference.service import Prediction

PIXEL = "pixel-B2-B3-B4"
WEIGHTS = np.array([2.0, 0.0, -1.0])


def answered(request: Request) -> Future[Prediction]:
    values = np.nan_to_num(request.arrays[PIXEL]).reshape(3, -1).mean(axis=1)
    future: Future[Prediction] = Future()
    total = float(values @ WEIGHTS)
    future.set_result(Prediction(np.array([total, -total], np.float32), 0.0, 1, "cpu"))
    return future


def test_a_linear_model_gives_its_weights_back() -> None:
    made = attribute_bands(
        answered, Request({}, {PIXEL: np.array([5.0, 7.0, 9.0])}), PIXEL, np.array([4.0, 4.0, 4.0])
    )
    assert made.change[:, 0].tolist() == [2.0, 0.0, -5.0]
    assert made.change[:, 1].tolist() == [-2.0, 0.0, 5.0]
    assert made.table(0)["band"].tolist() == ["B2", "B3", "B4"]


def test_a_series_is_explained_by_band_and_by_step() -> None:
    """Of a model that reads the second date of B3 alone."""
    name, values = "series3-B2-B3", np.array([[1.0, 2.0, np.nan], [3.0, 9.0, np.nan]])

    def second(request: Request) -> Future[Prediction]:
        future: Future[Prediction] = Future()
        future.set_result(Prediction(request.arrays[name][1, 1:2].astype(np.float32), 0.0, 1, "cpu"))
        return future

    made = attribute_bands(second, Request({}, {name: values}), name, np.array([1.0, 4.0]))
    assert made.change[:, 0].tolist() == [0.0, 5.0] and made.by_step[:, 0].tolist() == [0.0, 5.0, 0.0]
    assert made.step_table(0)["step"].tolist() == [1, 2, 3]


def test_a_missing_band_is_not_filled() -> None:
    made = attribute_bands(answered, Request({}, {PIXEL: np.array([np.nan, 7.0, 9.0])}), PIXEL, np.full(3, 4.0))
    assert made.change[0].tolist() == [0.0, 0.0] and made.by_step.shape == (0, 2)


def test_the_figure_names_the_strongest() -> None:
    made = attribute_bands(answered, Request({}, {PIXEL: np.array([5.0, 7.0, 9.0])}), PIXEL, np.full(3, 4.0))
    figure = by_band(made.table(0), "lime", Unit(1.0, "lime", "lime"))
    assert figure.plot.data[0].y.tolist() == [2.0, 0.0, -5.0] and "B4" in figure.alt
