"""The climate of one place: the usual year with its spread, and the Walter–Lieth diagram."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from sdm.analysis.walter_lieth import MIDDLES, MM_PER_DEGREE, RAIN_TICK_HEIGHTS, RAIN_TICKS, Diagram
from sdm.figures.plot import Plot
from sdm.figures.style import BLUE, GREY, ORANGE, Figure, band, error_bars, quiet, x_axes
from sdm.modalities import CLIMATE_YEARS, MONTHS
from sdm.number_format import fixed, number, whole

WARM_BAND = "rgba(213,94,0,0.18)"
FILLS = {"humid": "rgba(0,114,178,0.25)", "perhumid": "rgba(0,114,178,0.6)", "arid": "rgba(230,159,0,0.5)"}
RAIN_HEIGHT, SPACE = 0.42, 0.07  # shares of the height of a figure of two parts
YEARS = f"{CLIMATE_YEARS[0]} to {CLIMATE_YEARS[-1]}"


def monthly(table: pd.DataFrame, height: int = 260) -> Figure:
    """A `sdm.analysis.climate.climatology`: temperature range above, precipitation below."""
    usual = {name: rows.reset_index() for name, rows in table.groupby("variable")}
    plot = Plot()
    for name, title, style in (
        ("tasmin", "mean daily low", {"line": {"width": 0}}),
        ("tasmax", "mean daily high", {"line": {"width": 0}, "fill": "tonexty", "fillcolor": WARM_BAND}),
        ("tas", "mean", {"line": {"color": ORANGE, "width": 2}}),
    ):
        plot.add_scatter(
            x=MONTHS, y=usual[name]["mean"], name=title, mode="lines", hovertemplate="%{y:.1f} °C", **style
        )
    rain = usual["pr"]
    spread = error_bars(rain["mean"], rain["p10"], rain["p90"], thickness=1, color=GREY)
    plot.add_bar(
        x=MONTHS, y=rain["mean"], name="precipitation", marker_color=BLUE, error_y=spread,
        hovertemplate="%{y:.0f} mm", xaxis="x2", yaxis="y2",
    )  # fmt: skip
    plot.update_layout(
        xaxis={"anchor": "y", "matches": "x2", "showticklabels": False}, xaxis2={"anchor": "y2"},
        yaxis={"anchor": "x", "domain": [RAIN_HEIGHT + SPACE, 1.0], "title": {"text": "°C"}},
        yaxis2={"anchor": "x2", "domain": [0.0, RAIN_HEIGHT], "title": {"text": "mm"}, "rangemode": "tozero"},
    )  # fmt: skip
    quiet(plot, height, margin_t=8, showlegend=False)
    x_axes(plot, tickangle=0, tickfont_size=11)
    caption = (
        f"The usual year, {YEARS}. Band: mean daily low to high. Thin lines: one year in ten is drier or wetter."
    )
    return Figure(plot, table, caption, _alt(usual["tas"]["mean"], rain["mean"]))


def walter_lieth(diagram: Diagram, height: int = 260) -> Figure:
    """The diagram every ecologist reads: 10 °C beside 20 mm, humid and arid times filled."""
    curve = diagram.curve
    plot = Plot()
    for state, start, end in diagram.spans[["state", "start", "end"]].to_numpy().tolist():
        part = curve[curve["time"].between(start, end)]
        band(plot, part["time"], part["temperature_mm"], part["precipitation_mm"], FILLS[state])
    for name, colour, unit in (("temperature", ORANGE, "°C"), ("precipitation", BLUE, "mm")):
        plot.add_scatter(
            x=curve["time"], y=curve[f"{name}_mm"], name=name, mode="lines", line={"color": colour, "width": 2},
            customdata=curve[name], hovertemplate=f"%{{customdata:.0f}} {unit}",
        )  # fmt: skip
    plot.add_scatter(x=[None], y=[None], yaxis="y2", showlegend=False)  # an axis shows only with a trace
    _axes(quiet(plot, height), curve)
    caption = "Walter–Lieth: 10 °C stands level with 20 mm. Blue: rain exceeds need; yellow: drought."
    return Figure(plot, diagram.months, f"{caption} {_header(diagram)}", _alt_diagram(diagram))


def _axes(plot: go.Figure, curve: pd.DataFrame) -> None:
    top = float(np.nanmax([40, curve["precipitation_mm"].max(), curve["temperature_mm"].max()])) * 1.05
    bottom = float(np.nanmin([0, curve["temperature_mm"].min() * 1.1]))
    degrees = np.arange(np.floor(bottom / 20) * 10, top / 2, 10)
    shared = {"range": [bottom, top], "zeroline": True, "zerolinecolor": GREY}
    plot.update_layout(
        yaxis=shared | {"tickvals": degrees * MM_PER_DEGREE, "ticktext": [number(t) for t in degrees],
                        "title": {"text": "°C"}},
        yaxis2={"overlaying": "y", "side": "right", "range": [bottom, top], "tickvals": RAIN_TICK_HEIGHTS,
                "ticktext": RAIN_TICKS.tolist(), "title": {"text": "mm"}, "showgrid": False},
    )  # fmt: skip
    x_axes(plot, tickvals=MIDDLES, ticktext=[month[0] for month in MONTHS], range=[0, 12])


def _header(diagram: Diagram) -> str:
    return (
        f"{number(diagram.annual_temperature)} °C and {whole(diagram.annual_precipitation)} mm a year, "
        f"{number(diagram.arid_months, 2)} dry {'month' if diagram.arid_months == 1 else 'months'}."
    )


def _alt(temperature: pd.Series, rain: pd.Series) -> str:
    if temperature.isna().all() or rain.isna().all():
        return "Climate: no data in any month."
    warm, cold, wet = temperature.argmax(), temperature.argmin(), rain.argmax()
    return (
        f"Monthly climate: {fixed(temperature[cold], 0)} °C in {MONTHS[cold]}, "
        f"{fixed(temperature[warm], 0)} °C in {MONTHS[warm]}, {fixed(rain.sum(), 0)} mm of "
        f"precipitation a year, most in {MONTHS[wet]}."
    )


def _alt_diagram(diagram: Diagram) -> str:
    times = diagram.spans.groupby("state")["months"].sum()
    parts = ", ".join(f"{fixed(months, 1)} months {state}" for state, months in times.items()) or "no data"
    return f"Walter–Lieth climate diagram: {parts}. {_header(diagram)}"
