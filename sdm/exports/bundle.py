"""All that is taken away of a species, as a folder or as one zip."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from sdm.errors import DataError
from sdm.exports import carried, figure_page, map_sheet, odmap, raster_file, reproduction, site_table
from sdm.exports.subject import Subject
from sdm.files import PROJECT, new_folders
from sdm.formats.spreadsheet import to_csv
from sdm.jobs import Report, no_report

ABOUT = "about.txt"
STEPS = 4


def write_export(subject: Subject, out: Path, report: Report = no_report) -> tuple[str, ...]:
    """Write everything into the new folder `out`; names of the files. DataError where there is something already.

    Files have fixed names, whatever the species is called. `report` hears of every part and may raise to stop.
    """
    with new_folders(out.parent, out.name, error=DataError) as new:
        folder = new / out.name
        folder.mkdir()
        _fill(subject, folder, report)
        return tuple(sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()))


def zipped(subject: Subject, report: Report = no_report) -> bytes:
    """Everything as one zip."""
    buffer = io.BytesIO()
    with TemporaryDirectory() as scratch:
        names = write_export(subject, Path(scratch) / "export", report)
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in names:
                archive.write(Path(scratch) / "export" / name, f"species-{subject.class_id}/{name}")
    return buffer.getvalue()


def _fill(subject: Subject, folder: Path, report: Report) -> None:
    report(100 * 0, 100 * STEPS, "map")
    picture = None
    if subject.grid is not None:
        raster_file.write_raster(subject, folder / raster_file.FILE, _within(report, 0, "map"))
        picture = figure_page.map_picture(folder / raster_file.FILE)
        tif = folder / raster_file.FILE
        sheet = map_sheet.map_sheet(subject, tif, picture[1], figure_page.ends(subject, picture[1]))
        (folder / figure_page.PICTURE).write_bytes(sheet)
        (folder / reproduction.FILE).write_text(reproduction.script(subject), encoding="utf-8")
    report(100 * 1, 100 * STEPS, "predictions")
    (folder / site_table.FILE).write_bytes(to_csv(site_table.site_table(subject)))
    report(100 * 2, 100 * STEPS, "figures")
    page = figure_page.figure_page(subject, picture, _within(report, 2, "figures"))
    (folder / figure_page.FILE).write_text(page, encoding="utf-8")
    report(100 * 3, 100 * STEPS, "protocol")
    table = odmap.protocol(subject)
    (folder / odmap.TABLE).write_bytes(to_csv(table))
    (folder / odmap.TEXT).write_text(odmap.as_text(table), encoding="utf-8")
    carried.write_carried(subject, folder)
    (folder / ABOUT).write_text(_about(subject, folder), encoding="utf-8")
    report(100 * STEPS, 100 * STEPS, "done")


def _within(report: Report, step: int, what: str) -> Callable[[int, int, str], None]:
    """Tells the progress of a part as that of the whole, in per cent of a part."""

    def told(done: int, total: int, _what: str) -> None:
        report(100 * step + 100 * done // max(total, 1), 100 * STEPS, what)

    return told


def _about(subject: Subject, folder: Path) -> str:
    card = subject.run.card
    lines = [
        f"Species: {subject.name}", f"Model: {card.title} (run {subject.run.name}, digest {card.digest})",
        f"Data: {subject.dataset.title} (fingerprint {subject.dataset.fingerprint})",
        f"Values: {subject.meaning.title}, {subject.meaning.unit}. {subject.meaning.gloss}",
        *(["Simulated data: no source for ecology."] if subject.simulated else []), "",
    ]  # fmt: skip
    if subject.grid is None:
        lines.append("There is no map: the data set has no rasters of the predictors that the run reads.")
    else:
        lines += [
            f"{raster_file.FILE}: the map, a cloud-optimised GeoTIFF; {figure_page.PICTURE}: a picture of it",
            f"{reproduction.FILE}: makes the map again from the data set and the run",
            *_needed(subject, folder),
        ]
    if (folder / carried.RECORDS_FILE).exists():
        lines.append(
            f"{carried.RECORDS_FILE}: records of all species, background and plots as imported, by source"
        )
    lines += [
        f"{figure_page.FILE}: figures; {odmap.TEXT}, {odmap.TABLE}: protocol in the headings of ODMAP",
        f"{site_table.FILE}: one row per site; its columns:",
        *(f"  {name}: {meaning}" for name, meaning in site_table.COLUMNS.items() if meaning),
    ]
    return "\n".join(lines) + "\n"


def _needed(subject: Subject, folder: Path) -> list[str]:
    """Where DATA and RUN of the script are, and how long."""
    place, run = subject.dataset.place, subject.run
    own = folder / carried.DATA_FOLDER
    data = (
        f"{carried.DATA_FOLDER}/{next(own.iterdir()).name} in this export"
        if own.is_dir()
        else "not in this export"
    )
    with_run = (folder / carried.RUN_FOLDER / run.name).is_dir()
    return [
        "  It needs both DATA and RUN:",
        f"  DATA: {data}; in the program's folder {_within_program(place)}",
        f"  RUN: {f'{carried.RUN_FOLDER}/{run.name} in this export' if with_run else 'not in this export'}; "
        f"in the program's folder {_within_program(run.path)}",
        "  What a visitor has made goes from the program a day after the last visit unless kept: press Keep it "
        "on the page Your data.",
    ]


def _within_program(path: Path | None) -> str:
    """The folder as seen from the program's; of one elsewhere its name alone."""
    if path is None:
        return "none"
    inside = path.resolve().is_relative_to(PROJECT)
    return path.resolve().relative_to(PROJECT).as_posix() if inside else path.name
