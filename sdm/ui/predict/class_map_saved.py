"""What can be saved of a class map, and how much of the scene each class covers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from sdm.data.dataset import TargetKind
from sdm.inference.class_map_files import CERTAINTY, CLASSES, VALUE, map_table
from sdm.maps.class_map_picture import Legend, MapPicture
from sdm.number_format import percent_of
from sdm.ui.cache import class_maps
from sdm.ui.components.data_table import data_table
from sdm.ui.components.figure import download
from sdm.ui.components.theme import font
from sdm.ui.predict.class_map_job import ClassMapQuery
from sdm.ui.predict.class_map_legend import classes_at, measure_of
from sdm.ui.predict.class_map_view import CLASS_LAYERS, NOTHING, VALUE_LAYERS

TABLE_HEIGHT = 330
ROW_HEIGHT = 35
MOST_ROWS = 2_000_000  # pixels in a table to save
COLUMNS = {
    "name": st.column_config.TextColumn("Class"),
    "hectares": st.column_config.NumberColumn("Hectares", format="%.1f"),
    "share": st.column_config.NumberColumn("Of the map", format="%.1f %%"),
    "probability": st.column_config.NumberColumn("Mean probability", format="%.2f"),
}


def show(query: ClassMapQuery, what: str, level: str) -> None:
    """Buttons that save the map, and the table of its classes."""
    regression = query.run.card.kind is TargetKind.REGRESSION
    name = f"{query.scene.source}-{query.run.name}{'' if query.within is None else '-part'}"
    with st.container(horizontal=True):
        if what != NOTHING:
            _button("Picture (PNG)", lambda: picture(query, what, level), f"{name}-{what}.png", "image/png")
        files = {VALUE: "Values"} if regression else {CLASSES: "Classes", CERTAINTY: "Probability, entropy"}
        for file, title in files.items():
            _button(f"{title} (GeoTIFF)", (query.folder / file).read_bytes, f"{name}-{file}", "image/tiff")
        if not regression and len(query.grid) <= MOST_ROWS:
            download("Predictions (CSV)", partial(_pixels, query), f"{name}-predictions", "save_predictions")
        if not regression:
            download(
                "Areas (CSV)", partial(class_maps.areas, query.folder, query.run), f"{name}-areas", "save_areas"
            )
    if not regression:
        table = class_maps.areas(query.folder, query.run)
        height = min(TABLE_HEIGHT, ROW_HEIGHT * (len(table) + 1) + 2)
        data_table(
            table.assign(share=100 * table["share"]), COLUMNS, key="class_areas", height=height,
            column_order=list(COLUMNS), alt="Area and mean probability of each class on the map.",
        )  # fmt: skip


def picture(query: ClassMapQuery, what: str, level: str) -> bytes:
    """The map as a PNG with its legend."""
    run, made_up = query.run, "simulated data" if query.data.simulated else query.data.title
    if what == "class":
        classes = classes_at(query, level)
        total = sum(pixels for *_, pixels in classes)
        legend = Legend([(f"{label} · {percent_of(n, total)}", colour) for label, colour, n in classes])
    else:
        legend = Legend(limits=class_maps.limits(query.folder, what), measure=measure_of(query, what))
    palette = class_maps.palette_of(query.data, run, level) if what == "class" else None
    title = f"{query.scene.title}: {(CLASS_LAYERS | VALUE_LAYERS)[what].lower()}"
    note = f"{run.card.title}, {run.name} · {made_up}"
    return MapPicture(query.folder, what, palette, legend, title, note).png(font())


def _pixels(query: ClassMapQuery) -> pd.DataFrame:
    """Latitude, longitude and class of each pixel: the form in which such maps are handed on."""
    return map_table(query.folder, query.run.card.class_names)[["latitude", "longitude", "predicted_class"]]


def _button(label: str, content: Callable[[], bytes], file: str, mime: str) -> None:
    st.download_button(
        label, content, file_name=file, mime=mime, on_click="ignore", key=f"save_{mime}_{label}",
        icon=":material/download:", type="tertiary",
    )  # fmt: skip
