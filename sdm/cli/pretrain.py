"""`pretrain`: an encoder of patches learns without labels."""

from __future__ import annotations

from pathlib import Path

import click

from sdm.cli.options import data_option
from sdm.data.open import open_dataset
from sdm.training.pretraining import PretrainConfig, pretrain


@click.command("pretrain")
@click.argument("encoder")
@data_option()
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The weights to write (safetensors).")
@click.option(
    "--epochs", type=int, default=PretrainConfig.epochs, show_default=True, help="Passes over all patches."
)
@click.option(
    "--batch-size", type=int, default=PretrainConfig.batch_size, show_default=True, help="Patches per step."
)
@click.option("--lr", type=float, default=PretrainConfig.lr, show_default=True, help="Highest learning rate.")
@click.option(
    "--temperature", type=float, default=PretrainConfig.temperature, show_default=True, help="Of the loss."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Of weights, order and views.")
def pretrain_command(
    encoder: str, data: Path, out: Path, epochs: int, batch_size: int, lr: float, temperature: float, seed: int
) -> None:
    """Pre-train ENCODER, one of patches, on training and presence-only patches without their labels (SimCLR).

    `train --initial-weights OUT` starts from what it has learnt.
    """
    config = PretrainConfig(encoder, epochs, batch_size, lr, temperature, seed=seed)
    losses = pretrain(
        open_dataset(data), config, out, lambda epoch, loss: click.echo(f"epoch {epoch}/{epochs}  loss {loss:.4f}")
    )
    click.echo(f"{out}: loss {losses[0]:.4f} at first, {losses[-1]:.4f} at last")
