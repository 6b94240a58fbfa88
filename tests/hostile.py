"""Names that want to be more than names: of species, countries, folders, runs, and in the page's address."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from sdm.data.dataset import Dataset
from sdm.data.store import write_store
from sdm.runs import TrainingOptions
from sdm.training import Runtime, train
from tests.datasets import multilabel, renamed
from tests.sealed import edit

MARKUP = "<img src=x onerror=alert(1)>"
HOSTILE = [MARKUP, "=HYPERLINK(1)", "**bold** :smile:", "<script>alert(1)</script>", "a & b", "$x^2$", "Poa annua"]
"""One for each species of the multilabel fixture."""
NAMES = [
    MARKUP, "=HYPERLINK(1)", "![x](http://example.org/x.png) **bold** :smile: $x^2$", "<script>alert(1)</script>",
    "\u202egnp.exe \u0645\u0631\u062d\u0628\u0627", "x" * 10_000, "{{ 7 * 7 }} ${alert(1)} </style></title>",
]  # fmt: skip


def hostile_data(folder: Path) -> Path:
    """The multilabel fixture under names like these, with class ids of its own, as a packed store in a folder
    like these."""
    data = renamed(multilabel(), NAMES)
    countries = np.array(NAMES[:3], dtype=object)[np.arange(len(data)) % 3]
    sites = data.sites.assign(country=countries, region=NAMES[3])
    classes = data.targets.classes.assign(common_name=NAMES[::-1], genus=NAMES[0], family=NAMES[3])
    classes["class_id"] += 1
    bad = replace(data, title=MARKUP, sites=sites, targets=replace(data.targets, classes=classes))
    return write_store(bad, folder / MARKUP).place


def hostile_run(data: Dataset, folder: Path) -> Path:
    """A run whose folder and title, that of a model unknown here, are names like these."""
    path = folder / MARKUP
    train(data, path, TrainingOptions("landsat-mlp", {"hidden": [16, 8]}, epochs=1), Runtime(device="cpu"))
    edit(path / "card.json", lambda card: card.update(model=NAMES[2] + MARKUP))
    return path
