"""Does the MLP on Landsat need half the CNN's epochs? `python -m benchmarks.source_curves OUT --data TREE`.

Each network is trained to the largest number of epochs of its source, at the same constant learning rates, of
which the source says nothing; with a constant rate a run of two epochs is the beginning of one of twenty. What is
not in OUT yet is trained.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click
import pandas as pd

from sdm.data.dataset import Dataset
from sdm.data.open import open_dataset
from sdm.runs import Run
from sdm.runs.training_options import recipe
from sdm.training import Runtime, train

EPOCHS = {"landsat-mlp": 20, "landsat-cnn": 20, "resnet18-patch": 10}  # the largest of the source's figures
RATES, SEEDS = (3e-4, 1e-3), (0, 1, 2)
SLOW = "resnet18-patch"  # trained once
NEAR = 1.01  # of the best validation loss


def near_best(losses: pd.Series) -> int:
    """The first epoch, from 1, whose loss is within 1 % of the lowest.

    >>> near_best(pd.Series([0.5, 0.2, 0.101, 0.1, 0.3]))
    3
    """
    return int((losses.to_numpy() <= NEAR * losses.min()).argmax()) + 1


def curves(data: Dataset, out: Path, models: tuple[str, ...]) -> pd.DataFrame:
    """A row per model, learning rate, seed and epoch: training and validation loss."""
    tables = []
    for model in models:
        for rate in RATES[:1] if model == SLOW else RATES:
            for seed in SEEDS[:1] if model == SLOW else SEEDS:
                run = _run(data, out / f"{model}-{rate:g}-{seed}", model, rate, seed)
                history = run.history()[["epoch", "train_loss", "validation_loss"]]
                tables.append(history.assign(model=model, lr=rate, seed=seed))
    return pd.concat(tables, ignore_index=True)


def _run(data: Dataset, folder: Path, model: str, rate: float, seed: int) -> Run:
    if folder.exists() and Run.open(folder).finished:
        return Run.open(folder)
    options = recipe(
        model, epochs=EPOCHS[model], lr=rate, seed=seed, schedule="constant", warmup=0.0, augment=False
    )
    return train(data, folder, options, Runtime("cpu"))


def summary(found: pd.DataFrame) -> pd.DataFrame:
    """A row per model and learning rate: lowest validation loss, its epoch, and epochs to within 1 % of it, each
    by seed; and the loss after two epochs."""
    rows = []
    for (model, rate), mine in found.groupby(["model", "lr"], sort=False):
        losses = [of_seed.set_index("epoch")["validation_loss"] for _, of_seed in mine.groupby("seed")]
        rows.append((
            model, f"{rate:g}", len(losses[0]), _each(f"{loss[2]:.4f}" for loss in losses),
            _each(f"{loss.min():.4f}" for loss in losses), _each(str(loss.idxmin()) for loss in losses),
            _each(str(near_best(loss)) for loss in losses),
        ))  # fmt: skip
    columns = ["model", "learning rate", "epochs", "loss after 2", "lowest loss", "its epoch", "within 1 %"]
    return pd.DataFrame(rows, columns=columns)


def _each(words: Iterable[str]) -> str:
    return ", ".join(words)


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--data", type=click.Path(path_type=Path), required=True, help="A tree of `python -m sdm demo`.")
@click.option("--model", "models", multiple=True, type=click.Choice(list(EPOCHS)), default=tuple(EPOCHS))
def main(out: Path, data: Path, models: tuple[str, ...]) -> None:
    """Train into the folder OUT, write its curves as CSV and print the table."""
    found = curves(open_dataset(data), out, models)
    found.to_csv(out / "source-curves.csv", index=False)
    table = summary(found)
    click.echo("| " + " | ".join(table.columns) + " |\n|" + "---|" * table.shape[1])
    for row in table.itertuples(index=False):
        click.echo("| " + " | ".join(map(str, row)) + " |")


if __name__ == "__main__":
    main()
