"""The pixels of a patch: a picture to point at, the spectrum of one of them, and how bright all are."""

from __future__ import annotations

import base64

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from sdm.analysis.renderings import Rendering
from sdm.analysis.stretches import BROWN_TO_GREEN
from sdm.figures.patch import PIXEL_M, picture
from sdm.figures.plot import Plot
from sdm.figures.style import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    Figure,
    band,
    quiet,
    share_texts,
    share_ticks,
    x_axes,
    y_axes,
)
from sdm.modalities import PATCH
from sdm.number_format import number

SIDE = PATCH.shape[-1]
REACH = SIDE * PIXEL_M / 2  # metres from the survey to the edge
BAND_COLOURS = dict(zip(PATCH.channels, (ORANGE, GREEN, BLUE, GREY), strict=True))
SCALE = [[i / (len(BROWN_TO_GREEN) - 1), f"rgb{colour}"] for i, colour in enumerate(BROWN_TO_GREEN)]
MARK = {"symbol": "square-open", "size": 13, "color": "#ffffff", "line": {"width": 2.5}}
OUTLINE = {"symbol": "square-open", "size": 17, "color": "#141c19", "line": {"width": 2}}
TARGET = {"size": 2, "opacity": 0}


def metres(line: int, column: int) -> tuple[int, int]:
    """(east, north) of a pixel's middle from the survey; `line` counts from the north, `column` from the west.

    >>> metres(0, 0), metres(32, 32)
    ((-315, 315), (5, -5))
    """
    return int((column + 0.5) * PIXEL_M - REACH), int(REACH - (line + 0.5) * PIXEL_M)


def pixel(east: float, north: float) -> tuple[int, int]:
    """(line, column) of the pixel that holds the point, or of the nearest one.

    >>> pixel(-315, 315), pixel(5, -5), pixel(9999, 0)
    ((0, 0), (32, 32), (32, 63))
    """
    line, column = (REACH - north) / PIXEL_M, (east + REACH) / PIXEL_M
    return int(np.clip(line, 0, SIDE - 1)), int(np.clip(column, 0, SIDE - 1))


def pointed(rendering: Rendering, table: pd.DataFrame, at: tuple[int, int], height: int = 430) -> Figure:
    """A picture with its `pixel_table`, measure of the look included, to click in; `at`: (line, column) marked.

    A clicked point is the middle of its pixel, in metres east and north of the survey.
    """
    image, plot = picture(rendering), Plot()
    if rendering.look.measure is not None:
        _colour_scale(plot, rendering)
    _targets(plot, rendering, table)
    for style in (OUTLINE, MARK):
        east, north = metres(*at)
        plot.add_scatter(x=[east], y=[north], mode="markers", marker=style, hoverinfo="skip")
    quiet(
        plot, height, hovermode="closest", hoverdistance=-1, showlegend=False, clickmode="event+select",
        margin={"l": 0, "r": 0, "t": 4, "b": 0},
    )  # fmt: skip
    plot.add_layout_image(
        source="data:image/png;base64," + base64.b64encode(image.png).decode(), layer="below", sizing="stretch",
        xref="x", yref="y", x=-REACH, y=REACH, sizex=2 * REACH, sizey=2 * REACH,
    )  # fmt: skip
    x_axes(plot, range=[-REACH, REACH], visible=False, constrain="domain")
    y_axes(plot, range=[-REACH, REACH], visible=False, scaleanchor="x", constrain="domain")
    return Figure(plot, table, f"{image.caption} Click a pixel.", image.alt)


def _colour_scale(plot: go.Figure, rendering: Rendering) -> None:
    low, high = rendering.limits
    bar = {"thickness": 10, "len": 0.85, "title": {"text": rendering.look.title[:24], "side": "right"}}
    scale = {"colorscale": SCALE, "cmin": low, "cmax": high, "color": [low], "showscale": True, "colorbar": bar}
    plot.add_scatter(x=[None], y=[None], mode="markers", marker=scale, hoverinfo="skip")


def _targets(plot: go.Figure, rendering: Rendering, table: pd.DataFrame) -> None:
    """An invisible square on every pixel: pictures themselves report no click."""
    east = table["column"] * PIXEL_M - REACH + PIXEL_M / 2
    north = REACH - PIXEL_M / 2 - table["row"] * PIXEL_M
    titles = PATCH.titles if rendering.look.measure is None else {"value": rendering.look.title, **PATCH.titles}
    summary = "<br>".join(f"{title} %{{customdata[{i}]:.3f}}" for i, title in enumerate(titles.values()))
    plot.add_scattergl(
        x=east.to_numpy(np.float32), y=north.to_numpy(np.float32), mode="markers",
        customdata=table[[*titles]].to_numpy(np.float32), marker=TARGET,
        hovertemplate=f"{summary}<extra></extra>",
        selected={"marker": {"opacity": 0}}, unselected={"marker": {"opacity": 0}},
    )  # fmt: skip


def pixel_spectrum(table: pd.DataFrame, at: tuple[int, int], height: int = 215) -> Figure:
    """The `sdm.analysis.spectral_indices.spectrum` of the pixel `at` (line, column), over all pixels' spread."""
    x = table["wavelength_nm"]
    plot = Plot()
    band(plot, x, table["patch_p10"], table["patch_p90"], "rgba(128,140,134,0.25)")
    plot.add_scatter(
        x=x, y=table["patch_median"], mode="lines", name="median of the patch",
        line={"color": GREY, "dash": "dot"}, hovertemplate="%{y:.3f}",
    )  # fmt: skip
    plot.add_scatter(
        x=x, y=table["reflectance"], mode="lines+markers", name="this pixel", line={"color": ORANGE, "width": 2},
        text=table["band"], hovertemplate="%{text}: %{y:.3f}",
    )  # fmt: skip
    quiet(plot, height)
    x_axes(plot, title_text="Wavelength (nm)", tickvals=x)
    y_axes(plot, title_text="Reflectance", rangemode="tozero")
    east, north = metres(*at)
    where = f"{abs(east)} m {'east' if east >= 0 else 'west'}, {abs(north)} m {'north' if north >= 0 else 'south'}"
    caption = f"The light sent back by one pixel, {where} of the survey; grey: eight of ten pixels of the patch."
    summary = ", ".join(f"{b} {number(r, 2)}" for b, r in zip(table["band"], table["reflectance"], strict=True))
    return Figure(plot, table, caption, f"Spectrum of the pixel {where}: {summary}.")


def brightness(table: pd.DataFrame, height: int = 260) -> Figure:
    """A `sdm.analysis.histogram`: how bright pixels are, band by band, against those models were trained on."""
    trained = bool(table["training_share"].notna().any())
    titles = list(PATCH.channel_titles)
    plot = make_subplots(rows=2, cols=2, subplot_titles=titles, horizontal_spacing=0.1, vertical_spacing=0.24)
    for place, (name, title) in enumerate(zip(PATCH.channels, titles, strict=True)):
        part = table[table["band"] == title]
        cell = {"row": place // 2 + 1, "col": place % 2 + 1}
        plot.add_scatter(
            x=part["low"], y=part["share"], mode="lines", fill="tozeroy", name="this patch", showlegend=place == 0,
            line={"color": BAND_COLOURS[name], "width": 1, "shape": "hv"},
            customdata=share_texts(part["share"], 1), hovertemplate="%{customdata}", **cell,
        )  # fmt: skip
        if trained:
            plot.add_scatter(
                x=part["low"], y=part["training_share"], mode="lines", name="training patches",
                showlegend=place == 0, line={"color": GREY, "width": 1.5, "dash": "dot", "shape": "hv"},
                customdata=share_texts(part["training_share"], 1), hovertemplate="%{customdata}", **cell,
            )  # fmt: skip
        highest = float(part[["share", "training_share"]].max().max())
        y_axes(plot, **share_ticks(highest), **cell)
    quiet(plot, height, margin_t=44, legend={"y": 1.16})
    shown = table[(table[["share", "training_share"]] > 0.002).any(axis=1)]
    top = float(shown["high"].max()) if len(shown) else 1.0
    x_axes(plot, range=[0, top], tickformat=".1f")
    y_axes(plot, rangemode="tozero")
    plot.update_annotations(font_size=12, yshift=-2)
    caption = "Share of pixels by reflectance. Far from the dotted line: unlike what models have learnt from."
    if not trained:
        caption = "Share of pixels by reflectance, band by band."
    return Figure(plot, table, caption, _alt(table, titles))


def _alt(table: pd.DataFrame, titles: list[str]) -> str:
    def mean(part: pd.DataFrame, column: str) -> float:
        return float((part[column] * (part["low"] + part["high"]) / 2).sum(min_count=1))

    summary = "; ".join(
        f"{title}: mean {number(mean(part, 'share'), 2)}, in training {number(mean(part, 'training_share'), 2)}"
        for title, part in ((title, table[table["band"] == title]) for title in titles)
    )
    return f"Histograms of reflectance. {summary}."
