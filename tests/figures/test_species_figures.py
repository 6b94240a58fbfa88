"""Figures of one species and of a data set: what they draw, say and hand out."""

from __future__ import annotations

from urllib.parse import unquote
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from sdm.analysis.simulation_check import Statement, statement_table
from sdm.data import overview as numbers
from sdm.evaluation.species.quality import precision_recall
from sdm.evaluation.species.response import fit_bins, response
from sdm.evaluation.species.threshold import at_threshold
from sdm.figures import Figure, overview, responses, species, species_maps
from sdm.figures.europe_map import BAR_ROOM, INK, Ground
from sdm.figures.species import Curve
from sdm.geo.mercator import mercator_y
from sdm.maps.intensity_ramp import RAMPS
from sdm.maps.stitched_tiles import extent
from sdm.modalities import ENVIRONMENT_VARIABLES
from sdm.number_format import percent
from sdm.virtual_europe.grid import land_grid
from tests.datasets import DATASETS, multilabel

HOSTILE = "<img src=x onerror=alert(1)>"
GROUND = Ground("dark", (("/maps/europe/dark.png", 1.0), ("/maps/europe/points/x.png?by=split", 0.3)))


def scored(count: int = 40) -> pd.DataFrame:
    recorded = np.arange(count) % 4 == 0
    probability = np.where(recorded, 0.6, 0.2) + np.linspace(0, 0.2, count)
    return pd.DataFrame(
        {"row": np.arange(count), "recorded": recorded, "probability": probability.astype(np.float32)}
    )


def surveys(count: int = 40) -> pd.DataFrame:
    return scored(count).assign(survey_id=np.arange(count) + 500, lon=10.0, lat=np.linspace(40, 60, count))


def test_pictures_lie_apart_lest_only_one_is_drawn() -> None:
    images = species_maps.predicted_map(surveys(), GROUND).plot.layout.images
    assert [image.source for image in images][:2] == [source for source, _ in GROUND.pictures]
    assert images[2].source.startswith("data:image/svg+xml,")
    assert len({image.sizex for image in images}) == 3
    assert images[1].opacity == 0.3


def circles(figure: Figure) -> list[tuple[float, float, float, float]]:
    """x, y, radius and width of the ring of the dots in the picture, in pixels, in the order of drawing."""
    svg = unquote(figure.plot.layout.images[-1].source.partition(",")[2])
    return [
        (*(float(circle.get(name, "nan")) for name in ("cx", "cy", "r")), float(group.get("stroke-width", "nan")))
        for group in ElementTree.fromstring(svg)
        for circle in group
    ]


def test_recorded_surveys_are_ringed_and_carry_their_row() -> None:
    figure = species_maps.predicted_map(surveys(), GROUND)
    points, drawn = figure.plot.data[0], circles(figure)
    assert len(drawn) == 40
    rows = [row for (row, _), (_, _, radius, ring) in zip(points.customdata, drawn, strict=True) if ring > 1]
    assert sorted(rows) == list(range(0, 40, 4))
    assert figure.plot.layout.coloraxis.cmax == pytest.approx(surveys()["probability"].max())
    assert "40 surveys" in figure.alt
    first = surveys().iloc[points.customdata[0][0]]
    assert points.text[0].startswith(f"{percent(first['probability'], 1)}, ")


def test_dots_lie_where_the_points_are_that_answer_the_mouse() -> None:
    figure = species_maps.predicted_map(surveys(), GROUND)
    points, drawn = figure.plot.data[0], np.array(circles(figure))
    west, _, south, north = extent()
    height = GROUND.height - BAR_ROOM
    assert drawn[:, 1] == pytest.approx((north - np.array(points.y)) / (north - south) * height, abs=0.06)
    assert drawn[:, 0] == pytest.approx((np.array(points.x) - west) / (north - south) * height, abs=0.06)
    assert points.marker.maxdisplayed == 1 and points.marker.opacity == 0


def test_what_was_clicked_stands_in_a_ring() -> None:
    table = surveys()
    assert len(species_maps.predicted_map(table, GROUND).plot.data) == 2
    ring = species_maps.predicted_map(table, GROUND, picked=7).plot.data[1]
    assert list(ring.y) == pytest.approx(mercator_y(table["lat"].to_numpy()[7:8]))


def test_too_many_points_are_thinned_and_those_with_the_species_kept() -> None:
    figure = species_maps.predicted_map(surveys(9000), GROUND)
    assert len(figure.plot.data[0].x) == len(circles(figure)) == species_maps.MOST_POINTS
    assert sum(ring > 1 for *_, ring in circles(figure)) == species_maps.MOST_POINTS // 2
    assert "2,000 of 9,000" in figure.caption
    assert len(figure.table) == 9000


def test_surveys_without_a_position_are_not_drawn() -> None:
    table = surveys()
    table.loc[:2, "lon"] = np.nan
    assert len(species_maps.predicted_map(table, GROUND).plot.data[0].x) == 37


@pytest.mark.parametrize("table", [surveys(0), surveys(1)])
def test_few_surveys_still_make_a_map(table: pd.DataFrame) -> None:
    assert species_maps.predicted_map(table, GROUND).alt
    assert species_maps.recorded_map(table.assign(split="test_far"), GROUND, tests=False).plot.data


def test_a_grid_is_drawn_where_it_is() -> None:
    grid = land_grid(0, 4.0)
    values = np.linspace(0, 0.5, len(grid), dtype=np.float32)
    figure = species_maps.grid_map(grid.table(values), grid, GROUND, "True probability", 0.5, "Words.")
    heat = figure.plot.data[0]
    assert np.isfinite(heat.z).sum() == len(grid)
    assert len(heat.x) == grid.shape[1] + 1
    assert len(heat.y) == grid.shape[0] + 1
    assert figure.table["probability"].max() == np.float32(0.5)
    assert "50\u202f%" in figure.alt
    texts = {text for row in heat.text for text in row}
    assert percent(0.5, 1) in texts and "–" in texts  # land, and sea


def test_two_maps_share_one_scale() -> None:
    assert species_maps.top_of(np.array([0.1, 0.3]), np.array([np.nan, 0.7])) == 0.7
    assert species_maps.top_of(np.array([0.001])) == species_maps.LEAST_TOP
    assert species_maps.top_of(np.array([])) == 1.0


@pytest.mark.parametrize("theme", RAMPS)
def test_ramps_rise_or_fall_steadily_in_lightness(theme: str) -> None:
    light = [
        sum(w * int(c) for w, c in zip((0.299, 0.587, 0.114), rgb.split(","), strict=True))
        for _, rgb, _ in RAMPS[theme]
    ]
    steps = np.diff(light[1:])
    assert (steps > 15).all() if theme == "dark" else (steps < -15).all()
    assert theme in INK


def test_the_curve_shows_the_threshold_with_its_interval() -> None:
    table = precision_recall(scored())
    chosen = at_threshold(scored(), 0.6)
    figure = species.precision_recall({"validation": Curve(table, chosen), HOSTILE: Curve(table, chosen)}, 0.25)
    names = [trace.name for trace in figure.plot.data]
    assert not any("<img" in (name or "") for name in names)
    dot = figure.plot.data[-1]
    assert (dot.x[0], dot.y[0]) == (1.0, 1.0)
    assert dot.error_y.arrayminus[0] > 0
    assert set(figure.table["surveys"]) == {"validation", HOSTILE}
    assert "precision 100\u202f%, recall 100\u202f%, F1 1" in figure.alt


def test_without_a_threshold_there_is_no_dot() -> None:
    figure = species.precision_recall({"test": Curve(precision_recall(scored()))}, 0.25)
    assert len(figure.plot.data) == 2
    assert "none could be chosen" in figure.alt


def test_responses_have_a_panel_each() -> None:
    values = np.random.default_rng(0).random((200, len(ENVIRONMENT_VARIABLES))).astype(np.float32) * 10
    values[:, 20] = 1
    bins, recorded = fit_bins(values), values[:, 0] > 5
    with_model = {place: response(bins, place, recorded, recorded.astype(np.float32)) for place in (0, 19, 20)}
    figure = responses.responses(with_model)
    assert [note.text for note in figure.plot.layout.annotations][:2] == [
        "Annual mean temperature",
        "Elevation above the sea",
    ]
    assert set(figure.table["predictor"]) == {"Bio1", "Elevation", "LandCover-1"}
    footprint = next(i for i, each in enumerate(ENVIRONMENT_VARIABLES) if each.title == "human footprint: meadow")
    (title,) = responses.responses(
        {footprint: response(bins, footprint, recorded)}, columns=2
    ).plot.layout.annotations
    assert title.text == "Meadow"
    without = responses.responses({19: response(bins, 19, recorded)}, columns=2)
    assert [trace.name for trace in without.plot.data] == ["recorded"]
    assert "most often" in without.alt


def test_partial_dependence_has_single_surveys_their_mean_and_the_truth_where_known() -> None:
    curves = pd.DataFrame({
        "value": np.repeat([1.0, 2.0, 3.0], 2), "row": [5, 9] * 3, "predicted": [0.1, 0.3, 0.2, 0.4, 0.1, 0.9],
    })  # fmt: skip
    values = np.random.default_rng(0).random((200, len(ENVIRONMENT_VARIABLES))).astype(np.float32) * 3
    bins = fit_bins(values)
    recorded = {place: response(bins, place, values[:, 0] > 1) for place in (0, 19)}
    figure = responses.partial_dependence({0: curves, 19: curves.assign(true=0.5)}, recorded, 2)
    single, dots, mean = figure.plot.data[:3]
    assert np.array_equal(single.y, [0.1, 0.2, 0.1, np.nan, 0.3, 0.4, 0.9, np.nan], equal_nan=True)
    assert dots.name == "recorded"
    assert np.allclose(mean.y, [0.2, 0.3, 0.5])
    assert [trace.name for trace in figure.plot.data if trace.line.dash == "dash"] == ["true"]
    assert "(simulated)" in figure.caption
    assert f"highest mean prediction ({percent(0.5)}) at 3" in figure.alt
    known = responses.partial_dependence({0: curves}, recorded)
    assert "(simulated)" not in known.caption


def test_confusions_tell_which_way() -> None:
    pairs = pd.DataFrame(
        {"missed": [0, 1], "predicted": [1, 0], "missed_name": ["a", HOSTILE], "predicted_name": [HOSTILE, "a"],
         "surveys": [4, 3], "expected": [1.0, 1.0], "lift": [4.0, 3.0], "role": ["missed", "predicted"]}
    )  # fmt: skip
    figure = species.confused_bars(pairs, "a")
    assert [len(trace.x) for trace in figure.plot.data] == [1, 1]
    assert all("<img" not in text for text in figure.plot.layout.yaxis.ticktext)
    assert "instead of a at 4 surveys" in figure.alt


@pytest.mark.parametrize("kind", DATASETS)
def test_every_data_set_has_its_overview(kind: str) -> None:
    data = DATASETS[kind]()
    assert len(overview.countries(numbers.by_country(data)).plot.data) == 4
    assert len(overview.missing(numbers.missing(data)).plot.data) == 2
    figure = overview.distances(numbers.distance_to_training(data))
    assert all(np.isclose(sum(trace.y), 1) for trace in figure.plot.data)
    assert "median" in figure.alt
    assert "20" not in overview.effort(numbers.effort(data, np.arange(20)), GROUND, "surveys", 0.5).alt[:5]
    if kind != "regression":
        assert overview.frequency(numbers.frequency(data)).plot.data


def test_effort_is_logarithmic_with_plain_words() -> None:
    cells = pd.DataFrame({"south": [34.5, 34.0], "west": [-24.5, -25.0], "surveys": [1000, 1]})
    figure = overview.effort(cells, GROUND, "surveys", 0.5)
    assert figure.plot.data[0].zmax == pytest.approx(3)
    assert figure.plot.data[0].colorbar.ticktext == ("1", "10", "100", "1,000")
    assert figure.table["surveys"].tolist() == [1000, 1]
    nothing = overview.effort(cells.head(0), GROUND, "surveys", 0.5)
    assert "None." in nothing.caption


def test_frequency_names_stay_text() -> None:
    table = numbers.frequency(multilabel()).assign(name=HOSTILE)
    assert all("<img" not in text for trace in overview.frequency(table).plot.data for text in trace.text)


def test_validation_tells_inside_from_outside() -> None:
    rows = [Statement("", name, "", value, 10.0, 2.5, "source") for name, value in (("a", 10.0), ("b", 20.0))]
    figure = overview.validation(statement_table(rows))
    assert [len(trace.x) for trace in figure.plot.data] == [2, 1, 1]
    assert figure.plot.data[0].error_x.array.tolist() == [0.25, 0.25] and figure.plot.data[2].x.tolist() == [2.0]
    assert figure.table["within"].tolist() == [True, False]
    assert "1 of 2" in figure.caption
