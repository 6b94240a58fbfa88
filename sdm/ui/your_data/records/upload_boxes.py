"""The boxes for files of records, and the files as stored."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from sdm.data.uploads import MEGABYTE
from sdm.occurrences.options import OccurrenceFiles
from sdm.occurrences.uploads import MOST_BYTES, MOST_RASTERS, TABLES, store_occurrences
from sdm.rasters.uploads import Sent, plain_name
from sdm.ui.state import Key
from sdm.ui.your_data.uploaded_files import stored_once

TABLE_KINDS = ["csv", "txt", "tsv", "gz", "gpkg", "zip", "parquet", "geoparquet"]
FURTHER = {
    "background": ("Background sites", "Places to compare the records with; without any they are drawn."),
    "plots": ("Plots", "Presence and absence: a column of 0 and 1 per species. They test, and never train."),
    "plot_predictors": ("Environment of the plots", "Where it is a table of its own, joined by the plots' ids."),
}


def sent_files() -> OccurrenceFiles | None:
    """The files that were sent; None without records, and after saying why they cannot be used."""
    records = _box("records", "Records (CSV, GeoPackage, zipped Shapefile, GeoParquet)",
                   f"A row per record: species, position. At most {MOST_BYTES // MEGABYTE} MB.")  # fmt: skip
    with st.expander("Background, plots, rasters", icon=":material/attach_file:"):
        rasters = st.file_uploader(
            "Rasters of the environment (GeoTIFF)", type=["tif", "tiff"], accept_multiple_files=True,
            key=Key.PREDICTOR_RASTERS, max_upload_size=MOST_BYTES // MEGABYTE,
            help=f"Each band is a predictor; with them there are maps. At most {MOST_RASTERS} files.",
        )  # fmt: skip
        further = {name: _box(name, title, help_) for name, (title, help_) in FURTHER.items()}
    tables = {name: file for name, file in {"records": records, **further}.items() if file is not None}
    if records is None:
        return None
    named = {name: tables[name] for name in TABLES if name in tables}
    return stored_once(
        Key.RECORDS_UPLOAD, [*named.values(), *rasters],
        lambda folder: store_occurrences(
            folder, {name: _sent(file) for name, file in named.items()}, [_sent(file) for file in rasters]
        ),
        tuple(named),
    )  # fmt: skip


def sent_name() -> str:
    """The name of the file of records without its endings, plain."""
    file: UploadedFile | None = st.session_state.get("records_file")
    return plain_name("" if file is None else Path(file.name).name.split(".")[0], "my-records")


def _box(name: str, title: str, help_: str) -> UploadedFile | None:
    return st.file_uploader(
        title, type=TABLE_KINDS, key=f"{name}_file", help=help_, max_upload_size=MOST_BYTES // MEGABYTE
    )


def _sent(file: UploadedFile) -> Sent:
    return Sent(file.name, file.getvalue())
