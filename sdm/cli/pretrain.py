"""`pretrain`: an encoder of patches learns without labels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sdm.cli.generated_options import options_from
from sdm.cli.options import data_option
from sdm.data.open import open_dataset
from sdm.runs.options import options_of
from sdm.training.pretraining import PretrainingOptions, pretrain


@click.command("pretrain")
@click.argument("encoder")
@data_option()
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The weights to write (safetensors).")
@options_from(options_of(PretrainingOptions, without=("encoder", "projected")), defaults=True)
def pretrain_command(encoder: str, data: Path, out: Path, **settings: Any) -> None:
    """Pre-train ENCODER, one of patches, on training and presence-only patches without their labels (SimCLR).

    `train --initial-weights OUT` starts from what it has learnt.
    """
    options = PretrainingOptions.of(encoder, **settings)

    def show(epoch: int, loss: float) -> None:
        click.echo(f"epoch {epoch}/{options.epochs}  loss {loss:.4f}")

    losses = pretrain(open_dataset(data), options, out, show)
    click.echo(f"{out}: loss {losses[0]:.4f} at first, {losses[-1]:.4f} at last")
