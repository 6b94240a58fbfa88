"""Paths on the screen: relative to their data set, to the runs or to the project; those of elsewhere by their last
name alone. Where a server keeps its files is nobody's business."""

from __future__ import annotations

import re
from pathlib import Path

from sdm.data.catalogue import known_datasets
from sdm.data.dataset import Dataset
from sdm.files import PROJECT
from sdm.ui import visitor
from sdm.ui.components import runs

_START = r"(?<![\w.~/\\:-])(?:file://)?"  # no part of a longer path or address
_ELSEWHERE = re.compile(rf"{_START}((?:/[^\s/'\"<>|;:,()\[\]]+){{2,}}/?|[A-Za-z]:\\[^\s'\"<>|;,()]+)")


def relative_paths(words: str) -> str:
    """`words`, a message of any length, without the absolute paths in it."""
    if "/" not in words and "\\" not in words:
        return words
    for root in _roots():
        name = _START + re.escape(str(root))
        words = re.sub(rf"{name}[/\\]+(?=[^\s'\"])", "", words)
        words = re.sub(rf"{name}(?![\w-]|\.\w)", root.name.replace("\\", r"\\"), words)
    return _ELSEWHERE.sub(lambda match: re.split(r"[/\\]", match[1].rstrip("/\\"))[-1], words)


def command_path(path: Path) -> Path:
    """What a command on the screen, run in the project, calls `path`; outside the project one to be filled in."""
    whole = path.resolve()
    return whole.relative_to(PROJECT) if whole.is_relative_to(PROJECT) else Path("/path/to") / whole.name


def command_data(data: Dataset) -> Path:
    """`command_path` of a data set; its name where it lies in memory only."""
    return command_path(data.place) if data.place else Path(data.name)


def _roots() -> list[Path]:
    """The folders that paths are shown relative to, as they are named and as they are, inner ones first."""
    named = [*known_datasets(visitor.current()).values(), *runs.homes(), PROJECT]
    every = {path for root in named for path in (root.absolute(), root.resolve())}
    return sorted((path for path in every if path.name), key=lambda path: len(path.parts), reverse=True)
