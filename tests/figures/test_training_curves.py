"""Curves: what is drawn is what the table says, and nothing logged is hidden."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sdm.errors import UnknownNameError
from sdm.evaluation.published import LSTM_STUDY
from sdm.figures import training_curves
from sdm.figures.style import Figure
from sdm.figures.training_curves import MOST_POINTS, learning_study
from sdm.training_logs.lstm_study import study_table
from sdm.training_logs.smoothing import DEFAULT_VIEW, CurveView, drawn_curves, smooth
from sdm.training_logs.table import COLUMNS, empty_table


def curve(run: str, series: str, values: list[float] | np.ndarray, places: bool = True) -> pd.DataFrame:
    steps = np.arange(1.0, len(values) + 1)
    made = {
        "run": run,
        "series": series,
        "step": steps,
        "epoch": steps if places else np.nan,
        "seconds": 60 * steps,
    }
    return pd.DataFrame(made | {"value": values}, columns=list(COLUMNS))


def history(curves: pd.DataFrame, view: CurveView = DEFAULT_VIEW) -> Figure:
    return training_curves.history(drawn_curves(curves, view))


TWO = pd.concat([curve("a", "val_loss", [4, 2, 1, 3]), curve("b", "val_loss", [5, 4, 3])])


def traces(figure, **wanted):
    return [t for t in figure.plot.data if all(getattr(t, key) == value for key, value in wanted.items())]


def test_raw_band_and_smoothed_of_every_run():
    figure = history(TWO, CurveView(weight=0.5))
    assert [trace.name for trace in traces(figure, mode="lines") if trace.name] == ["a", "b"]
    bold = next(trace for trace in figure.plot.data if trace.name == "a")
    np.testing.assert_allclose(bold.y, smooth(np.array([4.0, 2, 1, 3]), 0.5))
    assert list(bold.customdata) == [4, 2, 1, 3]
    raw = [t for t in figure.plot.data if t.line.width == 1]
    assert [list(t.y) for t in raw] == [[4, 2, 1, 3], [5, 4, 3]]
    assert [list(t.y) for t in figure.plot.data if t.fill == "tonexty"] == [[4, 4, 3, 3], [5, 5, 4]]


def test_without_smoothing_the_raw_line_is_the_line():
    figure = history(TWO, CurveView(weight=0))
    lines = traces(figure, mode="lines")
    assert [list(line.y) for line in lines] == [[4, 2, 1, 3], [5, 4, 3]]
    assert figure.caption == "Star: best value."


def test_the_best_value_is_marked_where_it_was():
    stars = traces(history(TWO), mode="markers")
    assert [(list(star.x), list(star.y)) for star in stars] == [([3], [1]), ([3], [3])]
    assert [star.marker.color for star in stars] == ["#0072B2", "#D55E00"]


def test_scores_are_best_when_high():
    (star,) = traces(history(curve("a", "samples_f1", [0.1, 0.3, 0.2])), mode="markers")
    assert (list(star.x), list(star.y)) == ([2], [0.3])


@pytest.mark.parametrize(
    ("axis", "title", "x"),
    [
        ("epoch", "Epochs done", [1, 2, 3]),
        ("step", "Steps", [1, 2, 3]),
        ("seconds", "Time since the run began (min)", [1, 2, 3]),
    ],
)
def test_axes_carry_their_unit(axis: str, title: str, x: list[float]):
    figure = history(curve("a", "loss", [3, 2, 1]), CurveView(axis=axis, weight=0))
    assert figure.plot.layout.xaxis.title.text == title
    assert figure.plot.layout.yaxis.title.text == "loss"
    assert list(figure.plot.data[0].x) == x


def test_logarithmic_axis_says_what_it_cannot_show():
    figure = history(curve("a", "loss", [1, 0, -1]), CurveView(log=True))
    assert figure.plot.layout.yaxis.type == "log"
    assert "no place for 2 values of 0 or less" in figure.caption


def test_gaps_and_infinities_break_the_line_and_are_counted():
    figure = history(curve("a", "loss", [3, np.nan, np.inf, 1]), CurveView(weight=0))
    assert np.isnan(figure.plot.data[0].y[1:3]).all()
    assert "broken at 2 values" in figure.caption


def test_a_log_without_epochs_says_so():
    figure = history(pd.concat([TWO, curve("c", "val_loss", [1.0, 2.0], places=False)]))
    assert "2 values without epochs done in the log" in figure.caption
    assert set(figure.table["run"]) == {"a", "b"}


def test_long_curves_are_thinned_but_lose_no_spike():
    values = np.random.default_rng(0).normal(size=100_000)
    values[54_321] = 50
    figure = history(curve("a", "loss", values), CurveView(axis="step"))
    assert max(len(trace.y) for trace in figure.plot.data) <= MOST_POINTS
    assert max(np.nanmax(t.y) for t in figure.plot.data if t.line.width == 1) == 50
    assert len(figure.table) == 100_000


def test_one_run_gets_a_colour_per_series_and_many_a_dash():
    one = pd.concat([curve("a", "train_loss", [3, 2]), curve("a", "val_loss", [4, 3])])
    names = [(t.name, t.line.color, t.line.dash) for t in history(one).plot.data if t.name]
    assert names == [("train_loss", "#0072B2", "solid"), ("val_loss", "#D55E00", "solid")]
    both = pd.concat([one, one.assign(run="b")])
    names = [(t.name, t.line.color, t.line.dash) for t in history(both).plot.data if t.name]
    assert names[1:3] == [("a", "#0072B2", "dash"), ("b", "#D55E00", "solid")]
    assert [t.showlegend for t in history(both).plot.data if t.name] == [True, False, True, False]
    assert history(both).caption.startswith("Lines: solid train_loss, dashed val_loss.")
    assert history(both).plot.layout.yaxis.title.text == "Loss (no unit)"


def test_stars_can_be_left_out():
    figure = history(TWO, CurveView(stars=False))
    assert not traces(figure, mode="markers")
    assert "Star" not in figure.caption


def test_names_stay_text():
    figure = history(curve("<img src=x>" * 20, "<b>loss</b>", [1, 2]))
    assert "<b>" not in figure.plot.to_json().replace("\\u003c", "<")
    assert figure.plot.layout.yaxis.title.text == "&lt;b&gt;loss&lt;/b&gt;"


def test_nothing_logged_yet():
    figure = history(empty_table())
    assert figure.alt == "Training curves: nothing has been logged yet."
    assert figure.table.empty
    assert {"x", "smoothed", "low", "high"} <= set(figure.table.columns)


def test_the_first_value_of_a_live_run_can_be_seen():
    figure = history(curve("a", "loss", [0.7]))
    assert [t.mode for t in figure.plot.data if t.name] == ["lines+markers"]


def test_alt_text_tells_the_best():
    assert history(TWO).alt == (
        "Training curves: val_loss of a, best 1 in epoch 3; val_loss of b, best 3 in epoch 3."
    )


def test_an_unknown_axis():
    with pytest.raises(UnknownNameError):
        drawn_curves(TWO, CurveView(axis="miles"))


def test_study_shows_ours_beside_the_published_points():
    ours = pd.DataFrame({"learning_rate": 1e-4, "epochs": [10, 20], "f1": [0.1, 0.2], "accuracy": [0.05, 0.1]})
    figure = learning_study(study_table(ours))
    names = {trace.name for trace in figure.plot.data}
    assert names == {"0.0001, measured", "0.0001, published", "0.0005, published"}
    assert len(figure.table) == len(LSTM_STUDY) + 2
    assert "measured, rate 0.0001: F1 0.2, accuracy 0.1 after 20 epochs" in figure.alt
    assert [t.y for t in figure.plot.data if t.name == "0.0005, published"] == [(0.33,), (0.3,)]


def test_measured_points_can_stand_alone():
    measured = pd.DataFrame({"learning_rate": 1e-4, "epochs": [10], "f1": [0.1], "accuracy": [0.05]})
    figure = learning_study(study_table(measured, alone=True))
    assert set(figure.table["origin"]) == {"measured"}
    assert "Open diamonds" not in figure.caption


def test_study_without_ours():
    assert set(learning_study(study_table()).table["origin"]) == {"published"}


@pytest.mark.parametrize(("low", "high"), [(0.164, 0.171), (0.68, 0.69), (0.3, 0.9), (0.01, 5.0)])
def test_a_logarithmic_axis_has_labels_however_narrow_it_is(low: float, high: float) -> None:
    curves = pd.DataFrame(
        {"run": "a", "series": "train_loss", "step": [1.0, 2.0], "epoch": [1.0, 2.0], "seconds": [1.0, 2.0],
         "value": [high, low]}
    )  # fmt: skip
    axis = history(curves, CurveView(log=True)).plot.layout.yaxis
    inside = [tick for tick in axis.tickvals if low * 0.999 <= tick <= high * 1.001]
    assert 2 <= len(inside) <= 12
    assert len(set(axis.ticktext)) == len(axis.ticktext)
