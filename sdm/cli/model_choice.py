"""The command that chooses a model by folds of the data and trains it on all."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from pathlib import Path

import click
import pandas as pd

from sdm.cli.options import data_option, json_option
from sdm.cli.progress import progress_bar
from sdm.data.open import open_dataset
from sdm.runs.model_choice import read_choice
from sdm.training.model_choice import ChoiceOptions, choose_model, usual_candidates

RUNS, NAME = Path("runs"), "chosen"


@click.command("choose")
@data_option()
@click.option("--models", default="", help="Names of models, commas between; default: those for records.")
@click.option("--folds", type=click.IntRange(min=2), help="Folds each is trained on; default: all of the data's.")
@click.option("--run", "folder", type=click.Path(path_type=Path), default=RUNS / NAME, show_default=True,
              help="New folder of the run.")  # fmt: skip
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@json_option()
def choose_command(
    data: Path, models: str, folds: int | None, folder: Path, seed: int, as_json: bool
) -> None:  # fmt: skip
    """Train models on the folds of the records in DATA, and the best on all.

    Prints the AUC of each model on each fold: records of the fold left out against other sites of the target
    group. Killed or interrupted, the same command goes on.
    """
    names = tuple(name.strip() for name in models.split(",") if name.strip()) or usual_candidates()
    with progress_bar(" trainings") as report:
        run = choose_model(open_dataset(data), folder, ChoiceOptions(names, folds or 0, seed), report)
    choice = read_choice(run.path)
    assert choice is not None
    if as_json:
        click.echo(json.dumps({"run": str(run.path), **asdict(choice)}, indent=2))
        return
    click.echo(f"{run.path}: {choice.best}, trained on all records")
    for line in _lines(choice.table(), choice.folds):
        click.echo(line)


def _lines(table: pd.DataFrame, folds: tuple[str, ...]) -> list[str]:
    """The table as text: a row per model, the AUC of each fold, and means."""
    heads = ["AUC", *(f"fold {number}" for number in range(1, len(folds) + 1)), "mean", "Boyce", "TSS", "seconds"]
    rows = [heads]
    for _, row in table.iterrows():
        values = [*(row[fold] for fold in folds), row["auc"], row["boyce"], row["tss"]]
        texts = ["–" if math.isnan(value) else f"{value:.4f}" for value in values]
        rows.append([str(row["model"]), *texts, f"{row['seconds']:.1f}"])
    width = max(len(row[0]) for row in rows) + 2
    return [f"  {row[0]:<{width}}{''.join(f'{cell:>9}' for cell in row[1:])}" for row in rows]
