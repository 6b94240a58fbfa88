"""Figures of docs/tree-species.md: `python -m benchmarks.trees_figures CHECKPOINTS PICTURES --data FOLDER`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import numpy as np
import pandas as pd
import plotly.graph_objects as go
from PIL import Image, ImageDraw, ImageFont
from plotly.subplots import make_subplots

from benchmarks.ecosystem_figures import draw
from benchmarks.trees import FOCUS, RUNS, TREES, hidden, known, opened, unseen
from sdm.data.open import open_dataset
from sdm.evaluation.confusion.multiclass import class_matrix, class_outcomes
from sdm.evaluation.run_evaluation import evaluate
from sdm.evaluation.run_report import class_report
from sdm.figures import confusion
from sdm.figures.style import BLUE, GREEN, ORANGE, PINK, Figure, quiet, share_ticks
from sdm.maps.class_colours import colours_of_names

COLOURS = dict(zip(RUNS, (ORANGE, GREEN, BLUE, PINK), strict=True))
LINES = (("validation_loss", 1, "solid"), ("train_loss", 1, "dash"), ("accuracy", 2, "solid"))
NONE = (215, 215, 215)  # land of none of the classes
ENLARGED = 3  # pixels of the picture along one of the map


def titles() -> dict[str, str]:
    """Run -> its name in figures."""
    return {name: name.removeprefix("mountain-").replace("-", ", by ").replace("lstm", "LSTM") for name in RUNS}


def figures(checkpoints: Path, data: Path) -> Iterator[tuple[str, Figure]]:
    """Name -> figure."""
    yield "curves", curves(checkpoints)
    dataset = open_dataset(data / TREES)
    names = dataset.targets.classes["name"].to_numpy(str)
    for name in (RUNS[0], FOCUS):
        counts = class_report(opened(checkpoints, name), dataset, "test").confusion
        yield f"confusion-{name.split('-')[-1]}", _matrix(np.repeat(
            np.argwhere(counts >= 0), counts.ravel(), axis=0), dataset.targets.classes)  # fmt: skip
    at_site = known(unseen(checkpoints, FOCUS, data))
    codes = at_site[["recorded", "predicted"]].apply(lambda column: pd.Index(names).get_indexer(column))
    yield "confusion-unseen", _matrix(codes.to_numpy(), dataset.targets.classes)
    yield "leak", leak(checkpoints, data)
    yield "occlusion", occlusions(hidden(checkpoints, data))


def _matrix(pairs: np.ndarray, classes: pd.DataFrame) -> Figure:
    """The confusion matrix of rows (recorded, predicted)."""
    outcomes = class_outcomes(pairs[:, 0], pairs[:, 1], len(classes))
    return confusion.matrix(class_matrix(outcomes, classes), "row_share", italic=False)


def curves(checkpoints: Path) -> Figure:
    """Loss and accuracy after each epoch."""
    plot = make_subplots(1, 2, subplot_titles=("loss: validation, and training (dashed)", "validation accuracy"))
    parts = []
    for name in RUNS:
        history, colour = opened(checkpoints, name).history(), COLOURS[name]
        looks = {"mode": "lines", "name": titles()[name], "legendgroup": name}
        for column, place, dash in (
            ("validation_loss", 1, "solid"),
            ("train_loss", 1, "dash"),
            ("accuracy", 2, "solid"),
        ):
            plot.add_scatter(x=history["epoch"], y=history[column], line={"color": colour, "dash": dash},
                             showlegend=column == "accuracy", row=1, col=place, **looks)  # fmt: skip
        parts.append(history.assign(run=name))
    quiet(plot, 400, margin={"t": 60, "b": 90}, legend={"orientation": "h", "y": -0.35})
    plot.update_xaxes(title_text="Epoch")
    return Figure(plot, pd.concat(parts), "Loss and accuracy after each epoch", "")


def leak(checkpoints: Path, data: Path) -> Figure:
    """Accuracy on the test split, and at the unseen site."""
    rows, dataset = [], open_dataset(data / TREES)
    for name in RUNS:
        run = opened(checkpoints, name)
        score, at_site = evaluate(run, dataset, "test")["accuracy"], known(unseen(checkpoints, name, data))
        rows.append((titles()[name], score.value, (at_site["recorded"] == at_site["predicted"]).mean()))
    table = pd.DataFrame(rows, columns=["run", "test", "unseen"])
    plot = go.Figure()
    for column, title, colour in (("test", "test split", ORANGE), ("unseen", "unseen site", BLUE)):
        texts = [f"{value:.3f}" for value in table[column]]
        plot.add_bar(x=table["run"], y=table[column], name=title, marker_color=colour, text=texts)
    quiet(plot, 320, barmode="group", showlegend=True)
    plot.update_yaxes(title_text="Accuracy", **share_ticks(1.0))
    return Figure(plot, table, "Accuracy under each split", "")


def occlusions(table: pd.DataFrame) -> Figure:
    """Accuracy lost without each month, and without each band."""
    plot = make_subplots(1, 2, subplot_titles=("without a month", "without a band"), column_widths=[0.4, 0.6])
    for place, kind in enumerate(("month", "band"), 1):
        part = table[table["kind"] == kind]
        plot.add_bar(x=part["name"], y=part["accuracy"], marker_color=BLUE, row=1, col=place)
    quiet(plot, 320, showlegend=False, margin={"t": 50})
    plot.update_yaxes(title_text="Accuracy lost", col=1)
    return Figure(plot, table, "Accuracy lost without a month or band", "")


def site_map(checkpoints: Path, data: Path) -> Image.Image:
    """True classes of the unseen site, those predicted by the run of FOCUS, and where it is wrong."""
    table = unseen(checkpoints, FOCUS, data)
    colours = colours_of_names(opened(checkpoints, FOCUS).card.class_names)
    shape = table["row"].max() + 1, table["column"].max() + 1, 3
    wrong = (table["recorded"] != table["predicted"]) & (table["recorded"] != "")
    panels = {
        "true classes": [colours.get(name, NONE) for name in table["recorded"]],
        "predicted": [colours[name] for name in table["predicted"]],
        "wrong (dark), none of them (grey)": [(60, 20, 20) if bad else NONE if not name else (255, 255, 255)
                                              for bad, name in zip(wrong, table["recorded"], strict=True)],
    }  # fmt: skip
    gap, head, foot = 16, 30, 40
    side = ENLARGED * shape[1]
    sheet = Image.new("RGB", (3 * side + 4 * gap, head + ENLARGED * shape[0] + foot), "white")
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(17)
    for i, (title, values) in enumerate(panels.items()):
        pixels = np.full(shape, 255, np.uint8)
        pixels[table["row"], table["column"]] = np.array(values, np.uint8)
        drawn = Image.fromarray(pixels.repeat(ENLARGED, axis=0).repeat(ENLARGED, axis=1))
        sheet.paste(drawn, (gap + i * (side + gap), head))
        pen.text((gap + i * (side + gap), 5), title, "#1c2723", font)
    for i, (name, colour) in enumerate(colours.items()):
        x, y = gap + i * 170, head + ENLARGED * shape[0] + 12
        pen.rectangle((x, y + 2, x + 16, y + 18), fill=colour)
        pen.text((x + 24, y), name, "#1c2723", font)
    return sheet


@click.command()
@click.argument("checkpoints", type=click.Path(path_type=Path))
@click.argument("pictures", type=click.Path(path_type=Path))
@click.option("--data", type=click.Path(path_type=Path), default=Path("data"), help="Where the mountain is.")
def main(checkpoints: Path, pictures: Path, data: Path) -> None:
    """Draw every figure into the folder PICTURES."""
    pictures.mkdir(parents=True, exist_ok=True)
    site_map(checkpoints, data).save(pictures / "site.png", optimize=True)
    draw(figures(checkpoints, data), pictures)


if __name__ == "__main__":
    main()
