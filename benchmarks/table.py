"""Figures of speed as one table: plain text, Markdown, or JSON."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version

from benchmarks.comparison import Figure

HEADER = ("work", "the usual way", "usual", "ours", "ratio", "target", "", "note")
VERDICTS = {True: "met", False: "missed", None: ""}
PACKAGES = ("numpy", "scipy", "scikit-learn", "torch", "folium", "streamlit")
SCALES = {"s": ((1, "s"), (1e-3, "ms"), (1e-6, "µs")), "B": ((1e6, "MB"), (1e3, "kB"), (1, "B"))}


def as_text(figures: Sequence[Figure]) -> str:
    """Aligned columns under a line that names the machine."""
    rows = [HEADER, *map(_cells, figures)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEADER))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    return "\n".join([machine(), "", *lines])


def as_markdown(figures: Sequence[Figure]) -> str:
    """A Markdown table under a line that names the machine."""
    rows = [HEADER, ("---",) * len(HEADER), *map(_cells, figures)]
    return "\n".join([machine(), "", *(f"| {' | '.join(row)} |" for row in rows)])


def as_json(figures: Sequence[Figure]) -> str:
    """Machine and figures; seconds and bytes unrounded."""
    rows = [{**asdict(figure), "ratio": figure.ratio, "met": figure.met} for figure in figures]
    return json.dumps({"machine": machine(), "figures": rows}, indent=1, ensure_ascii=False)


def machine() -> str:
    """Cores, versions, and how busy the machine is."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    busy = f"load {os.getloadavg()[0]:.1f}"
    return f"{os.cpu_count()} cores, {busy}; Python {platform.python_version()}, {packages}"


def quantity(value: float, unit: str) -> str:
    """Three digits with the unit that suits.

    >>> quantity(0.0123, "s"), quantity(44.7e6, "B")
    ('12.3 ms', '44.7 MB')
    """
    scale, name = next((pair for pair in SCALES[unit] if value >= pair[0]), SCALES[unit][-1])
    return f"{_digits(value / scale)} {name}"


def _digits(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _cells(figure: Figure) -> tuple[str, ...]:
    usual = "" if figure.usual is None else quantity(figure.usual, figure.unit)
    ratio = "" if figure.ratio is None else f"{_digits(figure.ratio)}x"
    target = "" if figure.target is None else str(figure.target)
    return (
        figure.title, figure.usual_way, usual, quantity(figure.ours, figure.unit), ratio, target,
        VERDICTS[figure.met], figure.note,
    )  # fmt: skip
