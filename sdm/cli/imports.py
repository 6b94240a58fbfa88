"""`import`: predictions made elsewhere become a run without weights."""

from __future__ import annotations

from pathlib import Path

import click

from sdm.cli.options import data_option
from sdm.cli.scores import print_scores
from sdm.data.open import open_dataset
from sdm.evaluation.evaluate import evaluate
from sdm.evaluation.imported_runs import import_run
from sdm.evaluation.submissions import check_submission
from sdm.virtual_europe.test_labels import with_test_labels

SHOWN = 20


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
    known = with_test_labels(dataset)
    for split in checked.splits:
        if scores := evaluate(run, known, split):
            print_scores(split, scores)
