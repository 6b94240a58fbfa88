"""`evaluate` and `decode`: how good a run is, and which calibration and decoder suit it best."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from sdm.cli.options import data_option, json_option
from sdm.cli.output import plain, print_baselines, print_report, print_scores, warn, with_bar
from sdm.data.dataset import Dataset
from sdm.data.open import open_dataset
from sdm.data.site_words import words_of
from sdm.data.splits import VALIDATION
from sdm.data.views import seen_through
from sdm.errors import RunError
from sdm.evaluation.conformal import Coverage, fit_conformal
from sdm.evaluation.decoding_search import (
    FittedDecoding,
    decoding_results,
    f1_of,
    fit_decoding,
    store_decoding,
    uncalibrated_predictions,
)
from sdm.evaluation.labelled_predictions import LabelledPredictions
from sdm.evaluation.leaderboard.board import in_order
from sdm.evaluation.reference_scores import METRIC as HEADLINE
from sdm.evaluation.reference_scores import ORACLE, ReferenceScores, leak, reference_scores, uninformed_scores
from sdm.evaluation.run_evaluation import evaluate, known_splits, remeasure
from sdm.evaluation.run_inputs import prediction_coverage
from sdm.evaluation.run_report import class_report
from sdm.number_format import percent
from sdm.runs import Run, require_match, require_same_data
from sdm.virtual_europe.held_out_labels import with_test_labels


@click.command("evaluate")
@click.argument("run", type=click.Path(path_type=Path))
@data_option()
@click.option("--split", help="Split to measure on; validation and all tests when not given.")
@click.option("--record", is_flag=True, help="Keep scores and predictions in the run.")
@click.option("--report", is_flag=True, help="Of single classes also precision, recall and F1 of each.")
@json_option()
def evaluate_command(run: Path, data: Path, split: str | None, record: bool, report: bool, as_json: bool) -> None:
    """Measure RUN on splits whose targets are known.

    In a virtual Europe also as a share of the best reachable samples-F1, and as skill: 0 is the country
    baseline, 1 the best reachable. The oracle beside it knows what no input tells.
    """
    opened, dataset = Run.open(run), with_test_labels(open_dataset(data))
    require_match(opened, dataset)
    scheme = opened.card.scheme
    splits = [split] if split else known_splits(dataset, scheme)
    splits = _with_inputs(opened, dataset, splits)
    if record:
        opened = remeasure(opened, dataset, splits, with_bar)
        scores = {name: opened.card.scores[name] for name in splits if opened.card.scores.get(name)}
    else:
        scores = {name: of_split for name in splits if (of_split := evaluate(opened, dataset, name, with_bar))}
    if not scores:
        target = split or "validation or test"
        raise RunError(f"no target of {target} is known", where=data, remedy="Write a submission with predict.")
    seen = seen_through(dataset, opened.card.view)
    uninformed = {name: uninformed_scores(seen, name, scheme) for name in scores}
    references = {name: reference_scores(dataset, name, scheme) for name in scores}
    reports = {name: class_report(opened, dataset, name, with_bar) for name in scores} if report else {}
    if as_json:
        known = {name: asdict(reference) for name, reference in references.items() if reference}
        baselines = {name: plain(of_split) for name, of_split in uninformed.items() if of_split}
        answer = {"scores": plain(scores), "reference_scores": known, "baselines": baselines}
        answer |= {"reports": {name: one.to_json() for name, one in reports.items()}} if reports else {}
        click.echo(json.dumps(answer, indent=2))
        return
    for name, of_split in scores.items():
        print_scores(name, of_split, words_of(dataset))
        print_baselines(uninformed[name])
        print_report(reports.get(name))
        ruler, headline = references[name], of_split.get(HEADLINE)
        if ruler and headline:
            _print_references(ruler, headline.value, name, scheme)


def _print_references(ruler: ReferenceScores, value: float, split: str, scheme: str) -> None:
    """The score beside baseline, best reachable and oracle."""
    best = f"{ruler.best:.4f} ± {ruler.best_error:.4f}"
    click.echo(f"  {'Share of the best reachable':<36} {ruler.share(value):.4f}  of {best}")
    click.echo(f"  {'Skill':<36} {ruler.skill(value):.4f}  country baseline {ruler.baseline:.4f}")
    click.echo(f"  {'Oracle':<36} {ruler.oracle:.4f}  ± {ruler.oracle_error:.4f}, {ORACLE}")
    if sentence := leak(ruler, value, split, scheme):
        click.echo(f"  {sentence}")


def _with_inputs(run: Run, dataset: Dataset, splits: list[str]) -> list[str]:
    """Those of `splits` whose surveys have an input of `run`, after warnings; RunError for a lone one without."""
    measured = []
    for split in splits:
        try:
            coverage = prediction_coverage(run, dataset, dataset.rows(split, run.card.scheme), split)
        except RunError as problem:
            if len(splits) == 1:
                raise
            warn(str(problem))
            continue
        measured.append(split)
        for sentence in coverage.warnings():
            warn(sentence)
    return measured


@click.command("decode")
@click.argument("run", type=click.Path(path_type=Path))
@data_option()
@click.option("--store", is_flag=True, help="Read the run by the best from now on.")
@click.option("--coverage", default=0.9, help="Share of a survey's species that its conformal set should hold.")
@json_option()
def decode_command(run: Path, data: Path, store: bool, coverage: float, as_json: bool) -> None:
    """Measure every calibration with every decoder on RUN's validation surveys.

    The best is chosen there alone; scores on test splits, where their species are known, are only told. What has
    to be fitted is measured on other blocks of the map than it was fitted on. Then, how many of the recorded
    species are inside sets made to hold a stated share of them.
    """
    opened, dataset = Run.open(run), with_test_labels(open_dataset(data))
    if store:
        require_same_data(opened, dataset)  # before minutes of predicting
    predictions = uncalibrated_predictions(opened, dataset, with_bar)
    validation = predictions[VALIDATION]
    every = [fit_decoding(validation, result) for result in decoding_results(validation, dataset)]
    best = max(every, key=lambda one: -1.0 if math.isnan(one.result.f1) else one.result.f1)
    tests = [split for split in in_order(predictions) if split != VALIDATION]
    elsewhere = {split: f1_of(every, predictions[split]) for split in tests}
    covered = _covered(best, predictions, coverage)
    if store:
        store_decoding(opened, best, predictions, dataset)
    if as_json:
        click.echo(json.dumps(_plain(every, best, elsewhere, covered), indent=2))
        return
    _print_results(every, best, elsewhere)
    _print_coverage(covered)
    how = "is now read" if store else "with --store it is read"
    click.echo(f"\n{run} {how} by {best.result.decoder}, calibration {best.result.calibration}")


def _covered(
    best: FittedDecoding, predictions: dict[str, LabelledPredictions], stated: float
) -> dict[str, Coverage]:
    """Split -> coverage of the sets fitted on validation."""
    calibrated = {split: best.calibrated(predictions[split]) for split in in_order(predictions)}
    validation = calibrated[VALIDATION]
    sets = fit_conformal(validation.truth, validation.probabilities, stated)
    return {
        split: sets.coverage(each.truth, each.probabilities, each.blocks) for split, each in calibrated.items()
    }


def _print_results(
    every: Sequence[FittedDecoding], best: FittedDecoding, elsewhere: dict[str, list[float]]
) -> None:
    heads = "".join(f"{split:>12}" for split in (VALIDATION, *elsewhere))
    click.echo(f"{'samples-F1':<34}{heads}{'log loss':>12}{'calibration error':>20}")
    for i, one in enumerate(every):
        result, mark = one.result, "*" if one is best else " "
        values = "".join(f"{value:>12.4f}" for value in (result.f1, *(each[i] for each in elsewhere.values())))
        name = f"{mark} {result.calibration:<12} {result.decoder:<18}"
        click.echo(f"{name:<34}{values}{result.log_loss:>12.5f}{result.error:>20.5f}")


def _print_coverage(covered: dict[str, Coverage]) -> None:
    stated = covered[VALIDATION].stated
    click.echo(f"\nShare of recorded species in sets made to hold {percent(stated)}")
    for split, one in covered.items():
        interval = f"95 % interval {one.low:.4f} to {one.high:.4f}"
        click.echo(f"  {split:<12} {one.measured:.4f}  {interval}  {one.size:.1f} species a set")


def _plain(
    every: Sequence[FittedDecoding],
    best: FittedDecoding,
    elsewhere: dict[str, list[float]],
    covered: dict[str, Coverage],
) -> dict[str, Any]:
    """For JSON: an undefined value is null."""
    rows = [
        asdict(one.result) | {split: values[i] for split, values in elsewhere.items()}
        for i, one in enumerate(every)
    ]
    return {
        "chosen": {"calibration": best.result.calibration, "decoder": best.result.decoder},
        "readings": [_nulls(row) for row in rows],
        "coverage": {split: _nulls(asdict(one)) for split, one in covered.items()},
    }


def _nulls(row: dict[str, Any]) -> dict[str, Any]:
    return {name: None if isinstance(v, float) and not math.isfinite(v) else v for name, v in row.items()}
