"""The command that predicts a class at every pixel of a site."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import click
import numpy as np
import pandas as pd

from sdm.cli.options import find_data, json_option
from sdm.cli.progress import progress_bar
from sdm.data.dataset import Dataset, TargetKind
from sdm.data.open import open_dataset
from sdm.data.views import seen_through
from sdm.errors import RunError
from sdm.formats.spreadsheet import to_csv
from sdm.inference.class_map_files import CLASSES, VALUE, class_areas, layer_for, map_table, why_no_map
from sdm.inference.scene_class_map import predict_scene
from sdm.inference.series_class_map import PREDICTIONS, SiteMap, read_for, write_series_maps
from sdm.jobs import Report
from sdm.maps.class_colours import class_colours, colours_of_names
from sdm.maps.class_map_picture import Legend, MapPicture
from sdm.maps.class_map_tiles import limits_of_map, open_map
from sdm.number_format import counted, percent_of
from sdm.rasters.scenes import read_scenes
from sdm.runs import Run, mismatch
from sdm.series.reader import SeriesTable
from sdm.staging import atomic_content

PATH = click.Path(path_type=Path)
PICTURE, VALUE_PICTURE = "classes.png", "value.png"
GREY = (128, 128, 128)


@click.command("classmap")
@click.argument("run", type=PATH)
@click.argument("files", type=click.Path(path_type=Path, exists=True, dir_okay=False), nargs=-1)
@click.option("--data", type=PATH, help="Data set whose scenes are mapped, where no FILES are named.")
@click.option("--out", type=PATH, required=True, help="Folder for the maps, one folder per site.")
@json_option()
def classmap_command(run: Path, files: tuple[Path, ...], data: Path | None, out: Path, as_json: bool) -> None:
    """Predict the class of each pixel in FILES, exports of monthly series, or in the scenes of a data set, by RUN.

    Each site gets predictions.csv (latitude, longitude, predicted_class), classes.tif with a colour table,
    certainty.tif with the probability of the class and the entropy, and a picture with a legend, classes.png.
    A run that predicts a number gives predicted_value, value.tif and value.png in their place. Tiles of a site are
    one map; classes in the files are not looked at.
    """
    if bool(files) == bool(data):
        raise click.UsageError("expected FILES, or --data")
    opened = Run.open(run)
    with progress_bar(" parts") as report:
        if data is not None:
            maps, read = _of_scenes(opened, find_data(data), out, report), None
        else:
            table = read_for(opened, files, report)
            maps, read = _of_series(opened, table, out, report), table.report
    if as_json:
        answer = {"sites": [_plain(one) for one in maps], "report": None if read is None else read.to_json()}
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
        return
    for line in [*(read.lines() if read is not None else ()), *(line for one in maps for line in _lines(one))]:
        click.echo(line)


def _of_series(run: Run, table: SeriesTable, out: Path, report: Report) -> list[SiteMap]:
    """Maps of all sites of the series in `table`."""
    colours = colours_of_names(run.card.class_names)
    with atomic_content(out) as new:
        maps = write_series_maps(run, table, new, colours, report)
        _draw(run, maps, colours)
    return _placed(maps, out)


def _of_scenes(run: Run, data: Path, out: Path, report: Report) -> list[SiteMap]:
    """Maps of all scenes of the data set in `data` that have what `run` reads."""
    dataset, maps = open_dataset(data), []
    scenes = read_scenes(dataset.place)
    reason = why_no_map(run, scenes)
    if reason or not scenes:
        raise RunError("the run can paint no scene", where=data, got=reason or "no scene")
    if run.card.kind is TargetKind.MULTILABEL:
        raise RunError("a map needs a run of one class or a value", where=run.path, got=str(run.card.kind))
    colours = _colours(run, dataset)
    with atomic_content(out) as new:
        for scene in scenes:
            layer, folder = layer_for(run, scene), new / scene.source
            if layer is None:
                continue
            predict_scene(run, layer, dataset.place, folder, colours, report)
            table = map_table(folder, run.card.class_names)
            (folder / PREDICTIONS).write_bytes(to_csv(table))
            classes = table.get("predicted_class", pd.Series(dtype=object))
            counts = {str(k): int(n) for k, n in classes.value_counts().items()}
            maps.append(SiteMap(scene.source, folder, len(table), counts))
        _draw(run, maps, colours)
    return _placed(maps, out)


def _colours(run: Run, dataset: Dataset) -> Mapping[str, tuple[int, int, int]]:
    """Class name -> colour, as pages have it; of a run of other data by the names alone; none of a value."""
    if run.card.kind is TargetKind.REGRESSION:
        return {}
    if mismatch(run, dataset) is not None:
        return colours_of_names(run.card.class_names)
    targets = seen_through(dataset, run.card.view).targets
    return class_colours(targets).rgb(targets.classes["name"].to_numpy())


def _placed(maps: list[SiteMap], out: Path) -> list[SiteMap]:
    """The maps where they are in the end."""
    return [replace(one, folder=out / one.folder.name) for one in maps]


def _draw(run: Run, maps: list[SiteMap], colours: Mapping[str, tuple[int, int, int]]) -> None:
    """Beside each map a picture of its classes with a legend, the largest first, or of its values."""
    shades = [(*colours.get(name, GREY), 255) for name in run.card.class_names]
    palette = np.array([(0, 0, 0, 0), *shades], np.uint8)
    for one in maps:
        if (one.folder / VALUE).exists():
            _draw_values(run, one)
        if not (one.folder / CLASSES).exists():
            continue
        areas = class_areas(one.folder, run.card.class_names)
        total = int(areas["pixels"].sum())
        rows = [(f"{name} · {percent_of(int(n), total)}", f"rgb{colours.get(name, GREY)}")
                for name, n in zip(areas["name"], areas["pixels"], strict=True)]  # fmt: skip
        note = f"{run.card.title}, {run.name} · {counted(total, 'pixel')}"
        picture = MapPicture(one.folder, "class", palette, Legend(rows), f"{one.source}: predicted class", note)
        (one.folder / PICTURE).write_bytes(picture.png(None))


def _draw_values(run: Run, one: SiteMap) -> None:
    measure = f"Predicted {run.card.unit or 'value'}"
    legend = Legend(limits=limits_of_map(open_map(one.folder, "value")), measure=measure)
    note = f"{run.card.title}, {run.name} · {counted(one.pixels, 'pixel')}"
    picture = MapPicture(one.folder, "value", None, legend, f"{one.source}: {measure.lower()}", note)
    (one.folder / VALUE_PICTURE).write_bytes(picture.png(None))


def _plain(one: SiteMap) -> dict[str, object]:
    return {"site": one.source, "folder": str(one.folder), "pixels": one.pixels, "classes": one.classes,
            "no_map": one.no_map or None}  # fmt: skip


def _lines(one: SiteMap) -> list[str]:
    shares = ", ".join(f"{name} {percent_of(count, one.pixels)}" for name, count in one.classes.items())
    line = f"{one.folder}: {counted(one.pixels, 'pixel')}{f'; {shares}' if shares else ''}"
    return [line, f"  no map: {one.no_map}"] if one.no_map else [line]
