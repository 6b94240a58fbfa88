"""What each step is worth: `python -m benchmarks.ablation OUT [STEP ...]`.

Trains what is not in OUT yet, and prints every step beside the one it departs from, also where it does not help.
All are read by the same decoder, so that inputs and trainings are compared, not decoders. Differences are survey
by survey, with a block-bootstrap interval. Each step is one training: what another seed changes is chance.
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
PRETRAINED = "patch-convnext-atto.safetensors"
EPOCHS_BEFORE = 12  # of pre-training
F1 = METRICS["samples-f1"]


@dataclass(frozen=True)
class Step:
    """A training: `says` what is changed against step `against` ("": nothing, it is where others start), `options`
    are those of `sdm train`. `pretrained` starts from weights learnt without labels."""

    says: str
    model: str
    options: tuple[str, ...]
    against: str = ""
    pretrained: bool = False


def fused(*encoders: str, **changes: object) -> tuple[str, str]:
    """The option for other encoders."""
    return "--model-config", json.dumps({"encoders": encoders, **changes})


SERIES = ("--epochs", "30")
FUSED = ("--epochs", "24")
PATCH = ("--epochs", "20", "--augment")
THOUSAND = ("--epochs", "40", "--augment", "--surveys", "1000")
FIVE_HUNDRED = ("--epochs", "60", "--augment", "--surveys", "500")
ENVIRONMENT, LANDSAT, CLIMATE = "environment-mlp", "landsat-transformer", "climate-transformer"
ATTO = "patch-convnext-atto"

BASE = "fusion-series"
STEPS: Mapping[str, Step] = MappingProxyType(
    {
        BASE: Step("environment, Landsat and climate, mixup", BASE, SERIES),
        "seed": Step("another seed", BASE, (*SERIES, "--seed", "1"), BASE),
        "no-climate": Step("without climate", BASE, (*SERIES, *fused(ENVIRONMENT, LANDSAT)), BASE),
        "no-landsat": Step("without Landsat", BASE, (*SERIES, *fused(ENVIRONMENT, CLIMATE)), BASE),
        "no-environment": Step("without the environment", BASE, (*SERIES, *fused(LANDSAT, CLIMATE)), BASE),
        "location": Step(
            "with the place, which mixup leaves unmixed", BASE,
            (*SERIES, *fused(ENVIRONMENT, LANDSAT, CLIMATE, "location-mlp")), BASE,
        ),
        "resnets": Step(
            "series by half-width ResNet-18", BASE,
            (*SERIES, *fused(ENVIRONMENT, "landsat-resnet18-half", "climate-resnet18-half")), BASE,
        ),
        "convnext": Step("with the patch by ConvNeXt-Atto; other lr, epochs", "fusion-convnext-atto", FUSED, BASE),
        "maxvit": Step("with the patch by MaxViT-Pico; other lr, epochs", "fusion-maxvit-pico", FUSED, BASE),
        "swinv2": Step("with the patch by SwinV2; other lr, epochs", "fusion-swinv2-mini", FUSED, BASE),
        "convnext-pretrained": Step(
            "its ConvNeXt-Atto pre-trained without labels", "fusion-convnext-atto", FUSED, "convnext",
            pretrained=True,
        ),
        "no-mixup": Step("without mixup", BASE, (*SERIES, "--mixup", "0"), BASE),
        "shift": Step("series shifted by up to 2 years", BASE, (*SERIES, "--shift-years", "2"), BASE),
        "no-modality-dropout": Step(
            "no modality dropped in training", BASE,
            (*SERIES, "--model-config", json.dumps({"modality_dropout": 0.0})), BASE,
        ),
        "asymmetric": Step("asymmetric loss", BASE, (*SERIES, "--loss", "asymmetric"), BASE),
        "focal": Step("focal loss", BASE, (*SERIES, "--loss", "focal"), BASE),
        "class-balanced": Step("class-balanced loss", BASE, (*SERIES, "--loss", "class-balanced"), BASE),
        "rare": Step("surveys of rare species repeated", BASE, (*SERIES, "--repeat-rare", "0.05"), BASE),
        "environment": Step("environment alone; 40 epochs, no mixup", ENVIRONMENT, ("--epochs", "40"), BASE),
        "landsat": Step("Landsat alone; no mixup", LANDSAT, SERIES, BASE),
        "climate": Step("climate alone; no mixup", CLIMATE, SERIES, BASE),
        "place": Step("the place alone; 40 epochs, no mixup", "location-mlp", ("--epochs", "40"), BASE),
        "patch": Step("the patch alone; 20 epochs, no mixup", ATTO, PATCH, BASE),
        "patch-quantile": Step(
            "quantile normalisation instead of gamma", BASE,
            (*PATCH, "--mixup", "0", *fused(ATTO, preparations={"patch": "quantile"})), "patch-gamma",
        ),
        "patch-gamma": Step("gamma, in a fusion of one", BASE, (*PATCH, "--mixup", "0", *fused(ATTO))),
        "patch-unturned": Step("patches not turned", ATTO, ("--epochs", "20", "--no-augment"), "patch"),
        "patch-pretrained": Step("pre-trained without labels", ATTO, PATCH, "patch", pretrained=True),
        "patch-1000": Step("1,000 surveys", ATTO, THOUSAND),
        "patch-1000-pretrained": Step("pre-trained without labels", ATTO, THOUSAND, "patch-1000", pretrained=True),
        "patch-500": Step("500 surveys", ATTO, FIVE_HUNDRED),
        "patch-500-pretrained": Step(
            "pre-trained without labels", ATTO, FIVE_HUNDRED, "patch-500", pretrained=True
        ),
    }
)  # fmt: skip


def train(name: str, out: Path, data: Path) -> Path:
    """The folder of step `name`, trained or gone on with where it is not finished."""
    step, folder = STEPS[name], out / name
    if (folder / "card.json").exists():
        return folder
    weights = ["--initial-weights", str(pretrain(out, data))] if step.pretrained else []
    _run("train", step.model, "--data", str(data), "--run", str(folder), *step.options, *weights)
    return folder


def pretrain(out: Path, data: Path) -> Path:
    """The weights learnt without labels."""
    weights = out / PRETRAINED
    if not weights.exists():
        _run("pretrain", ATTO, "--data", str(data), "--out", str(weights), "--epochs", str(EPOCHS_BEFORE))
    return weights


def _run(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "sdm", *arguments], check=True, stdout=sys.stderr)


@dataclass(frozen=True)
class SurveyScores:
    """samples-F1 of each survey, float64 (N,), and their `blocks`."""

    f1: np.ndarray
    blocks: np.ndarray


def per_survey(folder: Path, dataset: Dataset) -> dict[str, SurveyScores]:
    """Split -> scores of its surveys."""
    decoder = parse_decoder(DECODER)
    found = uncalibrated_predictions(Run.open(folder), dataset)
    return {
        split: SurveyScores(F1.each(one.truth, decoder.decode(one.probabilities)), one.blocks)
        for split, one in found.items()
    }


def table(names: Sequence[str], out: Path, dataset: Dataset) -> list[str]:
    """Lines of Markdown: one per step."""
    shown = [name for name in STEPS if name in names]
    needed = {*shown, *(STEPS[name].against for name in shown)} - {""}
    scores = {name: per_survey(out / name, dataset) for name in needed if (out / name / "card.json").exists()}
    rulers = {split: reference_scores(dataset, split, "block") for split in ("test_near", "test_far")}
    heads = [
        "| step | validation | near | skill | far | skill | near, change | far, change |",
        "|---|---|---|---|---|---|---|---|",
    ]
    rows = [
        _line(STEPS[name], scores[name], scores.get(STEPS[name].against), rulers)
        for name in shown
        if name in scores
    ]
    return [*heads, *rows]


def _line(
    step: Step,
    scores: Mapping[str, SurveyScores],
    against: Mapping[str, SurveyScores] | None,
    rulers: Mapping[str, ReferenceScores | None],
) -> str:
    cells = [step.says, f"{scores['validation'].f1.mean():.4f}"]
    for split, ruler in rulers.items():
        value = float(scores[split].f1.mean())
        cells += [f"{value:.4f}", f"{ruler.skill(value):.2f}" if ruler else ""]
    for split in rulers:
        cells.append("" if against is None else _difference(scores[split], against[split]))
    return f"| {' | '.join(cells)} |"


def _difference(scores: SurveyScores, against: SurveyScores) -> str:
    values = scores.f1 - against.f1
    low, high = interval(values, scores.blocks)
    return f"{values.mean():+.4f} ({low:+.4f} to {high:+.4f})"


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.argument("steps", nargs=-1)
@click.option("--data", type=click.Path(path_type=Path), default=Path("data/virtual-europe-demo"))
@click.option("--only-print", is_flag=True, help="Train nothing.")
def main(out: Path, steps: tuple[str, ...], data: Path, only_print: bool) -> None:
    """Train STEPS, or all of them, in the folder OUT, and print what each is worth."""
    unknown = sorted(set(steps) - set(STEPS))
    if unknown:
        raise click.UsageError(f"unknown: {', '.join(unknown)}; known: {', '.join(STEPS)}")
    names = steps or tuple(STEPS)
    if not only_print:
        for name in names:
            train(name, out, data)
    click.echo("\n".join(table(names, out, with_test_labels(open_dataset(data)))))


if __name__ == "__main__":
    main()
