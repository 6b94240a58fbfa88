"""Row 4 of docs/virtual-europe.md: `python -m benchmarks.splits OUT --data TREE`.

The baselines and `landsat-mlp` trained under the random split, by site and on all five folds of blocks of the same
surveys; what is not in OUT yet is trained. Samples-F1 is that of the validation surveys, whose decoder was chosen
on themselves, alike under every scheme.
"""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np
import pandas as pd

from sdm.data.dataset import Dataset
from sdm.data.open import open_dataset
from sdm.data.split_folds import FOLDS
from sdm.runs import Run
from sdm.runs.training_options import recipe
from sdm.training import Runtime, train

MODELS = ("country-frequency", "nearest-surveys", "landsat-mlp")
BLOCKS = ("block", *(f"block_{fold}" for fold in range(2, FOLDS + 1)))
SCHEMES = ("random", "site", *BLOCKS)
METRIC = "samples-f1"


def scores(data: Dataset, out: Path) -> pd.DataFrame:
    """A row per model and scheme: samples-F1 on validation with its 95 % interval, and the number of surveys."""
    rows = []
    for model in MODELS:
        for scheme in SCHEMES:
            run = _run(data, out / f"{model}-{scheme}", model, scheme)
            score = run.card.scores["validation"][METRIC]
            rows.append((model, scheme, score.value, score.low, score.high, run.card.splits["validation"]))
    return pd.DataFrame(rows, columns=["model", "scheme", "f1", "low", "high", "surveys"])


def _run(data: Dataset, folder: Path, model: str, scheme: str) -> Run:
    if folder.exists() and Run.open(folder).finished:
        return Run.open(folder)
    return train(data, folder, recipe(model, scheme=scheme), Runtime("cpu"))


def table(found: pd.DataFrame) -> str:
    """Per model as Markdown: random, by site, the five folds of blocks and their mean, what random flatters by."""
    head = "| model | random | by site | blocks, five folds | mean | random less blocks |"
    lines = [head, "|---|---|---|---|---|---|"]
    for model, mine in found.groupby("model", sort=False):
        f1 = mine.set_index("scheme")["f1"]
        low, high = (mine.set_index("scheme")[bound] for bound in ("low", "high"))
        folds, mean = [f1[name] for name in BLOCKS], float(np.mean([f1[name] for name in BLOCKS]))
        each = ", ".join(f"{value:.3f}" for value in folds)
        named = [f"{f1[name]:.3f} ({low[name]:.3f} to {high[name]:.3f})" for name in ("random", "site")]
        lines.append(f"| `{model}` | {named[0]} | {named[1]} | {each} | {mean:.3f} | {f1['random'] - mean:+.3f} |")
    return "\n".join(lines)


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--data", type=click.Path(path_type=Path), required=True, help="A tree of `python -m sdm demo`.")
def main(out: Path, data: Path) -> None:
    """Train into the folder OUT and print the table."""
    found = scores(open_dataset(data), out)
    found.to_csv(out / "splits.csv", index=False)
    click.echo(table(found))


if __name__ == "__main__":
    main()
