"""Presence-only models on a region of the NCEAS benchmark: `python -m benchmarks.nceas DIR [--folds]`.

DIR holds the four tables of one region of one group as the R package disdat gives them out (Elith et al. 2020,
doi:10.17161/bi.v15i2.13384): …train_po.csv, …train_bg.csv, …test_pa.csv, …test_env.csv. Models learn from all
records and are measured on the plots. With --folds they learn from four fifths of the blocks of records, five
times, and are measured on the last fifth, where sites with other species stand for absences: plots are not looked
at.
Prints a table in Markdown, one row per model: means over species, and over seeds their spread.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
import numpy as np
import torch
from sklearn.metrics import roc_auc_score

from sdm.data.dataset import Dataset
from sdm.data.open import open_dataset
from sdm.data.record_types import PLOTS, RECORDS
from sdm.errors import DataError
from sdm.evaluation.metrics.presence import best_tss, boyce
from sdm.models.contract import Baseline
from sdm.models.preparation import fit_statistics, read_batch
from sdm.models.registry import build, spec_of
from sdm.occurrences.build import import_occurrences
from sdm.occurrences.options import OccurrenceFiles

MODELS = ("presence-blend", "poisson-ensemble", "balanced-forest", "maxent")
HEAD = ("model", "background", "AUC", "seed by seed", "Boyce", "TSS", "species", "seconds to fit", "to predict")
ENDINGS = ("train_po.csv", "train_bg.csv", "test_pa.csv", "test_env.csv")


@dataclass(frozen=True)
class Measured:
    """Means over `species` that were present and absent at the sites, and seconds."""

    auc: float
    boyce: float
    tss: float
    species: int
    fit: float
    predict: float


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--model", "models", multiple=True, type=click.Choice(MODELS), default=MODELS, show_default=True)
@click.option("--background", default="target-group", show_default=True,
              type=click.Choice(["target-group", "random", "all"]))  # fmt: skip
@click.option(
    "--seeds", type=click.IntRange(min=1), default=3, show_default=True, help="Maxent has no use for them."
)
@click.option("--folds", is_flag=True, help="By blocks of the records alone.")
def main(folder: Path, models: tuple[str, ...], background: str, seeds: int, folds: bool) -> None:
    """Print the table."""
    with TemporaryDirectory() as made:
        import_occurrences(OccurrenceFiles(*tables(folder)), Path(made) / "data")
        data = open_dataset(Path(made) / "data")
        click.echo(f"| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}")
        for name in models:
            every = range(1 if name == "maxent" else seeds)
            runs = [list(_runs(data, name, {"background": background}, seed, folds)) for seed in every]
            click.echo(f"| {' | '.join(row(name, background, runs))} |")


def tables(folder: Path) -> list[Path]:
    """The four tables of the region in `folder`; DataError where there is not one of each."""
    found = [sorted(folder.glob(f"*{ending}")) for ending in ENDINGS]
    for ending, files in zip(ENDINGS, found, strict=True):
        if len(files) != 1:
            raise DataError(
                "not one region of one group", where=folder, expected=f"one file *{ending}", got=len(files)
            )
    return [files[0] for files in found]


def _runs(data: Dataset, name: str, changes: Mapping[str, Any], seed: int, folds: bool) -> Iterator[Measured]:
    source = data.sites["source"].to_numpy(str)
    if not folds:
        yield measured(
            data, name, changes, seed, np.flatnonzero(source == RECORDS), np.flatnonzero(source == PLOTS)
        )
        return
    for scheme in data.schemes:
        yield measured(data, name, changes, seed, data.rows("train", scheme), data.rows("validation", scheme))


def measured(
    data: Dataset, name: str, changes: Mapping[str, Any], seed: int, train: np.ndarray, test: np.ndarray
) -> Measured:
    """The model of that name with its configuration changed, fitted to `train` and measured on `test`."""
    config = spec_of(name).completed(dict(changes), data.modalities)
    torch.manual_seed(seed)
    begun = time.monotonic()
    model = build(name, data.targets.kind, data.targets.width, config)
    assert isinstance(model, Baseline)
    statistics = fit_statistics(data, train, tuple(model.inputs))
    model.fit(data, train, statistics)
    fitted = time.monotonic()
    given = model.predict(read_batch(data, test, model.inputs, statistics, targets=False)).numpy()
    ended = time.monotonic()
    present = data.targets.values[test].toarray() > 0
    defined = [s for s in range(present.shape[1]) if 0 < present[:, s].sum() < len(present)]
    auc, index, skill = (
        np.mean([measure(present[:, s], given[:, s]) for s in defined])
        for measure in (roc_auc_score, boyce, lambda hit, value: best_tss(hit, value)[0])
    )
    return Measured(float(auc), float(index), float(skill), len(defined), fitted - begun, ended - fitted)


def row(name: str, background: str, runs: list[list[Measured]]) -> list[str]:
    """The cells of a model: means of all runs, the AUC of each seed."""
    every = [one for of_seed in runs for one in of_seed]
    mean = {key: float(np.mean([getattr(one, key) for one in every])) for key in Measured.__annotations__}
    by_seed = [float(np.mean([one.auc for one in of_seed])) for of_seed in runs]
    texts = [f"{value:.4f}"[1:] for value in (mean["auc"], *by_seed, mean["boyce"], mean["tss"])]
    seeds = ", ".join(texts[1:-2])
    return [f"`{name}`", background, texts[0], seeds, *texts[-2:], f"{mean['species']:g}", f"{mean['fit']:.0f}",
            f"{mean['predict']:.1f}"]  # fmt: skip


if __name__ == "__main__":
    main()
