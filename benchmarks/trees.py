"""Tables of docs/tree-species.md: `python -m benchmarks.trees CHECKPOINTS --data FOLDER`.

Each run is measured on its test split and on every pixel of the unseen site, whose true classes are known. Months
and bands are hidden one after the other in the test split. Nothing is trained here but what sees no band.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import numpy as np
import pandas as pd
import rasterio
from rasterio.warp import transform

from sdm.data.dataset import Dataset
from sdm.data.open import open_dataset
from sdm.evaluation.run_evaluation import evaluate
from sdm.evaluation.run_report import class_report
from sdm.inference.series_class_map import predict_series, read_for
from sdm.inference.series_occlusion import occlusion
from sdm.runs import Run
from sdm.runs.training_options import recipe
from sdm.training import Runtime, train
from sdm.virtual_mountain.parameters import UNSEEN, classes
from sdm.virtual_mountain.write import NAME, truth_file

TREES = "virtual-mountain-trees"
RUNS = ("mountain-lstm-random", "mountain-lstm-point", "mountain-lstm-block", "mountain-transformer-block")
SCHEMES = ("random", "point", "block")
FOCUS = "mountain-lstm-block"  # whose months and bands are hidden
SAMPLE = 600  # test pixels for that


@cache
def opened(folder: Path, name: str) -> Run:
    """The run `name`."""
    return Run.open(folder / name)


@cache
def unseen(checkpoints: Path, name: str, data: Path) -> pd.DataFrame:
    """One row per pixel of the unseen site: recorded ("" where it is of none of the classes), predicted,
    probability, row and column of the raster of true classes."""
    run = opened(checkpoints, name)
    table = read_for(run, sorted((data / NAME).glob(f"{UNSEEN.name}_patch_*")))
    values = predict_series(run, table)
    with rasterio.open(data / NAME / truth_file(UNSEEN)) as file:
        x, y = transform(4326, file.crs, table.lon.tolist(), table.lat.tolist())
        row, column = rasterio.transform.rowcol(file.transform, x, y)
        true = file.read(1)[row, column].astype(int)
    names = np.array(run.card.class_names)
    return pd.DataFrame({
        "recorded": np.array(["", *classes()])[true], "predicted": names[values.argmax(axis=1)],
        "probability": values.max(axis=1), "row": row, "column": column,
    })  # fmt: skip


def known(table: pd.DataFrame) -> pd.DataFrame:
    """The pixels that have one of the classes."""
    return table[table["recorded"] != ""]


def leak(checkpoints: Path, data: Path, dataset: Dataset) -> Iterator[tuple[str, ...]]:
    """Rows of the table of splits."""
    yield "run", "split", "tested", "accuracy", "macro-F1", "at the unseen site"
    for name in RUNS:
        run = opened(checkpoints, name)
        scores, at_site = evaluate(run, dataset, "test"), known(unseen(checkpoints, name, data))
        correct = (at_site["recorded"] == at_site["predicted"]).mean()
        accuracy = scores["accuracy"]
        yield (
            f"`{name}`", run.card.scheme, f"{len(dataset.rows('test', run.card.scheme)):,}",
            f"{accuracy.value:.3f} ({accuracy.low:.3f} to {accuracy.high:.3f})", f"{scores['macro-f1'].value:.3f}",
            f"{correct:.3f}",
        )  # fmt: skip
    for scheme in SCHEMES:
        with tempfile.TemporaryDirectory() as folder:
            run = train(dataset, Path(folder) / "n", recipe("nearest-surveys", scheme=scheme), Runtime("cpu"))
            scores = run.card.scores["test"]
        accuracy = scores["accuracy"]
        yield (
            "nearest pixels on the map, no bands", scheme, f"{len(dataset.rows('test', scheme)):,}",
            f"{accuracy.value:.3f} ({accuracy.low:.3f} to {accuracy.high:.3f})", f"{scores['macro-f1'].value:.3f}",
            "",
        )  # fmt: skip


def reports(checkpoints: Path, data: Path, dataset: Dataset) -> Iterator[tuple[str, ...]]:
    """Precision, recall and F1 of each class in the test split, and recall at the unseen site."""
    yield "run", "class", "tested", "precision", "recall", "F1", "recall at the unseen site"
    for name in RUNS:
        run = opened(checkpoints, name)
        at_site = known(unseen(checkpoints, name, data))
        found = (at_site["recorded"] == at_site["predicted"]).groupby(at_site["recorded"]).mean()
        for row in class_report(run, dataset, "test").classes.to_dict("records"):
            ratios = (f"{row[key]:.3f}" for key in ("precision", "recall", "f1"))
            yield f"`{name}`", row["name"], f"{row['support']:,}", *ratios, f"{found[row['name']]:.3f}"


def pairs(checkpoints: Path, data: Path, dataset: Dataset) -> Iterator[tuple[str, ...]]:
    """What is most often taken for what, in the test split and at the unseen site."""
    yield "run", "test split: most often mistaken", "unseen site: most often mistaken"
    for name in RUNS:
        run = opened(checkpoints, name)
        tested = class_report(run, dataset, "test").pairs().to_numpy(object)
        at_site = known(unseen(checkpoints, name, data))
        wrong = at_site[at_site["recorded"] != at_site["predicted"]]
        counts = wrong.value_counts(["recorded", "predicted"]).reset_index()
        site = counts.assign(of=counts["recorded"].map(at_site["recorded"].value_counts())).to_numpy(object)
        texts = (map("{2:,} of {3:,} {0} taken for {1}".format, *part[:2].T) for part in (tested, site))
        yield f"`{name}`", *map("; ".join, texts)


@cache
def hidden(checkpoints: Path, data: Path) -> pd.DataFrame:
    """What the run of FOCUS loses without each month and band on an even sample of its test split."""
    run, dataset = opened(checkpoints, FOCUS), open_dataset(data / TREES)
    rows = dataset.rows("test", run.card.scheme)
    return occlusion(run, dataset, rows[np.linspace(0, len(rows) - 1, SAMPLE).astype(int)])


def months_and_bands(checkpoints: Path, data: Path) -> Iterator[tuple[str, ...]]:
    """The five bands and months without which most is lost."""
    yield "hidden", "pixels with it", "accuracy lost", "probability of the recorded class lost"
    table = hidden(checkpoints, data)
    for kind in ("month", "band"):
        for row in table[table["kind"] == kind].nlargest(5, "accuracy").to_dict("records"):
            title = f"{row['name']}, {row['title']}" if kind == "band" else row["title"]
            yield title, f"{row['pixels']}", f"{row['accuracy']:.3f}", f"{row['probability']:.3f}"


def markdown(rows: Iterator[tuple[str, ...]]) -> str:
    """A table, the first row its head."""
    head, *rest = rows
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, ("---",) * len(head), *rest))


@click.command()
@click.argument("checkpoints", type=click.Path(path_type=Path))
@click.option("--data", type=click.Path(path_type=Path), default=Path("data"), help="Where the mountain is.")
def main(checkpoints: Path, data: Path) -> None:
    """Print every table."""
    dataset = open_dataset(data / TREES)
    for rows in (leak(checkpoints, data, dataset), reports(checkpoints, data, dataset),
                 pairs(checkpoints, data, dataset), months_and_bands(checkpoints, data)):  # fmt: skip
        click.echo(markdown(rows) + "\n")


if __name__ == "__main__":
    main()
