"""`predict`, `score` and `import`: submissions of the competition, and runs made of them."""

from __future__ import annotations

import json
from pathlib import Path

import click
import numpy as np

from sdm.cli.options import data_option, json_option
from sdm.cli.output import plain, print_scores, warn, with_bar
from sdm.data.dataset import Dataset, TargetKind
from sdm.data.open import open_dataset
from sdm.data.site_words import words_of
from sdm.data.splits import is_test
from sdm.data.views import LEVEL
from sdm.errors import RunError
from sdm.evaluation.decoding import DECODERS
from sdm.evaluation.imported_runs import import_run
from sdm.evaluation.run_decoding import decoder_of
from sdm.evaluation.run_evaluation import evaluate
from sdm.evaluation.run_inputs import prediction_coverage
from sdm.evaluation.run_model import predict_or_recall
from sdm.evaluation.submissions.check import check_submission
from sdm.evaluation.submissions.read import read_sets, read_truth
from sdm.evaluation.submissions.submission_score import score_submission
from sdm.evaluation.submissions.write import write_submission
from sdm.formats.problem import shortened
from sdm.number_format import counted, whole
from sdm.runs import Run, require_match
from sdm.virtual_europe.held_out_labels import with_test_labels

GRAMMARS = ", ".join(spec.grammar for spec in DECODERS.values())
SHOWN = 20
INDEPENDENT = "The interval takes surveys as independent and is too narrow"


@click.command("predict")
@click.argument("run", type=click.Path(path_type=Path))
@data_option()
@click.option("--split", default="test", help="Split to predict; `test` stands for all test splits.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The submission to write.")
@click.option("--decode", help=f"Decoder: {GRAMMARS}; the run's own when not given.")
@json_option()
def predict_command(run: Path, data: Path, split: str, out: Path, decode: str | None, as_json: bool) -> None:
    """Write RUN's species for every survey of a split as a submission.

    Surveys that lack every input of RUN have a row too, for a competition wants all: they are counted and named.
    """
    opened, dataset = Run.open(run), open_dataset(data)
    require_match(opened, dataset)
    card = opened.card
    if card.kind is TargetKind.REGRESSION:
        raise RunError("a submission holds species, this run gives numbers", where=run)
    decoder = decoder_of(card, decode)
    rows = split_rows(dataset, split, card.scheme)
    coverage = prediction_coverage(opened, dataset, rows, split)
    for warning in coverage.warnings():
        warn(warning)
    labelled = predict_or_recall(opened, dataset, rows, with_bar)
    survey_id = dataset.sites["survey_id"].to_numpy(np.int64)[rows]
    write_submission(out, survey_id, decoder.decode(labelled.probabilities), np.asarray(card.class_ids))
    if as_json:
        report = {"submission": str(out), "decoder": str(decoder), "inputs": coverage.to_json()}
        click.echo(json.dumps(report, indent=2))
        return
    click.echo(f"{out}: {len(rows):,} surveys, decoder {decoder}")
    if card.view.startswith(LEVEL):
        level = card.view.removeprefix(LEVEL)
        click.echo(f"The numbers are of classes of the level {level}: each is the lowest class_id of its members.")
    if without := coverage.without_sentence():
        click.echo(without)


@click.command("score")
@click.argument("submission", type=click.Path(path_type=Path))
@click.argument("truth", type=click.Path(path_type=Path))
@json_option()
def score_command(submission: Path, truth: Path, as_json: bool) -> None:
    """Score SUBMISSION against TRUTH: the same two columns, or a table with surveyId and speciesId.

    With the columns lon and lat too, whole squares of 1 degree are drawn for the interval, else single surveys.
    """
    predicted, recorded = read_sets(submission), read_truth(truth)
    result = score_submission(predicted, recorded)
    other = np.setdiff1d(predicted.class_ids, recorded.class_ids)
    if as_json:
        report = plain({"all": {"samples-f1": result}})["all"]
        click.echo(json.dumps(report | {"species_not_in_truth": other.tolist()}, indent=2))
        return
    print_scores("all surveys", {"samples-f1": result})
    if recorded.blocks is None:
        click.echo(f"{INDEPENDENT}: {truth} has no columns lon and lat")
    if other.size:
        click.echo(
            f"{whole(len(other))} of {counted(len(predicted.class_ids), 'species id')} are not in the truth and "
            f"count as false alarms; whether they exist was not checked: {shortened(other.tolist())}"
        )


def split_rows(dataset: Dataset, split: str, scheme: str) -> np.ndarray:
    """The rows of `split`; "test" is all splits named test_… where no split has just that name."""
    names = dataset.splits(scheme)
    several = [name for name in names if is_test(name)]
    if split != "test" or split in names or not several:
        return dataset.rows(split, scheme)
    return np.sort(np.concatenate([dataset.rows(name, scheme) for name in several]))


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--run", "folder", type=click.Path(path_type=Path), required=True, help="New folder for the run.")
@data_option()
def import_command(file: Path, folder: Path, data: Path) -> None:
    """Keep FILE, a submission or a table of probabilities, as a run without weights.

    Its first line is one of: surveyId,predictions · surveyId,speciesId,probability · surveyId and a column per
    species id · surveyId,value. It must hold every survey of the validation split, or of all test splits.
    """
    dataset = open_dataset(data)
    checked = check_submission(file, dataset)
    for problem in checked.problems[1:SHOWN]:  # the first is told by the error
        click.echo(problem)
    run = import_run(file, folder, dataset, checked)
    click.echo(f"{run.path}: {len(checked.rows):,} surveys of {', '.join(checked.splits)}")
    click.echo(checked.checked_sentence())
    if unchecked := checked.unchecked_sentence():
        click.echo(unchecked)
    known = with_test_labels(dataset)
    for split in checked.splits:
        if scores := evaluate(run, known, split):
            print_scores(split, scores, words_of(dataset))
