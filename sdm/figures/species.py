"""One species: maps of where it is and where a run expects it, how well it is found, what it responds to."""

from __future__ import annotations

import html

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from sdm.figures.confusion import LONGEST_LABEL
from sdm.figures.europe import INK, RAMPS, Ground, colour_axis, lay, positions
from sdm.figures.style import BLUE, GREEN, GREY, ORANGE, Figure, number, quiet
from sdm.maps.colours import SPLITS
from sdm.maps.europe import mercator_y
from sdm.schema import PREDICTORS
from sdm.species.curve import AtThreshold
from sdm.world.grid import LandGrid

MOST_POINTS = 2000  # more cannot be told apart, and slow the browser down
BLUE_BAND = "rgba(0,114,178,0.18)"
COLUMNS = 3  # panels side by side
MOST_LABELLED = 9  # characters of a class under a panel


def recorded_map(surveys: pd.DataFrame, ground: Ground, tests: bool) -> Figure:
    """Test surveys with the species as points over the pictures of `ground`, which show all others.

    `surveys`: row, survey_id, split, lon, lat of those points. `tests`: whether the truth of tests is known.
    """
    plot = go.Figure()
    for split, part in surveys.groupby("split", sort=True):
        x, y = positions(part)
        plot.add_scatter(
            x=x, y=y, mode="markers", name=SPLITS.get(str(split), (str(split), GREY))[0],
            customdata=part[["row", "survey_id"]].to_numpy(),
            marker={"size": 6, "color": SPLITS.get(str(split), ("", GREY))[1],
                    "line": {"width": 0.8, "color": INK[ground.theme]}},
            hovertemplate="survey %{customdata[1]}: recorded<extra></extra>",
        )  # fmt: skip
    _never_empty(plot)
    lay(plot, ground).update_layout(showlegend=False)
    hidden = "" if tests else " What grows at the test surveys is not known."
    caption = f"Where it was recorded. Faint dots: surveyed, but not recorded there.{hidden}"
    return Figure(plot, surveys, caption, f"Map of records; at {len(surveys)} test surveys the species was found.")


def predicted_map(surveys: pd.DataFrame, ground: Ground) -> Figure:
    """Surveys coloured by predicted probability, those with the species ringed.

    `surveys`: row, survey_id, lon, lat, recorded, probability.
    """
    drawn = _thinned(surveys).sort_values("probability", kind="stable")
    x, y = positions(drawn)
    highest = _highest(surveys["probability"].to_numpy())
    ring = np.where(drawn["recorded"], 1.6, 0.4)
    words = np.where(drawn["recorded"], "recorded", "not recorded")
    plot = go.Figure()
    plot.add_scatter(
        x=x, y=y, mode="markers", text=words, customdata=drawn[["row", "survey_id"]].to_numpy(), showlegend=False,
        marker={"size": np.where(drawn["recorded"], 8, 6), "color": drawn["probability"],
                "line": {"width": ring, "color": INK[ground.theme]}, "coloraxis": "coloraxis"},
        hovertemplate="survey %{customdata[1]}: %{marker.color:.1%}, %{text}<extra></extra>",
    )  # fmt: skip
    _never_empty(plot)
    lay(plot, ground).update_layout(coloraxis=_opaque(colour_axis(ground, "Predicted probability", highest)))
    rest = f" {len(drawn):,} of {len(surveys):,} surveys are drawn." if len(drawn) < len(surveys) else ""
    caption = (
        f"How likely the model finds it at each survey; thick ring: recorded. Click a point for its survey.{rest}"
    )
    return Figure(plot, surveys, caption, _predicted_alt(surveys))


def grid_map(
    values: np.ndarray, grid: LandGrid, ground: Ground, title: str, highest: float, caption: str
) -> Figure:
    """Probabilities `values` (N,) of the land cells of `grid`, coloured from 0 to `highest`."""
    lat = (grid.lat_edges[1:] + grid.lat_edges[:-1]) / 2
    plot = go.Figure()
    plot.add_heatmap(
        x=grid.lon_edges, y=mercator_y(grid.lat_edges), z=grid.spread(values), coloraxis="coloraxis",
        customdata=np.repeat(lat[:, None], grid.shape[1], axis=1).astype(np.float32), hoverongaps=False,
        hovertemplate="%{z:.1%} at %{customdata:.2f}° N, %{x:.2f}° E<extra></extra>",
    )  # fmt: skip
    lay(plot, ground).update_layout(coloraxis=colour_axis(ground, title, highest))
    table = pd.DataFrame({"lon": grid.places.lon, "lat": grid.places.lat, "probability": values})
    best = table.loc[table["probability"].idxmax()]
    alt = (
        f"{title} at {len(table):,} land cells of {number(grid.step)} degrees: mean {values.mean():.1%}, highest "
        f"{best['probability']:.0%} near {best['lat']:.1f} degrees north, {best['lon']:.1f} degrees east."
    )
    return Figure(plot, table, caption, alt)


def highest_of(*values: np.ndarray) -> float:
    """The upper end of a colour scale shared by maps of `values`."""
    return max(_highest(part) for part in values)


def precision_recall(
    curves: dict[str, pd.DataFrame], chosen: dict[str, AtThreshold], prevalence: float, height: int = 330
) -> Figure:
    """Precision over recall of each curve by name, the last one bold, with the point of the chosen threshold.

    `curves` are tables of `sdm.species.curve.precision_recall`; `chosen` what the one threshold gives on each;
    `prevalence` the precision of guessing, on the last.
    """
    names = list(curves)
    plot = go.Figure()
    plot.add_scatter(
        x=[0, 1], y=[prevalence] * 2, mode="lines", name="guessing", hoverinfo="skip",
        line={"color": GREY, "width": 1, "dash": "dot"},
    )  # fmt: skip
    for name in names:
        _curve(plot, name, curves[name], bold=name == names[-1])
        if name in chosen:
            _point(plot, name, chosen[name], bold=name == names[-1])
    quiet(plot, height).update_layout(hovermode="closest")
    plot.update_xaxes(title_text="Recall (share of its surveys that are found)", range=[0, 1.02], tickformat=".0%")
    plot.update_yaxes(title_text="Precision (share of calls that are right)", range=[0, 1.04], tickformat=".0%")
    parts = [curves[name].assign(surveys=name) for name in names]
    table = (
        pd.concat(parts, ignore_index=True)[["surveys", *curves[names[0]].columns]] if parts else pd.DataFrame()
    )
    caption = (
        "Each point is a threshold; up and to the right is better. The dot is the threshold chosen on validation."
    )
    return Figure(plot, table, caption, _curve_alt(names, chosen))


def responses(tables: dict[int, pd.DataFrame], height: int | None = None) -> Figure:
    """A panel per predictor (by its position): recorded share with interval, and predicted mean with band.

    `tables` are those of `sdm.species.response.response`.
    """
    rows = -(-len(tables) // COLUMNS)
    titles = [_title(position) for position in tables]
    plot = make_subplots(
        rows=rows, cols=COLUMNS, subplot_titles=titles, shared_yaxes="all", horizontal_spacing=0.035,
        vertical_spacing=0.3 / max(rows, 1),
    )  # fmt: skip
    for place, (position, table) in enumerate(tables.items()):
        row, column = divmod(place, COLUMNS)
        _response(plot, table, PREDICTORS[position].kind == "class", place == 0, row + 1, column + 1)
        plot.update_xaxes(title_text=PREDICTORS[position].unit, title_standoff=4, row=row + 1, col=column + 1)
    quiet(plot, height or 60 + 215 * rows).update_layout(hovermode="closest", margin_t=52)
    plot.update_layout(legend={"y": 1.0, "yref": "container", "yanchor": "top"})
    plot.update_annotations(font_size=13)
    plot.update_yaxes(tickformat=".0%", rangemode="tozero")
    plot.update_yaxes(title_text="Share of surveys", col=1)
    table = pd.concat(
        [t.assign(predictor=PREDICTORS[p].name, unit=PREDICTORS[p].unit) for p, t in tables.items()],
        ignore_index=True,
    )
    order = ["predictor", "unit", *(c for c in table.columns if c not in ("predictor", "unit"))]
    caption = (
        "Surveys in bins of about equal number, from low to high. Dots: share with the species, bars the 95 % interval. "
        "Line: mean prediction, band the middle 80 % of the surveys."
    )
    return Figure(plot, table[order], caption, _responses_alt(tables))


def confused_bars(pairs: pd.DataFrame, name: str, most: int = 6, height: int = 330) -> Figure:
    """Pairs of `sdm.species.confused.around`: what is given where `name` was missed, and the other way round."""
    shown = pairs.groupby("role", sort=False).head(most)
    plot = go.Figure()
    labels: list[str] = []
    for role, colour, title, other in (
        ("missed", ORANGE, "given where it was missed", "given_name"),
        ("given", BLUE, "missed where it was given", "missed_name"),
    ):
        part = shown[shown["role"] == role]
        at = np.arange(len(labels), len(labels) + len(part))
        names = [_label(text) for text in part[other]]
        detail = [
            f"{text}: {title}<br>{surveys} surveys, {number(expected)} by chance"
            for text, surveys, expected in zip(names, part["surveys"], part["expected"], strict=True)
        ]
        plot.add_bar(
            x=part["lift"], y=at, orientation="h", marker_color=colour, name=title, text=detail, textposition="none",
            hovertemplate="%{text}<br>lift %{x:.3g}<extra></extra>",
        )  # fmt: skip
        labels += [f"<i>{text}</i>" for text in names]
    quiet(plot, height).update_layout(hovermode="closest")
    plot.update_xaxes(title_text="Lift (times as often as by chance)", rangemode="tozero")
    plot.update_yaxes(range=[len(labels) - 0.5, -0.5], tickvals=list(range(len(labels))), ticktext=labels)
    caption = "Errors that fall together at the same surveys more often than chance would have it; 1 is chance."
    return Figure(plot, pairs, caption, _confused_alt(shown, name))


def _curve(plot: go.Figure, name: str, curve: pd.DataFrame, bold: bool) -> None:
    data = curve.iloc[np.unique(np.linspace(0, max(len(curve) - 1, 0), MOST_POINTS).astype(int))]
    plot.add_scatter(
        x=data["recall"], y=data["precision"], mode="lines", name=html.escape(name), customdata=data["threshold"],
        line={"color": BLUE if bold else GREEN, "width": 2.4 if bold else 1.2, "dash": "solid" if bold else "dash"},
        hovertemplate=f"{html.escape(name)}: recall %{{x:.0%}}, precision %{{y:.0%}} from %{{customdata:.1%}} on"
        "<extra></extra>",
    )  # fmt: skip


def _point(plot: go.Figure, name: str, found: AtThreshold, bold: bool) -> None:
    values = {axis: getattr(found, axis) for axis in ("recall", "precision")}
    errors = {
        f"error_{axis}": {"type": "data", "symmetric": False, "array": [value[2] - value[0]],
                          "arrayminus": [value[0] - value[1]], "thickness": 1, "width": 0, "color": BLUE}
        for axis, value in (("x", values["recall"]), ("y", values["precision"]))
    }  # fmt: skip
    plot.add_scatter(
        x=[values["recall"][0]], y=[values["precision"][0]], mode="markers", showlegend=False,
        marker={"size": 10 if bold else 8, "color": BLUE if bold else GREEN}, **(errors if bold else {}),
        hovertemplate=f"{html.escape(name)} at {found.threshold:.1%}: recall %{{x:.0%}}, precision %{{y:.0%}}"
        "<extra></extra>",
    )  # fmt: skip


def _response(plot: go.Figure, table: pd.DataFrame, is_class: bool, legend: bool, row: int, column: int) -> None:
    where = {"row": row, "col": column}
    x = table["label"].str.slice(0, MOST_LABELLED) if is_class else table["middle"]
    if "predicted" in table:
        edge = {"x": x, "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False}
        if not is_class:
            plot.add_scatter(y=table["predicted_low"], **edge, **where)
            plot.add_scatter(y=table["predicted_high"], fill="tonexty", fillcolor=BLUE_BAND, **edge, **where)
        plot.add_scatter(
            x=x, y=table["predicted"], name="predicted", showlegend=legend, line={"color": BLUE, "width": 2},
            mode="markers" if is_class else "lines", marker={"symbol": "line-ew-open", "size": 14, "color": BLUE},
            hovertemplate="predicted %{y:.1%}<extra></extra>", **where,
        )  # fmt: skip
    plot.add_scatter(
        x=x, y=table["share"], mode="markers", name="recorded", showlegend=legend, marker={"color": ORANGE, "size": 6},
        customdata=np.column_stack([table["recorded"], table["surveys"]]),
        error_y={"type": "data", "symmetric": False, "array": table["share_high"] - table["share"],
                 "arrayminus": table["share"] - table["share_low"], "thickness": 1.2, "width": 0, "color": ORANGE},
        hovertemplate="recorded at %{customdata[0]} of %{customdata[1]} surveys, %{y:.1%}<extra></extra>", **where,
    )  # fmt: skip


def _title(position: int) -> str:
    words = PREDICTORS[position].title
    return html.escape(words[0].upper() + words[1:] if len(words) <= 34 else f"{words[0].upper()}{words[1:33]}…")


def _label(name: object) -> str:
    text = " ".join(str(name).split())
    return html.escape(text if len(text) <= LONGEST_LABEL else f"{text[: LONGEST_LABEL - 1]}…")


def _opaque(axis: dict[str, object]) -> dict[str, object]:
    """Points, unlike cells, must be seen where they are unlikely too."""
    scale = [(at, colour.rsplit(",", 1)[0] + ",1.0)") for at, colour in axis["colorscale"]]  # type: ignore[attr-defined]
    return {**axis, "colorscale": scale}


def _highest(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return max(0.05, float(known.max())) if known.size else 1.0


def _never_empty(plot: go.Figure) -> None:
    """A trace that shows nothing: Plotly draws no axes, hence no map, without any."""
    plot.add_scatter(x=[None], y=[None], mode="markers", showlegend=False, hoverinfo="skip")


def _thinned(surveys: pd.DataFrame) -> pd.DataFrame:
    """All surveys with the species, while they are not too many, and an even choice of the others."""
    placed = surveys[np.isfinite(surveys["lon"]) & np.isfinite(surveys["lat"])]
    if len(placed) <= MOST_POINTS:
        return placed
    having, others = placed[placed["recorded"]], placed[~placed["recorded"]]
    having = _evenly(having, min(len(having), MOST_POINTS // 2))
    return pd.concat([having, _evenly(others, MOST_POINTS - len(having))])


def _evenly(table: pd.DataFrame, count: int) -> pd.DataFrame:
    return table.iloc[np.unique(np.linspace(0, len(table) - 1, min(count, len(table))).astype(int))]


def _predicted_alt(surveys: pd.DataFrame) -> str:
    if surveys.empty:
        return "Map of predictions: no survey has one."
    means = surveys.groupby("recorded")["probability"].mean()
    parts = [
        f"{words} {means[state]:.1%}"
        for state, words in ((True, "recorded"), (False, "not recorded"))
        if state in means
    ]
    return f"Map of {len(surveys):,} surveys by predicted probability; mean where {' and where '.join(parts)}."


def _curve_alt(names: list[str], chosen: dict[str, AtThreshold]) -> str:
    told = [
        f"{name}: precision {chosen[name].precision[0]:.0%}, recall {chosen[name].recall[0]:.0%}, F1 {number(chosen[name].f1, 2)}"
        for name in names
        if name in chosen
    ]
    return f"Precision over recall. At the chosen threshold, {'; '.join(told) or 'none could be chosen'}."


def _responses_alt(tables: dict[int, pd.DataFrame]) -> str:
    told = []
    for position, table in tables.items():
        if not table.empty:
            best = table.loc[table["share"].idxmax()]
            at = best["label"] or f"{number(best['low'])} to {number(best['high'])} {PREDICTORS[position].unit}"
            told.append(f"{PREDICTORS[position].title}: most often ({best['share']:.0%}) at {at}")
    return f"Share of surveys with the species along {len(tables)} predictors. {'. '.join(told)}."


def _confused_alt(shown: pd.DataFrame, name: str) -> str:
    if shown.empty:
        return f"{name} is mistaken for no species more than once."
    first = shown.iloc[0]
    told = f"{first['given_name']} instead of {first['missed_name']} at {first['surveys']} surveys, lift {number(first['lift'])}"
    return f"Errors around {name}, {len(shown)} pairs; first {told}."
