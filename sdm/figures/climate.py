"""The climate of one place: the monthly year with its spread, and the Walter–Lieth diagram."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from sdm.figures.style import BLUE, ORANGE, Figure, quiet
from sdm.schema import CLIMATE, CLIMATE_YEARS, MONTHS

WET = 100.0  # mm: above it the Walter-Lieth rain axis is squeezed tenfold (Walter & Lieth 1967)
BAND = "rgba(213,94,0,0.18)"


def table(cube: np.ndarray) -> pd.DataFrame:
    """Twelve rows, means over the years: month, low, mean, high (°C), rain, and its 10th and 90th percentile (mm)."""
    rain, mean, high, low = CLIMATE.to_physical(cube)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a month without any year stays NaN
        dry, wet = np.nanpercentile(rain, [10, 90], axis=0)
        rows = {"low": np.nanmean(low, axis=0), "mean": np.nanmean(mean, axis=0), "high": np.nanmean(high, axis=0)}
        rows |= {"rain": np.nanmean(rain, axis=0), "rain_p10": dry, "rain_p90": wet}
    return pd.DataFrame({"month": MONTHS, **{name: values.astype(float) for name, values in rows.items()}})


def monthly(cube: np.ndarray, height: int = 270) -> Figure:
    """Temperature range above, precipitation below."""
    data = table(cube)
    plot = make_subplots(rows=2, cols=1, shared_xaxes=True, row_heights=[0.56, 0.44], vertical_spacing=0.06)
    edge = {"mode": "lines", "line": {"width": 0}, "showlegend": False}
    plot.add_scatter(x=data["month"], y=data["low"], name="mean low", hovertemplate="%{y:.1f} °C", **edge)
    plot.add_scatter(
        x=data["month"], y=data["high"], name="mean high", fill="tonexty", fillcolor=BAND,
        hovertemplate="%{y:.1f} °C", **edge,
    )  # fmt: skip
    plot.add_scatter(
        x=data["month"], y=data["mean"], name="mean temperature", mode="lines",
        line={"color": ORANGE, "width": 2}, hovertemplate="%{y:.1f} °C", showlegend=False,
    )  # fmt: skip
    spread = {
        "type": "data", "symmetric": False, "array": data["rain_p90"] - data["rain"],
        "arrayminus": data["rain"] - data["rain_p10"], "thickness": 1, "width": 0, "color": "rgba(122,133,128,0.9)",
    }  # fmt: skip
    plot.add_bar(
        x=data["month"], y=data["rain"], name="precipitation", marker_color=BLUE, error_y=spread,
        hovertemplate="%{y:.0f} mm", showlegend=False, row=2, col=1,
    )  # fmt: skip
    quiet(plot, height).update_layout(margin_t=10)
    plot.update_yaxes(title_text="°C", row=1, col=1)
    plot.update_yaxes(title_text="mm", rangemode="tozero", row=2, col=1)
    years = f"{CLIMATE_YEARS[0]} to {CLIMATE_YEARS[-1]}"
    caption = f"Mean of {years}. Band: mean daily low to high. Thin lines on the bars: one year in ten is drier or wetter."
    return Figure(plot, data, caption, _alt(data))


def walter_lieth(cube: np.ndarray, height: int = 270) -> Figure:
    """Temperature and rain at 10 °C : 20 mm: blue where rain exceeds need, yellow where plants go thirsty."""
    data = table(cube)
    temperature, rain = _closed(data["mean"]), _closed(squeeze(data["rain"].to_numpy()) / 2)
    fine = np.linspace(0, 12, 241)
    hot, wet = np.interp(fine, np.arange(13), temperature), np.interp(fine, np.arange(13), rain)
    plot = go.Figure()
    _fill_between(
        plot, fine, np.maximum(hot, 0), np.maximum(wet, np.maximum(hot, 0)), "humid", "rgba(0,114,178,.28)"
    )
    _fill_between(plot, fine, np.minimum(wet, hot), hot, "arid", "rgba(230,159,0,.45)")
    for name, values, colour, unit, shown in (
        ("temperature", temperature, ORANGE, "°C", data["mean"]),
        ("precipitation", rain, BLUE, "mm", data["rain"]),
    ):
        plot.add_scatter(
            x=np.arange(13), y=values, name=name, mode="lines", line={"color": colour, "width": 2},
            customdata=_closed(shown), hovertemplate=f"%{{customdata:.0f}} {unit}",
        )  # fmt: skip
    ticks = np.array([0, 20, 40, 60, 80, 100, 300, 500])
    quiet(plot, height).update_layout(
        yaxis2={"overlaying": "y", "side": "right", "matches": "y", "tickvals": squeeze(ticks) / 2,
                "ticktext": [str(t) for t in ticks], "title": {"text": "mm"}, "showgrid": False},
    )  # fmt: skip
    plot.add_scatter(x=[None], y=[None], yaxis="y2", showlegend=False)
    plot.update_xaxes(tickvals=np.arange(12) + 0.5, ticktext=[m[0] for m in MONTHS], range=[0, 12])
    plot.update_layout(yaxis_title_text="°C")
    caption = "Walter–Lieth: 10 °C stands level with 20 mm. Blue: rain exceeds need; yellow: drought."
    return Figure(plot, data, caption, _alt(data))


def squeeze(rain: np.ndarray) -> np.ndarray:
    """Rain on the diagram's axis: above 100 mm ten times smaller.

    >>> squeeze(np.array([50.0, 100.0, 300.0])).tolist()
    [50.0, 100.0, 120.0]
    """
    return np.where(rain > WET, WET + (rain - WET) / 10, rain)


def _closed(values: pd.Series | np.ndarray) -> np.ndarray:
    """Twelve months at their middles as thirteen month edges, December joined to January."""
    array = np.asarray(values, float)
    around = np.concatenate([array[-1:], array, array[:1]])
    return (around[:-1] + around[1:]) / 2


def _fill_between(
    plot: go.Figure, x: np.ndarray, low: np.ndarray, high: np.ndarray, name: str, colour: str
) -> None:
    edge = {"x": x, "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    plot.add_scatter(y=low, showlegend=False, **edge)
    plot.add_scatter(y=high, name=name, fill="tonexty", fillcolor=colour, **edge)


def _alt(data: pd.DataFrame) -> str:
    if data["mean"].isna().all():
        return "Climate: no data in any month."
    warm, cold = data.loc[data["mean"].idxmax()], data.loc[data["mean"].idxmin()]
    wettest = "" if data["rain"].isna().all() else f", wettest {data.loc[data['rain'].idxmax(), 'month']}"
    return (
        f"Monthly climate: {cold['mean']:.0f} °C in {cold['month']}, {warm['mean']:.0f} °C in {warm['month']}, "
        f"{data['rain'].sum():.0f} mm of precipitation a year{wettest}."
    )
