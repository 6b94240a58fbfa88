"""System C on the simulated coast: `python -m benchmarks.ecosystem OUT [STUDY ...] --data FOLDER`.

Trains what is not in OUT yet and prints the tables of docs/ecosystem-types.md. FOLDER holds what
`python -m sdm demo --kind ecosystem` wrote; data sets that only a study needs are made in OUT by the same
importer.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
import pandas as pd

from sdm.data.open import open_dataset
from sdm.evaluation.labelled_predictions import recall
from sdm.rasters.build import import_polygons
from sdm.rasters.sources import ImportOptions, LayerFiles, SiteFiles
from sdm.runs import Run
from sdm.virtual_coast.parameters import SITES, VERSION

RAW = "virtual-coast"
SCHEMES = ("random", "polygon", "block", "site")


def hidden(*units: int, **changes: object) -> tuple[str, str]:
    """The option for other hidden layers."""
    return "--model-config", json.dumps({"hidden": units, **changes})


LONG = ("--epochs", "60", "--lr", "4e-3")
LARGE = (*LONG, *hidden(512, 256))
FEW = ("--surveys", "320")
SHORT = ("--epochs", "6", *FEW)
SLOW = (*SHORT, "--lr", "1e-3")
SIX = ("--epochs", "6", "--lr", "1e-3")
SWIN = ("--epochs", "2", "--surveys", "160", "--model-config", json.dumps({"side": 128}))
SEEN_224 = ("--epochs", "2", "--surveys", "80", "--model-config", json.dumps({"side": 224}))
AT_224 = ("--epochs", "2", "--surveys", "80", "--lr", "1e-3")
LAST = "large-images"


@dataclass(frozen=True)
class Step:
    """A training per scheme: `says` what it is, `data` names the data set, `options` are those of `sdm train`."""

    says: str
    data: str
    model: str
    schemes: tuple[str, ...] = ("block",)
    options: tuple[str, ...] = LONG


@dataclass(frozen=True)
class Made:
    """A data set of a study: the endings of its files, layer by layer, how it is imported, and the sites."""

    layers: tuple[tuple[str, ...], ...]
    options: ImportOptions
    sites: tuple[str, ...] = tuple(site.name for site in SITES)


def _options(**choices: object) -> ImportOptions:
    return ImportOptions(simulated=True, world_version=VERSION, **choices)  # type: ignore[arg-type]


MADE: Mapping[str, Made] = {
    "types-with-duplicates": Made((("sentinel2",),), _options(title="with duplicates", drop_duplicates=False)),
    "main-types": Made((("sentinel2",),), _options(title="main types", level="main_type")),
    "drone": Made((("drone",),), _options(title="drone", level="main_type", image=32, most=200), ("Landsvik",)),
    "drone-128": Made(
        (("drone",),), _options(title="drone, 128", level="main_type", image=128, stride=16), ("Landsvik",)
    ),
    "drone-224": Made(
        (("drone",),), _options(title="drone, 224", level="main_type", image=224, stride=16), ("Landsvik",)
    ),
    "orthophoto": Made((("orthophoto",),), _options(title="orthophoto", level="main_type", image=32, most=200)),
    "orthophoto-128": Made(
        (("orthophoto",),), _options(title="orthophoto, 128", level="main_type", image=128, stride=16, most=150)
    ),
}
TYPES, LIME, PHOTOS = (f"{RAW}-{name}" for name in ("types", "lime", "photos"))
STUDIES: Mapping[str, tuple[Step, ...]] = {
    "leak": (
        Step("MLP 512-256, duplicates left in", "types-with-duplicates", "pixel-mlp", ("random", "block"), LARGE),
        Step("MLP 512-256", TYPES, "pixel-mlp", SCHEMES, LARGE),
        Step("nearest pixels on the map, no bands", TYPES, "nearest-surveys", SCHEMES, ()),
    ),
    "levels": (
        *(Step(f"MLP {a}-{b}, main types", "main-types", "pixel-mlp", ("block",), (*LONG, *hidden(a, b)))
          for a, b in ((128, 64), (256, 128), (512, 256))),
        Step("MLP 128-64, ground types", TYPES, "pixel-mlp", ("block",), (*LONG, *hidden(128, 64))),
        Step("MLP 256-128, ground types", TYPES, "pixel-mlp", ("block",), (*LONG, *hidden(256, 128))),
        Step("MLP 512-256", TYPES, "pixel-mlp", ("block",), LARGE),
    ),
    "dropout": (
        Step("MLP 256-128, main types", "main-types", "pixel-mlp", options=(*LONG, *hidden(256, 128))),
        Step("without dropout", "main-types", "pixel-mlp", options=(*LONG, *hidden(256, 128, dropout=0.0))),
    ),
    "lime": (Step("MLP 64-128-64", LIME, "lime-mlp", ("random", "block", "main_type", "site"), ()),),
    "images": (
        Step("small CNN, drone, main types", "drone", "image-cnn", ("random", "block"), ("--epochs", "20")),
        Step("small CNN, drone, 320 images", "drone", "image-cnn", ("block",), ("--epochs", "20", *FEW)),
        Step("ResNet-18 at 1e-2, drone, 320 images", "drone", "image-resnet18", ("block",), SHORT),
        Step("ResNet-18 at 1e-3, drone, 320 images", "drone", "image-resnet18", ("block",), SLOW),
        Step("small CNN, orthophoto, main types", "orthophoto", "image-cnn", ("random", "block", "site"),
             ("--epochs", "15")),
        Step("ResNet-18 at 1e-2, orthophoto, 320 images", "orthophoto", "image-resnet18", ("block",), SHORT),
        Step("small CNN, ground photographs", PHOTOS, "image-cnn", ("random", "point"), ("--epochs", "15")),
    ),
    "networks": (
        Step("small CNN, orthophoto at 128 pixels", "orthophoto-128", "image-cnn", ("random", "block"), SIX),
        Step("ResNet-18, orthophoto at 128 pixels", "orthophoto-128", "image-resnet18", ("random", "block"), SIX),
        Step("Swin V2-T at 128, orthophoto, 160 seen", "orthophoto-128", "image-swinv2-tiny", ("random", "block"),
             SWIN),
        Step("ResNet-18, drone at 224 pixels, 80 images", "drone-224", "image-resnet18", ("random",), AT_224),
        Step("Swin V2-T, drone, seen at 224, 80 images", "drone-224", "image-swinv2-tiny", ("random",), SEEN_224),
    ),
    # Hours on processor cores; for a GPU. Not part of a run without a study named.
    LAST: (
        Step("ResNet-18, drone", "drone", "image-resnet18", ("random", "block"), ()),
        Step("ResNet-18, orthophoto", "orthophoto", "image-resnet18", ("block", "site"), ()),
        Step("ResNet-18, drone at 128 pixels", "drone-128", "image-resnet18", ("random", "polygon"), ()),
        Step("ResNet-18, orthophoto at 128, in full", "orthophoto-128", "image-resnet18", SCHEMES, ()),
        Step("Swin V2-T, orthophoto at 128, in full", "orthophoto-128", "image-swinv2-tiny", SCHEMES, ()),
        Step("SwinV2-T, drone at 128 pixels", "drone-128", "image-swinv2-tiny", ("random", "polygon"), ()),
        Step("ResNet-18, ground photographs, in full", PHOTOS, "image-resnet18", ("point",), ()),
        Step("SwinV2-T, ground photographs", PHOTOS, "image-swinv2-tiny", ("point",), ()),
    ),
}  # fmt: skip


def make(name: str, data: Path, out: Path) -> Path:
    """The folder of data set `name`, made of the raw files where it is one of a study."""
    if name not in MADE:
        return data / name
    folder, made = out / "data" / name, MADE[name]
    if not folder.exists():
        sites = [
            _site(data / RAW, site.name, site.mappers, made.layers) for site in SITES if site.name in made.sites
        ]
        folder.parent.mkdir(parents=True, exist_ok=True)
        import_polygons(sites, folder, made.options)
    return folder


def _site(raw: Path, name: str, mappers: int, layers: tuple[tuple[str, ...], ...]) -> SiteFiles:
    stem = name.lower()
    files = tuple(LayerFiles(tuple(raw / f"{stem}-{ending}.tif" for ending in layer)) for layer in layers)
    return SiteFiles(name, files, {f"{i}": raw / f"{stem}-mapper-{i}.gpkg" for i in range(1, mappers + 1)})


def train(step: Step, scheme: str, data: Path, out: Path) -> Run:
    """The run of `step` under `scheme`, trained where it is not there."""
    name = f"{scheme}-{step.data}-{step.says}".lower()
    folder = out / "runs" / "".join(letter if letter.isalnum() else "-" for letter in name)[:59]
    if not (folder / "card.json").exists():
        words = ["train", step.model, "--data", str(make(step.data, data, out)), "--run", str(folder)]
        words += ["--scheme", scheme, *step.options]
        subprocess.run([sys.executable, "-m", "sdm", *words], check=True, stdout=sys.stderr)
    return Run.open(folder)


def lines(study: str, data: Path, out: Path) -> Iterator[str]:
    """The table of a study in Markdown."""
    if study == "lime":
        yield from _lime_lines(data, out)
        return
    yield "| model | split | tested | accuracy | macro-F1 | accuracy, main types | macro-F1, last ten |"
    yield "|---|---|---|---|---|---|---|"
    for step in STUDIES[study]:
        for scheme in step.schemes:
            run = train(step, scheme, data, out)
            scores, history = run.card.scores["test"], run.history()
            main = scores.get("accuracy/main_type", scores["accuracy"])
            last = history["macro-f1"].tail(10).mean() if "macro-f1" in history else float("nan")
            cells = (
                f"{scores['accuracy'].value:.3f} ({scores['accuracy'].low:.3f} to {scores['accuracy'].high:.3f})",
                f"{scores['macro-f1'].value:.3f}", f"{main.value:.3f}", f"{last:.3f}" if last == last else "",
            )  # fmt: skip
            yield f"| {step.says} | {scheme} | {scores['accuracy'].defined:,} | {' | '.join(cells)} |"
    if study in ("dropout", "images"):
        steps = [step for step in STUDIES[study] if study == "dropout" or step.model == "image-resnet18"]
        yield from _loss_lines(steps, data, out)
    if study == "leak":
        yield from _transfer_lines(data, out)


def _transfer_lines(data: Path, out: Path) -> Iterator[str]:
    """Of each class of both sites, the share found where it was trained (validation) and elsewhere (test)."""
    step = next(step for step in STUDIES["leak"] if step.data == TYPES and step.model == "pixel-mlp")
    run, dataset = train(step, "site", data, out), open_dataset(data / TYPES)
    found: dict[str, pd.Series] = {}
    for split in ("validation", "test"):
        labelled = recall(run, dataset, dataset.rows(split, "site"), (split,))
        names = labelled.targets.classes["name"].to_numpy(str)
        _, recorded, predicted = labelled.class_pairs()
        hits = pd.Series(recorded == predicted, index=names[recorded])
        found[split] = hits.groupby(level=0).agg(["mean", "size"]).apply(
            lambda row: f"{row['mean']:.2f} of {row['size']:.0f}", axis=1
        )  # fmt: skip
    yield ""
    yield "| class of both sites | found at Landsvik (validation) | found at Vega (test) |"
    yield "|---|---|---|"
    for name in sorted(set(found["validation"].index) & set(found["test"].index)):
        yield f"| {name} | {found['validation'][name]} | {found['test'][name]} |"


def _loss_lines(steps: Sequence[Step], data: Path, out: Path) -> Iterator[str]:
    """The losses as they are noted under the block split, and how often that of training is the higher one."""
    yield ""
    yield "| model | epoch 1: training, validation | epoch 5 | last epoch | epochs with the higher training loss |"
    yield "|---|---|---|---|---|"
    for step in steps:
        history = train(step, "block", data, out).history()
        losses = history[["train_loss", "validation_loss"]]
        cells = " | ".join(f"{losses.iloc[i, 0]:.3f}, {losses.iloc[i, 1]:.3f}" for i in (0, 4, -1))
        above = int((losses["train_loss"] > losses["validation_loss"]).sum())
        yield f"| {step.says} | {cells} | {above} of {len(losses)} |"


def _lime_lines(data: Path, out: Path) -> Iterator[str]:
    """Mean squared errors of a random guess (1 to 9, all alike), the mean of training, and the model."""
    (step,), folder = STUDIES["lime"], make(LIME, data, out)
    dataset = open_dataset(folder)
    values = np.asarray(dataset.targets.values, np.float64)
    yield "| split | tested on | pixels | random guess | mean of training | model |"
    yield "|---|---|---|---|---|---|"
    for scheme in step.schemes:
        run = train(step, scheme, data, out)
        split = "test" if "test" in run.card.scores else "validation"
        truth, mean = values[dataset.rows(split, scheme)], values[dataset.rows("train", scheme)].mean()
        guesses = np.mean((np.arange(1, 10)[:, None] - truth) ** 2)
        squares = guesses, np.mean((truth - mean) ** 2), run.card.scores[split]["rmse"].value ** 2
        cells = " | ".join(f"{square:.2f} ({square**0.5:.2f})" for square in squares)
        yield f"| {scheme} | {split} | {len(truth):,} | {cells} |"


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.argument("studies", nargs=-1, metavar=f"[{' | '.join(STUDIES)}] ...")
@click.option(
    "--data", type=click.Path(path_type=Path), default=Path("data"), help="Folder of the coast's data sets."
)
def main(out: Path, studies: tuple[str, ...], data: Path) -> None:
    """Train what is missing in OUT and print the tables."""
    unknown = sorted(set(studies) - set(STUDIES))
    if unknown:
        raise click.UsageError(f"unknown: {', '.join(unknown)}; known: {', '.join(STUDIES)}")
    for study in studies or [name for name in STUDIES if name != LAST]:
        click.echo(f"\n### {study}\n")
        for line in lines(study, data, out):
            click.echo(line)


if __name__ == "__main__":
    main()
