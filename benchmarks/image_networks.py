"""What training the image networks costs: `python -m benchmarks.image_networks [--device cuda]`.

Prints the table of docs/ecosystem-types.md: seconds of a training step, of an image, and of an epoch of what the
simulated coast has of that size.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import click
import torch
from torch import nn
from torch.nn import functional

from sdm.models.encoders.registry import encoder_spec

BATCH, CLASSES = 16, 10
STEPS = 2  # after one that is not counted


@dataclass(frozen=True)
class Case:
    """A network on images of `pixels`, brought to `side` where it is not 0, of which an epoch has `images`."""

    title: str
    encoder: str
    pixels: int
    side: int
    images: int


CASES = (
    Case("small CNN", "cnn", 128, 0, 485),
    Case("ResNet-18", "resnet18", 32, 0, 1506),
    Case("ResNet-18", "resnet18", 128, 0, 485),
    Case("ResNet-18", "resnet18", 224, 0, 241),
    Case("Swin V2-T at 128", "swinv2-tiny", 128, 128, 485),
    Case("Swin V2-T at 224", "swinv2-tiny", 224, 224, 241),
    Case("Swin V2-T at 256", "swinv2-tiny", 128, 0, 485),
)


def seconds_each(case: Case, device: str) -> float:
    """Seconds of a training step for one image: of the processor, or of the clock on another device."""
    encoder = encoder_spec(f"image{case.pixels}-c1to3-{case.encoder}")
    network = encoder.make(case.side) if case.side else encoder.make()
    head = nn.Linear(network.width, CLASSES)
    network, head = network.to(device), head.to(device)
    optimizer = torch.optim.AdamW([*network.parameters(), *head.parameters()], lr=1e-4)
    images = torch.randn(BATCH, 3, case.pixels, case.pixels, device=device)
    labels = torch.arange(BATCH, device=device) % CLASSES
    clock = time.process_time if device == "cpu" else time.perf_counter
    begun = 0.0
    for step in range(STEPS + 1):
        begun = clock() if step == 1 else begun
        loss = functional.cross_entropy(head(network(images, torch.ones_like(images))), labels)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        loss.item()  # waits for the device
    return (clock() - begun) / (STEPS * BATCH)


@click.command()
@click.option("--device", default="cpu", help="cpu, cuda or mps.")
def main(device: str) -> None:
    """Print the table."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    click.echo("| network | image | a step of 16 | an image | images of an epoch | an epoch | 20 epochs |")
    click.echo("|---|---|---|---|---|---|---|")
    for case in CASES:
        each = seconds_each(case, device)
        epoch = each * case.images
        click.echo(
            f"| {case.title} | {case.pixels} pixels | {each * BATCH:.2f} s | {each:.3f} s | {case.images:,} | "
            f"{epoch / 60:.1f} min | {20 * epoch / 60:.0f} min |"
        )


if __name__ == "__main__":
    main()
