"""Imports point one way: packages are free of cycles at every depth, and each imports only from those below it."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# Lowest first: the reading order of the README. A part imports only from those before it.
LAYERS = (
    "sdm.errors", "sdm.staging", "sdm.files", "sdm.jobs", "sdm.processes", "sdm.number_format", "sdm.geo",
    "sdm.formats", "sdm.gbif", "sdm.modalities", "sdm.data", "sdm.rasters", "sdm.series", "sdm.occurrences",
    "sdm.analysis",
    "sdm.virtual_europe", "sdm.virtual_coast", "sdm.virtual_mountain", "sdm.models", "sdm.runs",
    "sdm.evaluation", "sdm.training", "sdm.training_logs", "sdm.inference", "sdm.maps", "sdm.figures",
    "sdm.exports", "sdm.cli", "sdm.ui", "pages", "app",
)  # fmt: skip
# A light part must stay light: what it imports, everyone who uses it waits for.
FORBIDDEN = {
    "torch": ("sdm.geo", "sdm.modalities", "sdm.analysis", "sdm.evaluation.metrics", "sdm.evaluation.decoding",
              "sdm.evaluation.calibration", "sdm.evaluation.conformal", "sdm.evaluation.confusion",
              "sdm.evaluation.labelled_predictions", "sdm.evaluation.prediction_scores", "sdm.evaluation.set_size",
              "sdm.evaluation.species", "sdm.evaluation.submissions", "sdm.evaluation.run_decoding",
              "sdm.runs.card", "sdm.runs.folder", "sdm.runs.predictions", "sdm.runs.records",
              "sdm.training_logs", "sdm.figures", "sdm.maps", "sdm.data.labels", "sdm.data.splits",
              "sdm.formats.table"),
    "streamlit": tuple(layer for layer in LAYERS if layer not in ("sdm.ui", "pages", "app")),
}  # fmt: skip


@cache
def modules() -> dict[str, Path]:
    """Dotted name -> file of every module of the program."""
    files = [*ROOT.glob("sdm/**/*.py"), *ROOT.glob("pages/*.py"), ROOT / "app.py"]
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in files
    }


@cache
def imported(path: Path) -> frozenset[str]:
    """Every module named by an import anywhere in the file, functions included."""
    known, names = modules(), set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            members = {f"{node.module}.{alias.name}" for alias in node.names}
            names |= {member if member in known else node.module for member in members}
    return frozenset(names)


@cache
def edges() -> frozenset[tuple[str, str]]:
    """(importing module, imported module) within the program."""
    known = modules()
    return frozenset((module, name) for module, path in known.items() for name in imported(path) if name in known)


def part_of(module: str) -> str:
    """The layer of a module."""
    return ".".join(module.split(".")[: 2 if module.startswith("sdm.") else 1])


def test_each_part_imports_only_from_those_before_it():
    place = {layer: i for i, layer in enumerate(LAYERS)}
    parts = {part_of(module) for module in modules()} - {"sdm", "sdm.__main__"}
    assert parts <= place.keys(), "a part that stands in no layer"
    upward = sorted(
        f"{one} -> {other}" for one, other in edges()
        if part_of(one) in place and place[part_of(one)] < place.get(part_of(other), -1)
    )  # fmt: skip
    assert not upward, "\n".join(upward)


def siblings(package: str) -> dict[str, set[str]]:
    """What lies directly in `package`, modules and packages, and which of them each imports."""
    depth = package.count(".") + 2
    graph: dict[str, set[str]] = {}
    for edge in edges():
        if all(module.startswith(f"{package}.") for module in edge):
            one, other = (".".join(module.split(".")[:depth]) for module in edge)
            if one != other:
                graph.setdefault(one, set()).add(other)
    return graph


def cycle(graph: dict[str, set[str]]) -> list[str]:
    """A way from a node back to itself, empty where there is none."""
    done: set[str] = set()

    def visit(node: str, trail: tuple[str, ...]) -> list[str]:
        if node in trail:
            return [*trail[trail.index(node) :], node]
        if node in done:
            return []
        done.add(node)
        return next(filter(None, (visit(other, (*trail, node)) for other in sorted(graph.get(node, ())))), [])

    return next(filter(None, (visit(node, ()) for node in sorted(graph))), [])


def test_a_cycle_is_found():
    assert cycle({"a": {"b"}, "b": {"c"}, "c": {"a"}}) == ["a", "b", "c", "a"]
    assert cycle({"a": {"b", "c"}, "b": {"c"}}) == []


@pytest.mark.parametrize("package", sorted(name for name, path in modules().items() if path.name == "__init__.py"))
def test_packages_and_modules_are_free_of_cycles(package: str):
    found = cycle(siblings(package))
    assert not found, " -> ".join(found)


@pytest.mark.parametrize("library", FORBIDDEN)
def test_light_parts_stay_light(library: str):
    heavy = sorted(
        module
        for module, path in modules().items()
        if any(module == part or module.startswith(f"{part}.") for part in FORBIDDEN[library])
        and any(name == library or name.startswith(f"{library}.") for name in imported(path))
    )
    assert not heavy


def test_stored_predictions_are_read_and_scored_without_torch():
    """Not even indirectly: pages and commands that only read runs start sooner."""
    modules = "prediction_scores", "set_size", "confusion.from_predictions"
    names = ", ".join(("sdm.runs", *(f"sdm.evaluation.{name}" for name in modules)))
    code = f"import sys, {names}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


def functions_imported(path: Path, packages: tuple[str, ...]) -> list[str]:
    """What a file imports from `packages` but classes and constants, which begin with a capital letter."""
    names = [
        alias.name if isinstance(node, ast.Import) else f"{node.module}.{alias.name}"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    ]
    inside = tuple(f"{package}." for package in packages)
    return [name for name in names if f"{name}.".startswith(inside) and not name.rpartition(".")[2][0].isupper()]


def test_figures_draw_what_others_compute(tmp_path: Path):
    """Numbers, tidy table, figure, page: a figure takes tables and results, and makes neither."""
    computing = "sdm.analysis", "sdm.evaluation", "sdm.inference", "sdm.training_logs"
    drawing = {name: path for name, path in modules().items() if part_of(name) == "sdm.figures"}
    calls = sorted(
        f"{one}: {name}" for one, path in drawing.items() for name in functions_imported(path, computing)
    )
    assert not calls, "\n".join(calls)
    table = re.compile(r"pd\.(DataFrame|Series)\(")
    assert not [name for name, path in drawing.items() if table.search(path.read_text(encoding="utf-8"))]
    example = tmp_path / "example.py"
    example.write_text("from sdm.analysis.landsat import Trend, trend\nimport sdm.inference", encoding="utf-8")
    assert functions_imported(example, computing) == ["sdm.analysis.landsat.trend", "sdm.inference"]


def page_packages() -> set[str]:
    """The packages of one page each."""
    shared = {"sdm.ui.components", "sdm.ui.cache"}
    return {name for name, path in modules().items() if path.name == "__init__.py" and name.count(".") == 2
            and name.startswith("sdm.ui.")} - shared  # fmt: skip


def test_pages_share_nothing_but_components_and_cache():
    def page(module: str) -> str:
        return ".".join(module.split(".")[:3])

    pages = page_packages()
    crossing = sorted(f"{a} -> {b}" for a, b in edges() if page(a) in pages and page(b) in pages - {page(a)})
    assert len(pages) > 4
    assert not crossing, "\n".join(crossing)


def test_results_are_held_by_one_mechanism():
    holding = [name for name, path in modules().items() if "st.cache_" in path.read_text(encoding="utf-8")]
    assert holding == ["sdm.ui.cache.memo"]
