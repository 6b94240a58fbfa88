"""Imports point one way: a module may import only from its own layer or a lower one."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# Lowest first; the longest matching prefix decides.
LAYERS = (
    ("sdm.errors", "sdm.schema", "sdm.files"),
    ("sdm.read", "sdm.data", "sdm.archives", "sdm.kaggle"),
    ("sdm.world",),
    ("sdm.models", "sdm.losses", "sdm.metrics", "sdm.calibration", "sdm.conformal", "sdm.decoding"),
    ("sdm.runs", "sdm.train", "sdm.evaluate", "sdm.submission", "sdm.skill", "sdm.entries", "sdm.scoreboard"),
    ("sdm.inference", "sdm.analysis", "sdm.species", "sdm.figures", "sdm.maps", "sdm.confusion", "sdm.curves"),
    ("sdm.cli", "sdm.ui", "sdm.__main__"),
    ("pages", "app"),
)
# A light layer must stay light: what these packages import, everyone who uses them waits for.
FORBIDDEN = {
    "torch": ("sdm.analysis", "sdm.curves", "sdm.figures", "sdm.confusion", "sdm.metrics", "sdm.decoding",
              "sdm.calibration", "sdm.conformal", "sdm.data.labels", "sdm.data.splits", "sdm.read.table"),
    "streamlit": ("sdm.analysis", "sdm.curves", "sdm.figures", "sdm.confusion", "sdm.metrics", "sdm.data",
                  "sdm.read", "sdm.models", "sdm.train", "sdm.runs", "sdm.world", "sdm.inference", "sdm.maps",
                  "sdm.cli", "sdm.calibration", "sdm.conformal", "sdm.decoding", "sdm.losses", "sdm.schema"),
}  # fmt: skip


def modules() -> dict[str, Path]:
    files = [*ROOT.glob("sdm/**/*.py"), *ROOT.glob("pages/*.py"), ROOT / "app.py"]
    return {
        str(path.relative_to(ROOT).with_suffix("")).replace("/", ".").removesuffix(".__init__"): path
        for path in files
        if path.exists()
    }


MODULES = modules()


def layer(module: str) -> int | None:
    known = [
        (len(prefix), index)
        for index, prefixes in enumerate(LAYERS)
        for prefix in prefixes
        if module == prefix or module.startswith(f"{prefix}.")
    ]
    return max(known)[1] if known else None


def imports(path: Path) -> set[str]:
    """Absolute names imported anywhere in the file, functions included."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


@pytest.mark.parametrize("module", sorted(MODULES))
def test_imports_point_down(module: str):
    own = layer(module)
    if module == "sdm":
        return
    assert own is not None, f"{module} is in no layer"
    above = {name for name in imports(MODULES[module]) if (layer(name) or 0) > own}
    assert not above, f"{module} imports from a higher layer: {sorted(above)}"


@pytest.mark.parametrize("library", FORBIDDEN)
def test_light_modules_stay_light(library: str):
    heavy = {
        module: path
        for module, path in MODULES.items()
        if any(module == p or module.startswith(f"{p}.") for p in FORBIDDEN[library])
        and any(name == library or name.startswith(f"{library}.") for name in imports(path))
    }
    assert not heavy


def test_no_cycles():
    """No module can reach itself through imports at module level."""
    edges = {
        module: {name for name in imports_at_top(path) if name in MODULES and name != module}
        for module, path in MODULES.items()
    }
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, " -> ".join([*trail, module])
        if module in done:
            return
        for name in edges[module]:
            visit(name, (*trail, module))
        done.add(module)

    for module in edges:
        visit(module, ())


def imports_at_top(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            members = {f"{node.module}.{alias.name}" for alias in node.names}
            submodules = members & MODULES.keys()
            found |= submodules or {node.module}
    return found
