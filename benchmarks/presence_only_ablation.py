"""What presence-only records are worth: `python -m benchmarks.presence_only_ablation OUT [STEP ...]`.

Trains what is not in OUT yet, each step with every seed, and prints every step beside surveys alone, also where it
does not help. All are read by the same decoder. A difference is the mean over seeds, survey by survey, with a
block-bootstrap interval; what each seed gave stands beside it.
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

from benchmarks.ablation import SurveyScores, per_survey
from sdm.data.open import open_dataset
from sdm.evaluation.metrics import interval
from sdm.virtual_europe.held_out_labels import with_test_labels

SEEDS = (0, 1)
ALONE = "surveys"
SPLITS = {"test_near": "near", "test_far": "far"}


@dataclass(frozen=True)
class Step:
    """A training: `options` are those of `sdm train`; `start` and `teacher` are steps whose run it starts from or
    learns pseudo-labels of. `says` is empty for what is only a beginning."""

    says: str
    options: tuple[str, ...]
    start: str = ""
    teacher: str = ""


@dataclass(frozen=True)
class Model:
    """A model that all steps train, its options, and the epochs of a training on surveys alone."""

    name: str
    options: tuple[str, ...]
    epochs: int


STATISTICS = {"encoders": ["environment-mlp", "landsat-statistics", "climate-statistics"]}
MODELS: Mapping[str, Model] = MappingProxyType(
    {
        "environment": Model("environment-mlp", (), 20),
        "statistics": Model("fusion-statistics", ("--mixup", "0", "--model-config", json.dumps(STATISTICS)), 30),
    }
)
PO, BOTH = ("--records", "presence-only"), ("--records", "both")
FIVE = ("--epochs", "5")
STEPS: Mapping[str, Step] = MappingProxyType(
    {
        ALONE: Step("surveys alone", ()),
        "surveys-200": Step("surveys alone, 200 epochs", ("--epochs", "200")),
        "po-5": Step("presence-only records alone, target-group background, 5 epochs", (*PO, *FIVE)),
        "po-5-surveys": Step("5 epochs on presence-only records, then surveys", (), start="po-5"),
        "pseudo": Step("both, records with pseudo-labels, 5 epochs", (*BOTH, *FIVE), teacher=ALONE),
        "target-group": Step("both, target-group background, 5 epochs", (*BOTH, *FIVE)),
        "no-background": Step("both, records without absences, 5 epochs", (*BOTH, *FIVE, "--background", "none")),
        "po-15": Step("", (*PO, "--epochs", "15")),
        "po-15-surveys": Step("15 epochs on presence-only records, then surveys", (), start="po-15"),
        "po-grouped": Step("", (*PO, "--epochs", "30", "--group", "1")),
        "po-grouped-surveys": Step("30 epochs on groups of records, then surveys", (), start="po-grouped"),
        "soft": Step("surveys, soft labels of 3, 2 and 1 decimals", ("--soft-labels", "321")),
        "soft-both": Step("both, soft labels of all decimals, 5 epochs", (*BOTH, *FIVE, "--soft-labels", "43210")),
        "graded": Step("both, five grades, 5 epochs", (*BOTH, *FIVE, "--target", "graded")),
    }
)  # fmt: skip


def folder_of(out: Path, model: str, step: str, seed: int) -> Path:
    """Where the run of a step lies."""
    return out / f"{model}-{step}-{seed}"


def train(out: Path, data: Path, model: str, step: str, seed: int) -> Path:
    """The run of a step, trained, or gone on with, where it is not finished; what it needs before it."""
    folder, row = folder_of(out, model, step, seed), STEPS[step]
    if (folder / "card.json").exists():
        return folder
    words = ["train", MODELS[model].name, "--data", str(data), "--run", str(folder), "--seed", str(seed)]
    words += [*MODELS[model].options, "--epochs", str(MODELS[model].epochs), *row.options]
    for flag, needed in (("--from", row.start), ("--pseudo-labels", row.teacher)):
        if needed:
            words += [flag, str(train(out, data, model, needed, seed))]
    subprocess.run([sys.executable, "-m", "sdm", *words], check=True, stdout=sys.stderr)
    return folder


Scores = Mapping[str, SurveyScores]


def table(scores: Mapping[str, Sequence[Scores]]) -> list[str]:
    """Lines of Markdown: one per step; `scores` of each step has one per seed."""
    lines = ["| training | validation | near | far | near, change | far, change |", "|---|---|---|---|---|---|"]
    for step, runs in scores.items():
        means = [_each(runs, split) for split in ("validation", *SPLITS)]
        changes = ["", ""] if step == ALONE else [_change(runs, scores[ALONE], split) for split in SPLITS]
        lines.append(f"| {' | '.join([STEPS[step].says, *means, *changes])} |")
    return lines


def _each(runs: Sequence[Scores], split: str) -> str:
    """The mean over seeds, and what each seed gave."""
    values = [float(run[split].f1.mean()) for run in runs]
    return f"{np.mean(values):.3f} ({', '.join(f'{value:.3f}' for value in values)})"


def _change(runs: Sequence[Scores], alone: Sequence[Scores], split: str) -> str:
    """The mean difference of each survey over seeds, and its interval by whole blocks."""
    each = [ours[split].f1 - theirs[split].f1 for ours, theirs in zip(runs, alone, strict=True)]
    values = np.mean(each, axis=0)
    low, high = interval(values, runs[0][split].blocks)
    return f"{values.mean():+.3f} ({low:+.3f} to {high:+.3f})"


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.argument("steps", nargs=-1)
@click.option("--model", type=click.Choice([*MODELS]), default="environment")
@click.option("--data", type=click.Path(path_type=Path), default=Path("data/virtual-europe-demo"))
@click.option("--only-print", is_flag=True, help="Train nothing.")
def main(out: Path, steps: tuple[str, ...], model: str, data: Path, only_print: bool) -> None:
    """Train STEPS, or all of them, in the folder OUT, and print what each is worth."""
    unknown = sorted(set(steps) - set(STEPS))
    if unknown:
        raise click.UsageError(f"unknown: {', '.join(unknown)}; known: {', '.join(STEPS)}")
    names = [name for name in STEPS if STEPS[name].says and (not steps or name in (*steps, ALONE))]
    if not only_print:
        for name in names:
            for seed in SEEDS:
                train(out, data, model, name, seed)
    dataset = with_test_labels(open_dataset(data))
    folders = {name: [folder_of(out, model, name, seed) for seed in SEEDS] for name in names}
    done = {name: runs for name, runs in folders.items() if all((run / "card.json").exists() for run in runs)}
    click.echo("\n".join(table({name: [per_survey(run, dataset) for run in runs] for name, runs in done.items()})))


if __name__ == "__main__":
    main()
