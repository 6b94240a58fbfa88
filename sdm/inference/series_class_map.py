"""What a run predicts of the series in exports: a class for each pixel, and a map of each site.

Pixels are predicted as they were read; a map is made of the lattice they lie on, which need not be full.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from rasterio.windows import Window

from sdm.data.dataset import TargetKind
from sdm.errors import DataError, RunError
from sdm.evaluation.run_model import open_model
from sdm.formats.spreadsheet import to_csv
from sdm.inference.class_map_files import DIGITS, Colours
from sdm.inference.class_map_writer import map_files, summary
from sdm.inference.service import best_device
from sdm.jobs import Report, no_report
from sdm.modalities import MODALITIES
from sdm.modalities.raster_bands import family_of
from sdm.models.preparation import make_batch
from sdm.runs import Run
from sdm.series.lattice import lattice_of
from sdm.series.options import ReadOptions
from sdm.series.reader import SeriesTable, read_series

PREDICTIONS = "predictions.csv"
AT_ONCE = 256  # series predicted together: what fits into a processor's cache


@dataclass(frozen=True)
class SiteMap:
    """What was made of one site: folder, pixels, class -> pixels (none of a number), and why there is no map."""

    source: str
    folder: Path
    pixels: int
    classes: dict[str, int]
    no_map: str = ""


def read_for(run: Run, files: Sequence[Path], report: Report = no_report) -> SeriesTable:
    """The series in `files`, of the features that `run` reads; RunError where it reads no series or something else
    besides, DataError where a feature is in none of the files."""
    modality = _input(run)
    bands = MODALITIES[modality].channels
    table = read_series(files, report, ReadOptions(bands))
    lacking = [band for i, band in enumerate(bands) if not np.isfinite(table.values[:, i]).any()]
    if lacking:
        raise DataError(
            "no file has a value of features that the run reads", where=", ".join(path.name for path in files[:5]),
            expected=", ".join(bands), got=f"none of {', '.join(lacking)}",
            remedy="Export them too, or train on the features that there are.",
        )  # fmt: skip
    return table


def _input(run: Run) -> str:
    """The series that `run` reads."""
    names = [*run.card.inputs]
    if len(names) != 1 or family_of(names[0]) != "series":
        titles = ", ".join(MODALITIES[name].title for name in names)
        raise RunError("the run reads no series of a pixel", where=run.path, got=titles or "no input")
    return names[0]


def predict_series(run: Run, table: SeriesTable, report: Report = no_report) -> np.ndarray:
    """float32 (N, S): what `run` says of each series of `table`."""
    name, model = _input(run), open_model(run)
    if MODALITIES[name].shape != table.values.shape[1:]:
        raise RunError("the run reads series of another size", where=run.path, expected=MODALITIES[name].shape,
                       got=table.values.shape[1:])  # fmt: skip
    if isinstance(model, torch.nn.Module):
        model.to(best_device()).eval()
    result = np.empty((len(table), model.width), np.float32)
    for start in range(0, len(table), AT_ONCE):
        part = table.take(np.arange(start, min(start + AT_ONCE, len(table))))
        batch = make_batch({name: part.values}, _sites(part), run.card.inputs, run.card.statistics)
        result[start : start + len(part)] = model.predict(batch).numpy()
        report(start + len(part), len(table), "series")
    if not np.isfinite(result).all():
        raise RunError("the model gives values that are no numbers", where=run.path)
    return result


def write_series_maps(
    run: Run, table: SeriesTable, out: Path, colours: Colours, report: Report = no_report
) -> list[SiteMap]:
    """Predict `table` and write a new folder for each of its sites into `out`.

    It holds predictions.csv and, where the pixels lie on a lattice, the GeoTIFFs of a class map; `colours` of the
    classes go into the file's colour table.
    """
    values = predict_series(run, table, report)
    maps = []
    for source in np.unique(table.source).tolist():
        own = np.flatnonzero(table.source == source)
        folder = out / "".join(c if c.isalnum() or c in "-_." else "_" for c in source)
        folder.mkdir(parents=True)
        maps.append(_write(run, table.take(own), values[own], folder, colours))
    return maps


def _write(run: Run, table: SeriesTable, values: np.ndarray, folder: Path, colours: Colours) -> SiteMap:
    predicted = prediction_table(run, table.lon, table.lat, values)
    (folder / PREDICTIONS).write_bytes(to_csv(predicted))
    numbers = run.card.kind is TargetKind.REGRESSION
    counts = {} if numbers else {str(k): int(n) for k, n in predicted["predicted_class"].value_counts().items()}
    problem = ""
    try:
        _paint(run, table, values, folder, colours)
    except DataError as error:
        problem = str(error)
    return SiteMap(str(table.source[0]), folder, len(table), counts, problem)


def prediction_table(run: Run, lon: np.ndarray, lat: np.ndarray, values: np.ndarray) -> pd.DataFrame:
    """One row per pixel: latitude, longitude, predicted_class (or predicted_value); `values` (N, S) of the run."""
    place = pd.DataFrame({"latitude": np.round(lat, DIGITS), "longitude": np.round(lon, DIGITS)})
    if run.card.kind is TargetKind.REGRESSION:
        return place.assign(predicted_value=values[:, 0])
    return place.assign(predicted_class=np.array(run.card.class_names)[values.argmax(axis=1)])


def _paint(run: Run, table: SeriesTable, values: np.ndarray, folder: Path, colours: Colours) -> None:
    """Write the class map of one site; of pixels in one cell the first counts. DataError without a lattice."""
    lattice, row, column = lattice_of(table.lon, table.lat)
    cells = np.full((values.shape[1], lattice.height, lattice.width), np.nan, np.float32)
    cells[:, row[::-1], column[::-1]] = values[::-1].T
    for writer, part in zip(map_files(folder, run, lattice, colours), summary(cells, run.card.kind), strict=True):
        with writer:
            writer.write(part, window=Window(0, 0, lattice.width, lattice.height))


def _sites(table: SeriesTable) -> pd.DataFrame:
    """`Dataset.sites` of the pixels, as far as they are known."""
    return pd.DataFrame({
        "source": table.source, "survey_id": np.arange(len(table)), "lon": table.lon, "lat": table.lat,
        "year": np.nan, "area_m2": np.nan, "country": "", "region": "",
    })  # fmt: skip
