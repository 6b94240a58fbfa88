"""`evaluate`: how good a run is."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from sdm.cli.options import data_option, json_option
from sdm.cli.progress import with_bar
from sdm.cli.scores import plain, print_scores
from sdm.data.open import open_dataset
from sdm.errors import RunError
from sdm.evaluation.evaluate import evaluate, known_splits, remeasure
from sdm.evaluation.reference_scores import METRIC as HEADLINE
from sdm.evaluation.reference_scores import reference_scores
from sdm.runs import Run
from sdm.virtual_europe.test_labels import with_test_labels


@click.command("evaluate")
@click.argument("run", type=click.Path(path_type=Path))
@data_option()
@click.option("--split", help="Split to measure on; validation and all tests when not given.")
@click.option("--record", "keeps", is_flag=True, help="Keep scores and predictions in the run.")
@json_option()
def evaluate_command(run: Path, data: Path, split: str | None, keeps: bool, as_json: bool) -> None:
    """Measure RUN on splits whose targets are known.

    In a virtual Europe also as a share of the best reachable samples-F1, and as skill: 0 is the country
    baseline, 1 the best reachable.
    """
    opened, dataset = Run.open(run), with_test_labels(open_dataset(data))
    scheme = opened.card.scheme
    splits = [split] if split else known_splits(dataset, scheme)
    if keeps:
        opened = remeasure(opened, dataset, splits, with_bar)
        scores = {name: opened.card.scores[name] for name in splits if opened.card.scores.get(name)}
    else:
        scores = {name: of_split for name in splits if (of_split := evaluate(opened, dataset, name, with_bar))}
    if not scores:
        asked = split or "validation or test"
        raise RunError(f"no target of {asked} is known", where=data, remedy="Write a submission with predict.")
    references = {name: reference_scores(dataset, name, scheme) for name in scores}
    if as_json:
        rulers = {name: asdict(ruler) for name, ruler in references.items() if ruler}
        click.echo(json.dumps({"scores": plain(scores), "yardsticks": rulers}, indent=2))
        return
    for name, of_split in scores.items():
        print_scores(name, of_split)
        ruler, headline = references[name], of_split.get(HEADLINE)
        if ruler and headline:
            share, skill = ruler.share(headline.value), ruler.skill(headline.value)
            click.echo(f"  {'Share of the best reachable':<36} {share:.4f}  of {ruler.best:.4f}")
            click.echo(f"  {'Skill':<36} {skill:.4f}  country baseline {ruler.baseline:.4f}")
