"""Plain and weighted conformal sets near and far: `python -m benchmarks.conformal_shift RUN ... --data DATA`.

Prints a table in Markdown: measured coverage with its block interval, the coverage that the probabilities
foretell, species a set, and how many equally weighted validation surveys the weighted ones are worth.
"""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np

from sdm.data.dataset import Dataset
from sdm.data.open import open_dataset
from sdm.evaluation.conformal import Coverage, SurveySets, fit_weighted
from sdm.evaluation.covariate_shift import ShiftWeights, shift_features, shift_weights
from sdm.evaluation.labelled_predictions import LabelledPredictions, label
from sdm.evaluation.run_decoding import stored_predictions
from sdm.runs import Run
from sdm.virtual_europe.held_out_labels import with_test_labels

STATED = (0.5, 0.8, 0.9, 0.95)
HEAD = (
    "run", "surveys", "stated", "plain: measured", "foretold", "species a set", "weighted: measured", "foretold",
    "species a set", "effective surveys",
)  # fmt: skip


@click.command()
@click.argument("runs", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--data", required=True, type=click.Path(exists=True, path_type=Path))
def main(runs: tuple[Path, ...], data: Path) -> None:
    """Print the table."""
    dataset = with_test_labels(open_dataset(data))
    click.echo(f"| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}")
    for path in runs:
        run = Run.open(path)
        validation = _labelled(dataset, run, "validation")
        for split in ("test_near", "test_far"):
            test = _labelled(dataset, run, split)
            weights = shift_weights(shift_features(dataset, validation.sites), shift_features(dataset, test.sites))
            even = ShiftWeights(np.ones(len(validation)), np.ones(len(test)))
            for stated in STATED:
                cells = [_cells(_coverage(validation, test, each, stated)) for each in (even, weights)]
                worth = f"{weights.effective:.0f} of {len(validation)}"
                row = (f"`{run.name}`", split[5:], f"{100 * stated:.0f} %", *cells, worth)
                click.echo(f"| {' | '.join(row)} |")


def _labelled(dataset: Dataset, run: Run, split: str) -> LabelledPredictions:
    return label(dataset, stored_predictions(run, split), run.card.class_ids).of_known()


def _coverage(
    validation: LabelledPredictions, test: LabelledPredictions, weights: ShiftWeights, stated: float
) -> Coverage:
    known = validation.recorded_entries, validation.entries.probability
    thresholds = fit_weighted(*known, stated, weights.validation).thresholds(weights.test)
    entries = test.entries
    return SurveySets(stated, thresholds).coverage(
        test.recorded_entries, entries.probability, test.blocks, entries.largest_elsewhere
    )


def _cells(one: Coverage) -> str:
    written = [f"{value:.3f}"[1:] for value in (one.measured, one.low, one.high, one.foretold)]
    return f"{written[0]} ({written[1]} to {written[2]}) | {written[3]} | {one.size:.1f}"


if __name__ == "__main__":
    main()
