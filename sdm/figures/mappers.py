"""How far mappers agree: shares by level of the hierarchy, where on the ground, and which types they confuse."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sdm.figures.plot import Plot
from sdm.figures.style import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PINK,
    SKY,
    YELLOW,
    Figure,
    label,
    named_rows,
    quiet,
    share_texts,
    share_ticks,
    x_axes,
    y_axes,
)  # fmt: skip
from sdm.number_format import counted, percent, percent_of, whole

COLOURS = (BLUE, ORANGE, GREEN, PINK, YELLOW, SKY, GREY)
MOST_TYPES = 24
NAMES = ("one type", "two types", "three or more")
DIFFERENT = (BLUE, ORANGE, "#6B2F00")  # one type, two types, three or more
RAMP = [[0, "rgba(213,94,0,0.10)"], [1, ORANGE]]


def agreement_bars(table: pd.DataFrame, levels: Mapping[str, str], height: int = 300) -> Figure:
    """Share of common pixels with one type, by level: a table of `sdm.rasters.agreement.agreement_table`.

    `levels`: level -> title, coarse to fine.
    """
    plot = Plot()
    titles = list(levels.values())
    for colour, (mappers, part) in zip(COLOURS, table.groupby("mappers", sort=False), strict=False):
        share = part.set_index("level")["share"].reindex(list(levels))
        plot.add_bar(
            x=titles, y=share, name=label(mappers, 40), marker_color=colour, text=share_texts(share),
            textposition="outside", cliponaxis=False,
            hovertemplate=f"{label(mappers, 40)}, %{{x}}: %{{text}}<extra></extra>",
        )  # fmt: skip
    quiet(plot, height, barmode="group", hovermode="closest", showlegend=True)
    y_axes(plot, title_text="Share that agrees", range=[0, 1.12], **share_ticks(1.0))
    pixels = table.groupby("mappers", sort=False)["pixels"].first()
    counts = "; ".join(f"{name}: {whole(count)}" for name, count in pixels.items())
    caption = f"Pixels that all the mappers named typed ({counts}). No model can be expected to agree better."
    finest = table[table["level"] == list(levels)[-1]]
    said = ", ".join(f"{name} {percent(share)}" for name, share in finest[["mappers", "share"]].to_numpy())
    return Figure(plot, table, caption, f"Agreement of mappers by level; at the finest: {said}.")


def agreement_map(distinct: np.ndarray, table: pd.DataFrame, metres: float, height: int = 420) -> Figure:
    """Number of different types per pixel (rows, columns) of `sdm.rasters.mapped_types.distinct_types`.

    `table`: pixels by number of types, of `sdm.rasters.scene_mappers.types_table`; `metres`: side of a pixel.
    """
    values = np.where(distinct == 0, np.nan, np.minimum(distinct, 3)).astype(np.float32)
    rows, columns = distinct.shape
    scale = [[i / 3, c] for i, c in zip((0, 1, 1, 2, 2, 3), np.repeat(DIFFERENT, 2), strict=True)]
    plot = Plot()
    plot.add_heatmap(
        z=values, x0=metres / 2, dx=metres, y0=metres / 2, dy=metres, zmin=0.5, zmax=3.5, colorscale=scale,
        showscale=False, hoverinfo="skip",
    )  # fmt: skip
    counts = table["pixels"].to_numpy()
    typed = int(counts.sum())
    shares = [f"{name} {percent_of(count, typed)}" for name, count in zip(NAMES, counts, strict=True)]
    for name, colour, count in zip(shares, DIFFERENT, counts, strict=True):
        if count:
            plot.add_scatter(
                x=[None],
                y=[None],
                mode="markers",
                name=name,
                marker={"symbol": "square", "size": 11, "color": colour},
            )
    quiet(plot, height, hovermode=False, showlegend=True)
    x_axes(plot, title_text="Metres east", range=[0, columns * metres], constrain="domain")
    y_axes(
        plot, title_text="Metres south", range=[rows * metres, 0], scaleanchor="x", constrain="domain",
        showgrid=False,
    )  # fmt: skip
    caption = f"{counted(typed, 'pixel')} that two mappers or more typed; elsewhere one or none did."
    return Figure(plot, table, caption, f"Map of how many types mappers give each pixel: {', '.join(shares)}.")


def mapper_matrix(counts: pd.DataFrame, one: str, other: str) -> Figure:
    """Types of one mapper against those of another, of a table of `sdm.rasters.agreement.mapper_confusion`.

    The MOST_TYPES types in the most disagreements are drawn.
    """
    values = counts.to_numpy()
    wrong = values.sum(axis=0) + values.sum(axis=1) - 2 * values.diagonal()
    shown = np.sort(np.argsort(-wrong, kind="stable")[:MOST_TYPES])
    part = values[np.ix_(shown, shown)]
    total = values.sum(axis=1)[shown]
    share = np.divide(
        part, total[:, None], out=np.full(part.shape, np.nan), where=(total[:, None] > 0) & (part > 0)
    )
    names = [label(name) for name in counts.index[shown]]
    texts = [[f"{one}: {a}<br>{other}: {b}<br>{whole(part[i, j])} pixels, {percent(share[i, j])} of the row"
              for j, b in enumerate(names)] for i, a in enumerate(names)]  # fmt: skip
    plot = Plot()
    plot.add_heatmap(
        z=share, zmin=0, zmax=1, colorscale=RAMP, xgap=1, ygap=1, text=texts,
        hovertemplate="%{text}<extra></extra>",
        colorbar={"title": {"text": "share of the row", "side": "top"}, "orientation": "h", "thickness": 10,
                  "x": 0, "xanchor": "left", "y": 1, "yanchor": "bottom", "len": 0.8, **share_ticks(1.0)},
    )  # fmt: skip
    quiet(plot, 150 + max(18, 420 // max(len(names), 1)) * len(names), hovermode="closest")
    named_rows(plot, names)
    y_axes(plot, title_text=label(one), showgrid=False)
    x_axes(plot, title_text=label(other), tickvals=list(range(len(names))), ticktext=names, tickangle=-90)
    same = percent(values.trace() / values.sum()) if values.sum() else "–"
    left_out = len(counts) - len(shown)
    rest = f" {counted(left_out, 'type')} with fewer disagreements left out." if left_out else ""
    caption = f"Each row: how the pixels of one type of {one} are typed by {other}; {same} agree.{rest}"
    return Figure(plot, counts.reset_index(), caption, f"Types of {one} against {other}: {same} on the diagonal.")
