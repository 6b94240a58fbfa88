"""What an import of monthly series read, left out and why."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from sdm.data.schemes import scheme_title
from sdm.data.splits import split_title
from sdm.number_format import counted, fixed, whole
from sdm.series.import_report import SeriesImport
from sdm.series.report import problem_lines
from sdm.ui.components import markup
from sdm.ui.components.number_table import number_table

MOST_NAMED = 12  # files not read, in words


def show(report: SeriesImport) -> None:
    """Totals, pixels by split scheme, scenes, and every kind of trouble with how often it occurred."""
    reading = report.reading
    labelled = any(report.splits.values())
    st.html(markup.facts((term, value) for term, value in [
        ("Pixels", whole(report.samples)), ("Of", counted(len(report.classes), "class")),
        ("Field points", whole(report.points) if labelled else ""),
        ("Dates per pixel, mean", fixed(reading.dates_mean, 1)),
        ("Rows read", whole(reading.rows)), ("Rows used", whole(reading.rows_used)),
        ("Side of a block", f"{whole(report.block_m)} m" if labelled else ""),
    ] if value))  # fmt: skip
    if labelled:
        names = list(dict.fromkeys(name for splits in report.splits.values() for name in splits))
        rows = [
            [scheme_title(scheme), *(whole(splits.get(name, 0)) for name in names), whole(report.common[scheme])]
            for scheme, splits in report.splits.items()
        ]
        heads = ["Split", *map(split_title, names), "Field points on two sides"]
        st.html(number_table("Pixels by split", (), heads, rows))
    for scene in report.scenes:
        size = f"{whole(scene.width)} × {whole(scene.height)} cells, {counted(scene.pixels, 'pixel')}"
        st.html(markup.fine(f"Scene {scene.site}: {size}, {scene.crs}."))
    for line in _lines(report):
        st.html(markup.fine(line))


def _lines(report: SeriesImport) -> Iterator[str]:
    failed = list(report.reading.failed.items())
    yield from (f"File not read: {name}: {reason}" for name, reason in failed[:MOST_NAMED])
    if len(failed) > MOST_NAMED:
        yield f"And {counted(len(failed) - MOST_NAMED, 'more file')} not read."
    yield from problem_lines(report.reading.problems)
    for what, count in (("without a class", report.no_class), ("beyond the limit per class", report.over_limit)):
        if count:
            yield f"Left out, {what}: {counted(count, 'pixel')}."
    for what, counts in (("not asked for", report.unknown_classes), ("too few pixels", report.too_few)):
        if counts:
            yield f"Classes left out, {what}: {', '.join(f'{name} {whole(n)}' for name, n in counts.items())}."
    yield from (f"No scene of {site}: {reason}" for site, reason in report.failed_scenes.items())
