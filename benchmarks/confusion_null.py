"""Pairs of species that err together more often than expected, and how many do where none should.

`python -m benchmarks.confusion_null RUN ... --data DATA`, of runs on a virtual Europe with its truth beside it.
Labels are redrawn independently of each other, from the model's own probabilities and from the true ones. The
last columns say how alike the species of the significant pairs are, beside all pairs tested: their distance in
Ellenberg numbers (warmth, continentality, moisture, reaction, nutrients; each by its standard deviation over the
flora) and the correlation of their affinities to covers.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click
import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from scipy.stats import poisson

from sdm.data.open import open_dataset
from sdm.evaluation.confusion.from_predictions import labelled_outcomes
from sdm.evaluation.confusion.outcomes import Outcome, Outcomes
from sdm.evaluation.confusion.pair_null import pair_null
from sdm.evaluation.confusion.pair_statistics import q_values
from sdm.evaluation.confusion.pair_tests import FALSE_DISCOVERIES, PairTests, pair_tests, species_to_test
from sdm.evaluation.confusion.pairs import MIN_SUPPORT
from sdm.evaluation.confusion.presence import presence
from sdm.evaluation.labelled_predictions import LabelledPredictions, label
from sdm.evaluation.run_decoding import decoder_of, stored_predictions
from sdm.runs import Run
from sdm.virtual_europe.flora import flora
from sdm.virtual_europe.held_out_labels import with_test_labels
from sdm.virtual_europe.truth import Truth, open_truth

SPLITS = ("test_near", "test_far")
HEAD = (
    "run", "split", "tested", "seen", "lift ≥ 2", "unshifted q ≤ .05", "q ≤ .05", "model redrawn", "truth redrawn",
    "niche distance", "of all", "cover correlation", "of all",
)  # fmt: skip


@click.command()
@click.argument("runs", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--data", required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--draws", default=20, show_default=True)
def main(runs: tuple[Path, ...], data: Path, draws: int) -> None:
    """Print a table in Markdown, and the significant pairs under it."""
    dataset = with_test_labels(open_dataset(data))
    truth = open_truth(data)
    click.echo(f"| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}")
    found = []
    for path in runs:
        run = Run.open(path)
        for split in SPLITS:
            surveys = label(dataset, stored_predictions(run, split), run.card.class_ids).of_known()
            errors, tests = _tested(surveys, run, surveys.truth)
            row = _row(surveys, run, truth, errors, tests, draws)
            click.echo(f"| {run.name} | {split} | {' | '.join(row)} |", nl=True)
            found.append((run.name, split, tests.discoveries))
    for name, split, pairs in found:
        click.echo(f"\n{name} {split}\n{pairs.drop(columns=['missed', 'predicted']).to_string(index=False)}")


def _tested(surveys: LabelledPredictions, run: Run, recorded: csr_matrix) -> tuple[Outcomes, PairTests]:
    relabelled = replace(surveys, targets=replace(surveys.targets, values=recorded))
    errors = labelled_outcomes(relabelled, run.card.kind, decoder_of(run.card))
    columns = species_to_test(errors)
    null = pair_null(errors, columns, presence(surveys, columns))
    return errors, pair_tests(errors, null, surveys.targets.classes)


def _row(
    surveys: LabelledPredictions, run: Run, truth: Truth, errors: Outcomes, tests: PairTests, draws: int
) -> list[str]:
    misses, alarms = errors.counts[Outcome.MISS], errors.counts[Outcome.FALSE_ALARM]
    pairs = tests.pairs
    by_totals = misses[pairs["missed"]] * alarms[pairs["predicted"]] / errors.surveys
    chances = (np.asarray(surveys.probabilities, np.float64), _true(surveys, truth))
    redrawn = [_redrawn(surveys, run, chance, draws) for chance in chances]
    return [
        f"{tests.tests:,}", f"{len(pairs):,}", f"{(pairs['surveys'] >= 2 * by_totals).sum():,}",
        str(_unshifted(errors, chances[0], tests)), str(len(tests.discoveries)), *map(_spread, redrawn),
        *_likeness(surveys, tests, errors),
    ]  # fmt: skip


def _true(surveys: LabelledPredictions, truth: Truth) -> np.ndarray:
    """float64 (N, S): the true probabilities of the columns of the predictions."""
    rows = pd.Index(truth.survey_id).get_indexer(surveys.predictions.survey_id)
    columns = pd.Index(truth.species_id).get_indexer(surveys.targets.class_ids)
    return np.where(columns >= 0, truth.probabilities[rows][:, columns], 0).astype(np.float64)


def _redrawn(surveys: LabelledPredictions, run: Run, chance: np.ndarray, draws: int) -> list[int]:
    random = np.random.default_rng(0)
    labels = (csr_matrix((random.random(chance.shape) < chance).astype(np.float32)) for _ in range(draws))
    return [len(_tested(surveys, run, each)[1].discoveries) for each in labels]


def _spread(counts: list[int]) -> str:
    return f"{np.mean(counts):.1f} ({min(counts)} to {max(counts)})"


def _unshifted(errors: Outcomes, chance: np.ndarray, tests: PairTests) -> int:
    """Significant pairs by the same probabilities, the totals left as the model has them (Poisson tails)."""
    predicted = (errors.select(Outcome.HIT) + errors.select(Outcome.FALSE_ALARM)).toarray() > 0
    expected = np.where(predicted, 0, chance).T @ np.where(predicted, 1 - chance, 0)
    pairs = tests.pairs
    tails = poisson.sf(pairs["surveys"] - 1, expected[pairs["missed"], pairs["predicted"]])
    return int((q_values(tails, tests.tests) <= FALSE_DISCOVERIES).sum())


def _likeness(surveys: LabelledPredictions, tests: PairTests, errors: Outcomes) -> list[str]:
    by_name = {one.name: one for one in flora()}
    species = [by_name.get(name) for name in surveys.targets.classes["name"]]
    niche = np.array([one.ellenberg if one else [np.nan] * 5 for one in species], float)
    niche = niche / np.nanstd(niche, axis=0)
    cover = np.array([one.affinity if one else [np.nan] * 15 for one in species], float)
    rows, columns = (
        np.flatnonzero(errors.counts[outcome] >= MIN_SUPPORT) for outcome in (Outcome.MISS, Outcome.FALSE_ALARM)
    )
    a, b = (grid.ravel() for grid in np.meshgrid(rows, columns, indexing="ij"))
    a, b = a[a != b], b[a != b]
    found = (tests.discoveries["missed"].to_numpy(int), tests.discoveries["predicted"].to_numpy(int))
    return [
        f"{np.nanmean(measure(x, pair)):.2f}" if len(pair[0]) else "–"
        for measure, x in ((_distance, niche), (_correlation, cover))
        for pair in (found, (a, b))
    ]


def _distance(niche: np.ndarray, pair: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    return np.asarray(np.sqrt(((niche[pair[0]] - niche[pair[1]]) ** 2).sum(axis=1)))


def _correlation(cover: np.ndarray, pair: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    standard = (cover - cover.mean(axis=1, keepdims=True)) / cover.std(axis=1, keepdims=True)
    return np.asarray((standard[pair[0]] * standard[pair[1]]).mean(axis=1))


if __name__ == "__main__":
    main()
