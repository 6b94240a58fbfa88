"""The files sent: stored once under names of our own, with what was read of them."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from sdm.data.uploads import INCOMING, MEGABYTE, clear_abandoned, require_room, visit_folder
from sdm.errors import DataError, SdmError
from sdm.number_format import counted, whole
from sdm.rasters.uploads import MOST_BYTES, MOST_FILES, Preview, Sent, Upload, store_upload
from sdm.training import jobs
from sdm.ui import visitor
from sdm.ui.components import markup
from sdm.ui.components.number_table import number_table
from sdm.ui.components.page_frame import problem
from sdm.ui.state import Key

T = TypeVar("T")
MOST_CODES = 10


@dataclass(frozen=True)
class Stored(Generic[T]):
    """The `upload` made of the files with these ids in `folder`, or why there is none."""

    ids: tuple[str, ...]
    folder: Path
    upload: T | None
    error: SdmError | None


def sent_files(ending: str = "") -> Upload | None:
    """Two boxes for files; what was stored of them, None while one kind is missing or cannot be used.

    With another `ending` of their keys the boxes are empty again.
    """
    limit = f"At most {MOST_FILES} files of {MOST_BYTES // MEGABYTE} MB each."
    rasters = st.file_uploader(
        "Rasters (GeoTIFF); the first gives the grid", type=["tif", "tiff"], accept_multiple_files=True,
        key=f"{Key.RASTER_FILES}{ending}", max_upload_size=MOST_BYTES // MEGABYTE,
        help=f"Further ones are resampled to it. {limit}",
    )  # fmt: skip
    polygons = st.file_uploader(
        "Polygons (GeoPackage, GeoJSON, zipped Shapefile); the first labels",
        type=["gpkg", "geojson", "json", "zip"], accept_multiple_files=True, key=f"{Key.POLYGON_FILES}{ending}",
        max_upload_size=MOST_BYTES // MEGABYTE,
        help=f"Further ones are other mappers, who are compared with the first. {limit}",
    )  # fmt: skip
    if not rasters or not polygons:
        return None
    return stored_once(
        Key.UPLOAD, [*rasters, *polygons],
        lambda folder: store_upload(
            folder, *([Sent(file.name, file.getvalue()) for file in kind] for kind in (rasters, polygons))
        ),
    )  # fmt: skip


def stored_once(
    key: Key, files: Sequence[UploadedFile], store: Callable[[Path], T], names: tuple[str, ...] = ()
) -> T | None:  # fmt: skip
    """What `store` makes of `files` in a new folder, once for the same files and `names`; `key` remembers it.

    None without files, and after saying why they cannot be used.
    """
    if not files:
        return None
    ids = (*names, *(file.file_id for file in files))
    stored: Stored[T] | None = st.session_state.get(key)
    if stored is None or stored.ids != ids:
        if stored is not None:
            shutil.rmtree(stored.folder, ignore_errors=True)
        stored = st.session_state[key] = _store(ids, files, store)
    if stored.error is not None:
        problem("These files cannot be used", stored.error)
    return stored.upload


def _store(ids: tuple[str, ...], files: Sequence[UploadedFile], store: Callable[[Path], T]) -> Stored[T]:
    clear_abandoned(jobs.in_use)
    visit = visitor.current()
    folder = visit_folder(visit) / f"{INCOMING}{secrets.token_hex(4)}"
    try:
        require_room(visit, sum(file.size for file in files))
        return Stored(ids, folder, store(folder), None)
    except SdmError as error:
        return Stored(ids, folder, None, error)
    except OSError as error:
        return Stored(ids, folder, None, DataError("the files cannot be stored", got=error))


def show_preview(seen: Preview) -> None:
    """Bands, size, reference system, and each mapper's polygons."""
    st.html(markup.facts([
        (counted(len(seen.bands), "band"), ", ".join(seen.bands[:16])),
        ("Pixels", f"{whole(seen.width)} × {whole(seen.height)}"), ("Reference system", seen.crs),
    ]))  # fmt: skip
    rows = []
    for mapper, polygons in seen.polygons.items():
        codes = polygons.table["code"].value_counts()
        left_out = ", ".join(f"{reason} {whole(count)}" for reason, count in polygons.left_out.items())
        unread = ", ".join(f"{code or '(blank)'} {whole(count)}" for code, count in polygons.unread.items())
        some = ", ".join(f"{code} {whole(count)}" for code, count in codes.head(MOST_CODES).items())
        more = f" and {len(codes) - MOST_CODES} more" if len(codes) > MOST_CODES else ""
        used = f"{whole(len(polygons.table))} of {whole(polygons.read)}"
        rows.append([mapper, used, whole(polygons.repaired), f"{some}{more}", left_out, unread[:300]])
    heads = ("Mapper", "Polygons", "Repaired", "Codes", "Left out", "Not read")
    st.html(number_table("Polygons of each mapper", (), heads, rows, words=True))
