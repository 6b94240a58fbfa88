"""Every writing command, small enough to be run and killed many times, and the files it reads."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from sdm.cli import COMMANDS
from sdm.data.dataset import Dataset
from sdm.data.open import open_dataset
from sdm.data.store import write_store
from sdm.occurrences.build import import_occurrences
from sdm.runs.training_options import recipe
from sdm.training import Runtime, train
from sdm.virtual_coast.make import make_coast
from sdm.virtual_coast.parameters import Coast
from sdm.virtual_europe.write import SIZES, Size
from sdm.virtual_mountain.make import make_mountain
from sdm.virtual_mountain.parameters import Mountain
from tests.data.trees import write_tree
from tests.datasets import monthly, multilabel
from tests.occurrences.tables import tables
from tests.rasters.coast import coast, write_coast
from tests.series.exports import write_exports

READING = ("check", "inference", "inspect", "models", "score")
# Kaggle's own client writes, and goes on where it stopped; so does gbif, which asks a service; replicas
# write nothing that is kept, and end with it.
ELSEWHERE = ("fetch", "gbif", "replicas")
SMALL = ("--device", "cpu", "--epochs", "2", "--batch-size", "4", "--model-config", '{"hidden": [16, 8]}')
ONE_PROCESS, SEVERAL = (
    Size(6, 2, 2, 4, images=2, po_images=1, species=394, block=8),
    Size(80, 8, 8, 16, images=20, po_images=4, species=394, block=8),
)
COAST = Coast(side_m=1000, aerial_side_m=600, drone_side_m=60, photo_size=(240, 230), most_points=2)
MOUNTAIN = Mountain(
    side=60, tile=12, tiles=1, points=40, series=150, stand_m2=4000.0, relief_range_m=500.0, planted_range_m=300.0,
    structure_range_m=200.0, haze_range_m=300.0, cloud_range_m=300.0,
)  # fmt: skip


@dataclass(frozen=True)
class Command:
    """`words` of the command line, with {here} for the folder it writes into, which holds copies of the `runs`,
    and {read} for that of its other inputs. `resumes`: what it leaves when killed is there to go on with; `dear`:
    it takes long."""

    name: str
    words: tuple[str, ...]
    runs: tuple[str, ...] = ()
    resumes: bool = False
    dear: bool = False


def command(name: str, line: str, *more: str, **options: object) -> Command:
    return Command(name, (*line.split(), *more), **options)  # type: ignore[arg-type]


WRITING = (
    command("demo", "demo --size tiny --out {here}/europe"),
    command("demo with workers", "demo --size demo --out {here}/europe", dear=True),
    command("demo ecosystem", "demo --kind ecosystem --out {here}", dear=True),
    command("demo trees", "demo --kind trees --out {here}", dear=True),
    command("unpack", "unpack {read}/tree.zip {here}/tree"),
    command("pack", "pack {read}/tree --out {here}/store", resumes=True),
    command("polygons", "polygons --raster {read}/coast/scenes/Vega-sentinel2.tif --polygons "
                        "{read}/coast/scenes/Vega-A.gpkg --site Vega --most 20 --out {here}/coast", dear=True),
    command("series", "series {read}/exports/points.csv --out {here}/trees"),
    command("occurrences", "occurrences --po {read}/occurrences/records.csv --pa {read}/occurrences/plots.csv "
                           "--pa-env {read}/occurrences/plot_predictors.csv --out {here}/records"),
    command("photos", "photos {read}/points.csv --photos {read} --crops 2 --out {here}/photos", dear=True),
    command("pretrain", "pretrain patch-convnext-atto --epochs 1 --batch-size 8 --data {read}/store --out "
                        "{here}/encoder.safetensors", dear=True),
    command("train", "train landsat-mlp --data {read}/store --run {here}/run", *SMALL, resumes=True, dear=True),
    command("train a baseline", "train nearest-surveys --data {read}/store --run {here}/run", resumes=True,
            dear=True),
    command("choose", "choose --data {read}/records --models balanced-forest --folds 2 --run {here}/chosen",
            resumes=True, dear=True),
    command("evaluate", "evaluate {here}/one --record --data {read}/store", runs=("one",)),
    command("decode", "decode {here}/one --store --data {read}/store", runs=("one",), dear=True),
    command("predict", "predict {read}/runs/one --data {read}/store --split test_near --out {here}/near.csv"),
    command("classmap of exports", "classmap {read}/runs/series {read}/exports/"
                                   "Unseen_2022_monthly_patch_0_0.csv.gz --out {here}/maps", dear=True),
    command("classmap of scenes", "classmap {read}/runs/pixel --data {read}/coast --out {here}/maps", dear=True),
    command("export", "export {here}/forest --data {read}/records --species 1 --out {here}/export",
            runs=("forest",), dear=True),
    command("ensemble", "ensemble {here}/both {here}/one {here}/two --data {read}/store", runs=("one", "two")),
    command("slim", "slim {read}/runs/one {here}/slim"),
    command("import", "import {read}/near.csv --run {here}/mine --data {read}/store"),
)  # fmt: skip


def uncovered() -> set[str]:
    """Commands that are in no list."""
    return set(COMMANDS) - {one.words[0] for one in WRITING} - {*READING, *ELSEWHERE}


def write_inputs(folder: Path, commands: Sequence[Command] = WRITING) -> Path:
    """All that `commands` read and `folder` lacks: data sets, runs, exports, an archive, photographs."""
    words = {word for one in commands for word in (*one.words, *(f"{{read}}/runs/{run}" for run in one.runs))}
    for start, write in INPUTS.items():
        if not (folder / start).exists() and any(word.startswith(f"{{read}}/{start}") for word in words):
            write(folder)
    return folder


def _tree(folder: Path) -> None:
    write_tree(folder / "tree")
    with zipfile.ZipFile(folder / "tree.zip", "w") as archive:
        for path in sorted((folder / "tree").rglob("*.csv")):
            archive.write(path, path.relative_to(folder))


def _occurrences(folder: Path) -> None:
    (folder / "occurrences").mkdir()
    tables(240).write(folder / "occurrences")


def _records(folder: Path) -> None:
    (folder / "tables").mkdir()
    import_occurrences(tables(240).write(folder / "tables"), folder / "records")


def _near(folder: Path) -> None:
    rows = "".join(f"{number},3 42\n" for number in range(115, 120))
    (folder / "near.csv").write_text(f"surveyId,predictions\n{rows}")


def _run(name: str, data: Callable[[Path], Dataset], model: str, **options: Any) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        train(data(folder), folder / "runs" / name, recipe(model, **options), Runtime("cpu"))

    return write


def _photographs(folder: Path) -> None:
    (folder / "photos").mkdir()
    rows = []
    for i in range(6):
        pixels = np.random.default_rng(i).integers(0, 255, (260, 300, 3)).astype(np.uint8)
        Image.fromarray(pixels).save(folder / "photos" / f"p{i}.jpg", "JPEG")
        rows.append((i, "A", ("T4-C-5", "T31-C-2")[i % 2], 7 + 0.01 * i, 58.5, f"photos/p{i}.jpg"))
    columns = ["point_id", "site", "code", "lon", "lat", "photo"]
    pd.DataFrame(rows, columns=columns).to_csv(folder / "points.csv", index=False)


MLP: dict[str, Any] = {"epochs": 1, "model_config": {"hidden": [16, 8]}}
INPUTS: dict[str, Callable[[Path], object]] = {
    "tree": _tree,
    "store": lambda folder: write_store(multilabel(), folder / "store"),
    "coast": lambda folder: write_coast(folder / "coast", step=6),
    "exports": lambda folder: write_exports(folder / "exports", side=4),
    "occurrences": _occurrences,
    "records": _records,
    "near.csv": _near,
    "points.csv": _photographs,
    "runs/one": _run("one", lambda _: multilabel(), "landsat-mlp", seed=0, **MLP),
    "runs/two": _run("two", lambda _: multilabel(), "landsat-mlp", seed=1, **MLP),
    "runs/forest": _run("forest", lambda at: open_dataset(at / "records"), "balanced-forest",
                        model_config={"trees": 2}),
    "runs/series": _run("series", lambda _: monthly(), "series-lstm", epochs=1, model_config={"hidden": 8}),
    "runs/pixel": _run("pixel", lambda _: coast(step=6), "pixel-mlp", epochs=1),
}  # fmt: skip
"""How a path below {read} begins -> what writes it; a run's data before it."""


def prepare(one: Command, read: Path, here: Path) -> list[str]:
    """Fill the new folder `here`; the words of the command line."""
    here.mkdir(parents=True)
    for run in one.runs:
        shutil.copytree(read / "runs" / run, here / run)
    return [word.replace("{here}", str(here)).replace("{read}", str(read)) for word in one.words]


@contextmanager
def small_worlds() -> Iterator[None]:
    """The simulators make as little as they can."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(SIZES, "tiny", ONE_PROCESS)
        patch.setitem(SIZES, "demo", SEVERAL)
        makers: dict[str, Callable[..., object]] = {
            "coast": partial(make_coast, coast=COAST),
            "mountain": partial(make_mountain, mountain=MOUNTAIN),
        }
        for name, make in makers.items():
            patch.setattr(f"sdm.virtual_{name}.make.make_{name}", make)
        yield
