"""The figures of a species as one HTML page that needs nothing else, and the map as a picture."""

from __future__ import annotations

import html
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import rasterio
from rasterio.enums import Resampling

from sdm.data.site_words import words_of
from sdm.data.splits import split_title
from sdm.evaluation.species import response
from sdm.evaluation.species.predictors import predictor_variables, responding
from sdm.evaluation.species.quality import precision_recall
from sdm.evaluation.species.threshold import at_threshold
from sdm.exports.subject import Subject
from sdm.figures import responses, species
from sdm.figures.sent_to_browser import dressed
from sdm.figures.species import Curve
from sdm.figures.style import Figure, worded
from sdm.inference.partial_dependence import dependences, why_not
from sdm.inference.prediction_meaning import INTENSITY
from sdm.inference.species_map import species_model
from sdm.jobs import Report, no_report
from sdm.maps.intensity_ramp import bar_colours, intensity_ramp
from sdm.maps.png import encode
from sdm.models.presence_only.model import relative_intensity
from sdm.number_format import number

FILE, PICTURE = "figures.html", "map.png"
LONGEST = 1200  # pixels along the picture's longer side
HIGHEST = 0.998  # quantile of the values at the end of the ramp
PANELS = 6  # predictors whose responses are drawn
STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #1c2723; max-width: 60rem; margin: 2rem auto; }
figure { margin: 2rem 0; } figcaption, .note { color: #5b6a63; font-size: .9rem; }
.map { width: 100%; image-rendering: pixelated; border: 1px solid #dce3dd; }
.ramp { height: .8rem; max-width: 26rem; }
.ends { display: flex; justify-content: space-between; max-width: 26rem; margin: 0; font-size: .9rem; }
"""


def figure_page(subject: Subject, picture: tuple[bytes, float] | None, report: Report = no_report) -> str:
    """The page; `picture` is what `map_picture` gives. `report` hears of every value a predictor takes."""
    shown = [_drawn(figure, place) for place, figure in enumerate(figures(subject, report))]
    map_part = "" if picture is None else _map(subject, *picture)
    title = html.escape(f"{subject.name}: {subject.run.card.title}, {subject.run.name}")
    note = html.escape(f"{subject.dataset.title}. {subject.meaning.gloss}")
    simulated = "<p><b>Simulated data: no source for ecology.</b></p>" if subject.simulated else ""
    head = f'<meta charset="utf-8"><title>{title}</title><style>{STYLE}</style>'
    body = f"<h1>{title}</h1>{simulated}<p class='note'>{note}</p>{map_part}{''.join(shown)}"
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>'


def figures(subject: Subject, report: Report) -> Iterator[Figure]:
    """How well it is found, what it responds to as observed, and each predictor changed alone."""
    words = words_of(subject.dataset)
    curves = {
        split_title(split): Curve(precision_recall(part), at_threshold(part, subject.measures.threshold))
        for split, part in subject.held_out.items() if part["recorded"].any()
    }  # fmt: skip
    if curves:
        last = [part for part in subject.held_out.values() if part["recorded"].any()][-1]
        yield worded(species.precision_recall(curves, float(last["recorded"].mean())), words)
    name, variables = responding(subject.dataset.modalities), predictor_variables(subject.dataset)
    if name is None or not subject.held_out:
        return
    part = list(subject.held_out.values())[-1]
    rows, recorded = part["row"].to_numpy(np.int64), part["recorded"].to_numpy()
    bins = response.fit_bins(subject.dataset.reader.read(name, rows), variables)
    chosen = response.telling(response.strength(bins, recorded), variables)[:PANELS]
    if not chosen:
        return
    tables = {place: response.response(bins, place, recorded, part["probability"].to_numpy()) for place in chosen}
    yield worded(responses.responses(tables, variables=variables), words)
    if why_not(subject.run):
        return
    found = dependences(subject.run, subject.dataset, rows, chosen, report)
    if found:
        own = subject.run.card.class_ids.index(subject.class_id)
        curves_of = {place: each.curves(own) for place, each in found.items()}
        kept = {place: tables[place] for place in found}
        yield worded(responses.partial_dependence(curves_of, kept, variables=variables), words)


def map_picture(path: Path) -> tuple[bytes, float]:
    """The map in `path` as a PNG in the colours of a light page, and the value at the end of the ramp."""
    with rasterio.open(path, driver="GTiff") as file:
        step = max(1.0, max(file.width, file.height) / LONGEST)
        shape = max(1, round(file.height / step)), max(1, round(file.width / step))
        values = file.read(1, out_shape=shape, resampling=Resampling.nearest)
    known = values[np.isfinite(values)]
    top = float(np.quantile(known, HIGHEST)) if known.size else 1.0
    return encode(intensity_ramp(values, max(top, 1e-6), "light")), top


def _map(subject: Subject, picture: bytes, top: float) -> str:
    """The picture with its legend."""
    low, middle, high = ends(subject, top)
    caption = html.escape(f"{subject.meaning.title}, {subject.meaning.unit}.")
    ramp = ",".join(bar_colours("light"))
    ticks = "".join(f"<span>{html.escape(end)}</span>" for end in (low, middle, f"≥ {high}"))
    return (
        f'<figure><img class="map" alt="Map of {html.escape(subject.name)}: {caption}" '
        f'src="data:image/png;base64,{b64encode(picture).decode()}"><figcaption>{caption}</figcaption>'
        f'<div class="ramp" style="background:linear-gradient(90deg,{ramp})"></div>'
        f'<p class="ends">{ticks}</p></figure>'
    )


def ends(subject: Subject, top: float) -> list[str]:
    """What stands under the lower end, the middle and the upper end of the ramp."""
    values = np.array([0.0, top / 2, top])
    if subject.meaning is not INTENSITY:
        return [number(value) for value in values.tolist()]
    prevalence = species_model(subject.run, subject.class_id).prevalence
    return [f"{number(value, 2)} ×" for value in relative_intensity(values, prevalence).tolist()]


def _drawn(figure: Figure, place: int) -> str:
    """The plot with its caption; the first one brings Plotly's script along, so that nothing is fetched."""
    plot = go.Figure(dressed(figure.plot.to_dict(), "light"))
    body = plot.to_html(
        full_html=False, include_plotlyjs=place == 0, config={"displayModeBar": False}, div_id=f"figure-{place}"
    )
    return f"<figure>{body}<figcaption>{html.escape(figure.caption)}</figcaption></figure>"
