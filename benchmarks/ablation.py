"""What each step is worth: `python -m benchmarks.ablation OUT [STEP ...]`.

Trains what is not in OUT yet, seed by seed, and prints every step beside the first, also where it does not help.
All are read by the same decoder, so that inputs and trainings are compared, not decoders. A difference is that of
the means over the seeds, survey by survey, with a block-bootstrap interval, and beside it that of each seed.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import click
import numpy as np

from sdm.data.dataset import Dataset
from sdm.data.open import open_dataset
from sdm.evaluation.decoding import parse_decoder
from sdm.evaluation.decoding_search import uncalibrated_predictions
from sdm.evaluation.metrics import METRICS, interval
from sdm.evaluation.reference_scores import ReferenceScores, reference_scores
from sdm.runs import Run
from sdm.virtual_europe.held_out_labels import with_test_labels

DECODER = "expected-f1"
F1 = METRICS["samples-f1"]
BASE = "fusion-statistics"
TRAINING = ("--epochs", "30", "--lr", "0.002", "--weight-decay", "0.02")
MIXUP = ("--mixup", "0.4")
ENVIRONMENT, LANDSAT, CLIMATE, PATCH = (
    "environment-mlp", "landsat-statistics", "climate-statistics", "patch-statistics"
)  # fmt: skip


@dataclass(frozen=True)
class Step:
    """A training of `BASE` that differs in what it `says`; `options` are those of `sdm train`."""

    says: str
    options: tuple[str, ...]


def configured(**changes: object) -> tuple[str, ...]:
    """Another configuration of the network."""
    return (*MIXUP, "--model-config", json.dumps(changes))


STEPS: Mapping[str, Step] = MappingProxyType(
    {
        BASE: Step("all four inputs, mixup", MIXUP),
        "no-landsat": Step("without Landsat", configured(encoders=(ENVIRONMENT, CLIMATE, PATCH))),
        "no-patch": Step("without the patch", configured(encoders=(ENVIRONMENT, LANDSAT, CLIMATE))),
        "no-environment": Step("without the environment", configured(encoders=(LANDSAT, CLIMATE, PATCH))),
        "no-climate": Step("without climate", configured(encoders=(ENVIRONMENT, LANDSAT, PATCH))),
        "location": Step(
            "with the place, which mixup leaves unmixed",
            configured(encoders=(ENVIRONMENT, LANDSAT, CLIMATE, PATCH, "location-mlp")),
        ),
        "no-mixup": Step("without mixup", ("--mixup", "0")),
        "no-modality-dropout": Step("no modality dropped in training", configured(modality_dropout=0.0)),
        "asymmetric": Step("asymmetric loss", (*MIXUP, "--loss", "asymmetric")),
        "rare": Step("surveys of rare species repeated", (*MIXUP, "--repeat-rare", "0.05")),
        "transformers": Step(
            "series by transformers instead of statistics",
            configured(encoders=(ENVIRONMENT, "landsat-transformer", "climate-transformer", PATCH)),
        ),
    }
)


def run_folder(out: Path, name: str, seed: int) -> Path:
    """Where the training of a step is kept."""
    return out / f"{name}-{seed}"


def train(name: str, seed: int, out: Path, data: Path) -> None:
    """Train step `name`, or go on with it, where it is not finished."""
    folder = run_folder(out, name, seed)
    if (folder / "card.json").exists():
        return
    arguments = ["--data", str(data), "--run", str(folder), "--seed", str(seed), *TRAINING, *STEPS[name].options]
    subprocess.run([sys.executable, "-m", "sdm", "train", BASE, *arguments], check=True, stdout=sys.stderr)


@dataclass(frozen=True)
class SurveyScores:
    """samples-F1 of each survey, float64 (seeds, N), and their `blocks` (N,)."""

    f1: np.ndarray
    blocks: np.ndarray


def per_survey(folders: Sequence[Path], dataset: Dataset) -> dict[str, SurveyScores]:
    """Split -> scores of its surveys by runs that differ in the seed."""
    decoder = parse_decoder(DECODER)
    found = [uncalibrated_predictions(Run.open(folder), dataset) for folder in folders]
    return {
        split: SurveyScores(
            np.stack([F1.each(one[split].truth, decoder.decode(one[split].probabilities)) for one in found]),
            found[0][split].blocks,
        )
        for split in found[0]
    }


def table(names: Sequence[str], seeds: int, out: Path, dataset: Dataset) -> list[str]:
    """Lines of Markdown: one per step that has a finished training of some seed that `BASE` has, too."""
    scores = {}
    for name in [each for each in STEPS if each in {BASE, *names}]:
        folders = [run_folder(out, name, seed) for seed in range(seeds)]
        there = [folder for folder in folders if (folder / "card.json").exists()]
        if there:
            scores[name] = per_survey(there, dataset)
    rulers = {split: reference_scores(dataset, split, "block") for split in ("test_near", "test_far")}
    titles = ["step", "seeds", "validation", "near", "skill", "far", "skill"]
    titles += ["near, change", "each seed", "far, change", "each seed"]
    heads = [f"| {' | '.join(titles)} |", "|---" * len(titles) + "|"]
    return [*heads, *(_line(STEPS[name], scores[name], scores[BASE], rulers) for name in scores)]


def _line(
    step: Step,
    scores: Mapping[str, SurveyScores],
    base: Mapping[str, SurveyScores],
    rulers: Mapping[str, ReferenceScores | None],
) -> str:
    cells = [step.says, str(len(scores["validation"].f1)), f"{scores['validation'].f1.mean():.3f}"]
    for split, ruler in rulers.items():
        value = float(scores[split].f1.mean())
        cells += [f"{value:.3f}", f"{ruler.skill(value):.2f}" if ruler else ""]
    for split in rulers:
        cells += ["", ""] if scores is base else _difference(scores[split], base[split])
    return f"| {' | '.join(cells)} |"


def _difference(scores: SurveyScores, base: SurveyScores) -> list[str]:
    """Of the means over the seeds that both have, with its interval, and of each of these seeds."""
    both = min(len(scores.f1), len(base.f1))
    values = scores.f1[:both] - base.f1[:both]
    low, high = interval(values.mean(axis=0), scores.blocks)
    each = ", ".join(f"{value:+.3f}" for value in values.mean(axis=1))
    return [f"{values.mean():+.3f} ({low:+.3f} to {high:+.3f})", each]


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.argument("steps", nargs=-1)
@click.option("--data", type=click.Path(path_type=Path), default=Path("data/virtual-europe-demo"))
@click.option("--seeds", default=3, show_default=True, help="Trainings of each step.")
@click.option("--only-print", is_flag=True, help="Train nothing.")
def main(out: Path, steps: tuple[str, ...], data: Path, seeds: int, only_print: bool) -> None:
    """Train STEPS, or all of them, in the folder OUT, and print what each is worth."""
    unknown = sorted(set(steps) - set(STEPS))
    if unknown:
        raise click.UsageError(f"unknown: {', '.join(unknown)}; known: {', '.join(STEPS)}")
    names = steps or tuple(STEPS)
    if not only_print:
        for seed in range(seeds):
            for name in names:
                train(name, seed, out, data)
    click.echo("\n".join(table(names, seeds, out, with_test_labels(open_dataset(data)))))


if __name__ == "__main__":
    main()
