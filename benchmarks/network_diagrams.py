"""The diagrams of docs/models.md, from the networks: `python -m benchmarks.network_diagrams docs/networks`."""

from __future__ import annotations

from pathlib import Path

import click

from sdm.data.dataset import TargetKind
from sdm.figures.network import diagram
from sdm.models.layers import model_layers
from sdm.models.specification import EXAMPLE_WIDTH

SHOWN = ("resnet18-patch", "landsat-cnn", "landsat-mlp", "landsat-lstm", "fusion-maxvit-tiny")


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
def main(out: Path) -> None:
    """Write an SVG per network into the folder OUT."""
    out.mkdir(parents=True, exist_ok=True)
    for name in SHOWN:
        table = model_layers(name, TargetKind.MULTILABEL, EXAMPLE_WIDTH)
        (out / f"{name}.svg").write_text(diagram(table), encoding="utf-8")


if __name__ == "__main__":
    main()
