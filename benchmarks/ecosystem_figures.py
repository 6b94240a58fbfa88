"""Figures of docs/ecosystem-types.md: `python -m benchmarks.ecosystem_figures OUT PICTURES --data FOLDER`.

OUT holds the runs of `benchmarks.ecosystem`. Each figure is the one the app shows, drawn by Chromium.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click
import numpy as np
import pandas as pd
import plotly.graph_objects as go

from benchmarks.ecosystem import LIME, SCHEMES, STUDIES, TYPES, Step, make, train
from sdm.analysis.class_counts import class_counts, values_by_class
from sdm.analysis.group_separation import group_separation
from sdm.analysis.site_shift import band_table
from sdm.data.dataset import Dataset
from sdm.data.open import open_dataset
from sdm.evaluation.confusion.from_predictions import labelled_outcomes, labelled_residuals
from sdm.evaluation.confusion.multiclass import class_matrix
from sdm.evaluation.labelled_predictions import LabelledPredictions, recall
from sdm.evaluation.run_decoding import decoder_of
from sdm.figures import confusion, mappers, raster_bands
from sdm.figures import residuals as residual_figures
from sdm.figures.style import BLUE, GREEN, ORANGE, Figure, quiet, share_ticks
from sdm.modalities.raster_bands import RADAR_BANDS, SENTINEL2_BANDS, raster_modality_name
from sdm.rasters.agreement import agreement_table
from sdm.rasters.mapped_types import combinations_of_types, distinct_types
from sdm.rasters.scene_mappers import common_part, scene_mappings, types_table
from sdm.rasters.scenes import read_scenes
from sdm.runs import Run
from tests.browser.server import browsing

LEVELS = {"group": "main-type group", "main_type": "main type", "name": "ground type"}
OPTICAL = raster_modality_name("pixel", SENTINEL2_BANDS)
RADAR = raster_modality_name("pixel", (*SENTINEL2_BANDS, *RADAR_BANDS))
SHOWN = ("B2", "B3", "B4", "B8", "B11")
WIDTH = 760


def figures(data: Path, out: Path) -> Iterator[tuple[str, Figure]]:
    """Name -> figure."""
    types = open_dataset(data / TYPES)
    yield "classes", raster_bands.class_counts(class_counts(types), "source")
    yield "shift", raster_bands.scatter_matrix(band_table(types, OPTICAL), OPTICAL, SHOWN, "source", 560)
    radar = band_table(types, RADAR, level="group")
    apart = group_separation(radar, RADAR_BANDS, "class")
    yield "radar", raster_bands.group_violins(radar, RADAR, apart, "class")
    yield from _mappers(types)
    yield "leak", leak_bars(data, out)
    levels = {step.says: step for step in STUDIES["levels"]}
    yield "confusion", _confusion(levels["MLP 256-128, main types"], data, out)
    lime = open_dataset(data / LIME)
    yield "lime-classes", raster_bands.values_by_class(values_by_class(lime, "main_type"), "lime richness")
    (step,) = STUDIES["lime"]
    residuals = labelled_residuals(_labelled(train(step, "block", data, out), lime, "test"))
    yield "lime", residual_figures.actual_against_predicted(residuals, "lime richness")


def _mappers(types: Dataset) -> Iterator[tuple[str, Figure]]:
    assert types.place is not None
    for scene in read_scenes(types.place):
        mappings, grid = scene_mappings(types.place, scene)
        table = agreement_table(combinations_of_types(mappings, grid))
        yield f"agreement-{scene.source.lower()}", mappers.agreement_bars(table, LEVELS)
        if len(mappings) > 2:
            part = common_part({mapper: mappings[mapper] for mapper in list(mappings)[1:]}, grid)
            distinct = distinct_types(mappings, part)
            metres = abs(part.transform.a)
            yield "agreement-map", mappers.agreement_map(distinct, types_table(distinct), metres)


def leak_bars(data: Path, out: Path) -> Figure:
    """Accuracy on the test split under each scheme."""
    rows = []
    for step in STUDIES["leak"]:
        for scheme in step.schemes:
            score = train(step, scheme, data, out).card.scores["test"]["accuracy"]
            rows.append((step.says, scheme, score.value, score.low, score.high))
    table = pd.DataFrame(rows, columns=["model", "scheme", "value", "low", "high"])
    plot = go.Figure()
    for colour, (model, part) in zip((ORANGE, BLUE, GREEN), table.groupby("model", sort=False), strict=True):
        ends = {"type": "data", "array": part["high"] - part["value"], "arrayminus": part["value"] - part["low"]}
        plot.add_bar(x=part["scheme"], y=part["value"], name=str(model), marker_color=colour, error_y=ends)
    quiet(plot, 320, barmode="group", hovermode="closest", showlegend=True)
    plot.update_xaxes(categoryorder="array", categoryarray=SCHEMES)
    plot.update_yaxes(title_text="Accuracy on test", **share_ticks(table["high"].max()))
    return Figure(plot, table, "", "")


def _confusion(step: Step, data: Path, out: Path) -> Figure:
    run, dataset = train(step, "block", data, out), open_dataset(make(step.data, data, out))
    labelled = _labelled(run, dataset, "test")
    outcomes = labelled_outcomes(labelled, run.card.kind, decoder_of(run.card))
    return confusion.matrix(class_matrix(outcomes, labelled.targets.classes), "row_share")


def _labelled(run: Run, dataset: Dataset, split: str) -> LabelledPredictions:
    rows = dataset.rows(split, run.card.scheme)
    return recall(run, dataset, rows[np.asarray(dataset.targets.known)[rows]], (split,))


def draw(found: Iterator[tuple[str, Figure]], folder: Path) -> None:
    """Write a PNG for each figure."""
    folder.mkdir(parents=True, exist_ok=True)
    with browsing() as browser:
        page = browser.new_page(viewport={"width": WIDTH, "height": 900})
        page.set_content(go.Figure().to_html(include_plotlyjs=True))
        for name, figure in found:
            plot = figure.plot
            plot.update_layout(width=WIDTH, paper_bgcolor="white", plot_bgcolor="white", template="plotly_white")
            page.evaluate(
                "figure => { document.body.innerHTML = '<div id=plot></div>';"
                " return Plotly.newPlot('plot', figure.data, figure.layout, {staticPlot: true}); }",
                json.loads(plot.to_json()),
            )
            page.locator("#plot").screenshot(path=folder / f"{name}.png")
            click.echo(f"{name}: {figure.caption}")


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.argument("pictures", type=click.Path(path_type=Path))
@click.option("--data", type=click.Path(path_type=Path), default=Path("data"), help="Where the coast is.")
def main(out: Path, pictures: Path, data: Path) -> None:
    """Draw every figure into the folder PICTURES."""
    draw(figures(data, out), pictures)


if __name__ == "__main__":
    main()
