"""What an import read, left out and why: of rasters and polygons here, of series in a module of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import streamlit as st

from sdm.number_format import counted, percent, whole
from sdm.occurrences.report import OccurrenceImport
from sdm.occurrences.report import read_report as read_occurrences_report
from sdm.rasters.photo_report import PhotoReport, read_photo_report
from sdm.rasters.report import ImportReport, PolygonReport, SiteReport
from sdm.rasters.report import read_report as read_polygons_report
from sdm.series.import_report import SeriesImport
from sdm.series.import_report import read_report as read_series_report
from sdm.ui.components import markup, occurrences_report, series_report
from sdm.ui.components.number_table import number_table

AnyReport = ImportReport | PhotoReport | SeriesImport | OccurrenceImport
MOST_NAMED = 12  # classes or codes in a sentence
ROWS: dict[str, Callable[[SiteReport], str]] = {
    "Wholly in one polygon": lambda site: whole(site.inside),
    "Left out: across a border": lambda site: whole(site.border),
    "Left out: polygons overlap": lambda site: whole(site.overlap),
    "Left out: without a value": lambda site: whole(site.missing),
    "Left out: near-duplicates": lambda site: percent(site.duplicate_share),
    "In the data set": lambda site: whole(site.samples),
}


def read_report(folder: Path | None) -> AnyReport | None:
    """How the data set in `folder` was imported, None where it was not; DataError where the file is damaged."""
    of_rasters = read_polygons_report(folder) or read_photo_report(folder)
    return of_rasters or read_series_report(folder) or read_occurrences_report(folder)


def show(report: AnyReport) -> None:
    """Totals, a column per site, a row per mapper, and what else is worth knowing."""
    if isinstance(report, SeriesImport):
        series_report.show(report)
        return
    if isinstance(report, OccurrenceImport):
        occurrences_report.show(report)
        return
    if isinstance(report, PhotoReport):
        _photographs(report)
        return
    samples = f"{(report.sample or 'sample').capitalize()}s"
    classes = counted(len(report.classes), "class")
    facts = [(samples, whole(report.samples)), ("Of", classes), ("Side of a block", f"{whole(report.block_m)} m")]
    st.html(markup.facts(facts))
    rows = [[title, *(value(site) for site in report.sites)] for title, value in ROWS.items()]
    st.html(number_table(f"{samples} of each site", (), [samples, *(site.name for site in report.sites)], rows))
    mappers = [_mapper(site, one) for site in report.sites for one in site.polygons]
    heads = ("Mapper", "Polygons used", "Repaired", "Left out", "Codes not read")
    st.html(number_table("Polygons of each mapper", (), heads, mappers, cards=True))
    for line in _lines(report):
        st.html(markup.fine(line))


def _photographs(report: PhotoReport) -> None:
    """Points, photographs and crops, those left out by reason, and the classes with the most points."""
    st.html(markup.facts([
        ("Points used", f"{whole(report.points_used)} of {whole(report.points)}"),
        ("Photographs", whole(report.photographs)), ("Crops", whole(report.crops)),
        ("Of", counted(len(report.classes), "class")),
    ]))  # fmt: skip
    rows = [[why, whole(len(who)), ", ".join(who[:MOST_NAMED])] for why, who in report.left_out.items()]
    if rows:
        st.html(number_table("Points left out", (), ("Left out", "Points", "Which"), rows, words=True))
    st.html(markup.fine(f"Points by class: {_counts(report.classes)}."))


def _mapper(site: SiteReport, one: PolygonReport) -> list[str]:
    used = f"{whole(one.used)} of {whole(one.read)}"
    return [
        f"{one.mapper}\n{site.name}",
        used,
        whole(one.repaired),
        _counts(one.left_out),
        _counts(one.unread_codes),
    ]


def _lines(report: ImportReport) -> list[str]:
    lines = [f"Not used: {what}: {why}." for what, why in report.failed.items()]
    if report.too_few:
        lines.append(f"Classes left out for having too few: {_counts(report.too_few)}.")
    if report.unlabelled:
        lines.append(f"Left out because their class has no number: {whole(report.unlabelled)}.")
    if report.over_limit:
        lines.append(f"Left out beyond the limit per class: {whole(report.over_limit)}.")
    lines += [f"{site.name}: {note}." for site in report.sites for note in site.notes]
    return [*lines, *(f"{note}." for note in report.notes)]


def _counts(counts: Mapping[str, int]) -> str:
    """The largest of `counts` in words, "" for none."""
    ordered = sorted(counts.items(), key=lambda item: -item[1])
    words = [f"{name} {whole(count)}" for name, count in ordered[:MOST_NAMED]]
    return ", ".join([*words, *([f"{len(ordered) - MOST_NAMED} more"] if len(ordered) > MOST_NAMED else [])])
