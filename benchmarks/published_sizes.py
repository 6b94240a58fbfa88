"""The published networks at their full size: `python -m benchmarks.published_sizes [MODEL …]`.

Each is built for all species of GeoLifeCLEF 2024, makes a forward pass and a step of its optimiser, is stored and
read back, in a process of its own. Prints the table of docs/training.md. Times are of the processor, one thread.
"""

from __future__ import annotations

import math
import resource
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import click
import torch
from torch.nn import functional

from sdm.data.dataset import TargetKind
from sdm.evaluation.submissions.check import LABEL_SPACE
from sdm.modalities import MODALITIES
from sdm.models.contract import Network
from sdm.models.preparation import Batch
from sdm.models.registry import build
from sdm.runs.published_settings import PUBLISHED, PUBLISHED_SETTINGS, published_settings
from sdm.runs.training_options import TrainingOptions
from sdm.runs.weights import read_tensors, write_tensors

SURVEYS = 2  # of the step: batch normalisation wants more than one
MODELS = tuple(model for model, name in PUBLISHED_SETTINGS if name == PUBLISHED)


@dataclass(frozen=True)
class Measured:
    """Parameters; seconds of the prediction of one survey and of a step on SURVEYS; bytes in memory at most, and
    of the stored weights; whether the network read back predicts the same, and the loss of the step."""

    parameters: int
    forward_s: float
    step_s: float
    memory: int
    file: int
    equal: bool
    loss: float


def measure(model: str) -> Measured:
    """What `model` as published costs, in this process."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    options = published_settings(model, PUBLISHED).options(gpu=False)
    network = _network(options)
    begun = time.process_time()
    loss = _step(network, options)
    step_s = time.process_time() - begun
    one = {name: values[:1] for name, values in random_batch(network).items()}
    network.eval().predict(one)
    begun = time.process_time()
    predicted = network.predict(one)
    forward_s = time.process_time() - begun
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "weights.safetensors"
        write_tensors(path, network.state_dict())
        again = _network(options).eval()
        again.load_state_dict(read_tensors(path))
        equal, size = torch.equal(predicted, again.predict(one)), path.stat().st_size
    memory = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    count = sum(p.numel() for p in network.parameters())
    return Measured(count, forward_s, step_s, memory, size, equal, loss)


def _network(options: TrainingOptions) -> Network:
    kind = TargetKind.MULTICLASS if options.view else TargetKind.MULTILABEL
    network = build(options.model, kind, LABEL_SPACE, options.model_config)
    assert isinstance(network, Network)
    return network


def random_batch(network: Network) -> Batch:
    """Prepared inputs of SURVEYS surveys, all of their values present."""
    batch: Batch = {}
    for name in network.inputs:
        batch[name] = torch.rand(SURVEYS, *MODALITIES[name].shape)
        batch[f"{name}_valid"] = torch.ones_like(batch[name], dtype=torch.bool)
    return batch


def _step(network: Network, options: TrainingOptions) -> float:
    """One step of AdamW at the learning rate of `options`; its loss."""
    optimizer = torch.optim.AdamW(network.parameters(), lr=options.lr, weight_decay=options.weight_decay)
    logits = network.train()(random_batch(network))
    if network.kind is TargetKind.MULTICLASS:
        loss = functional.cross_entropy(logits, torch.arange(SURVEYS))
    else:
        loss = functional.binary_cross_entropy_with_logits(logits, torch.eye(SURVEYS, LABEL_SPACE))
    loss.backward()
    optimizer.step()
    return float(loss.item())


@click.command()
@click.argument("models", nargs=-1, type=click.Choice(MODELS))
def main(models: tuple[str, ...]) -> None:
    """Print the table; exit code 1 where a network read back is another."""
    click.echo("| model | parameters | prediction of a survey | step on two | memory | file |")
    click.echo("|---|---|---|---|---|---|")
    context, differ = get_context("spawn"), []
    for model in models or MODELS:
        with ProcessPoolExecutor(1, mp_context=context) as alone:
            found = alone.submit(measure, model).result()
        differ += [] if found.equal and math.isfinite(found.loss) else [model]
        click.echo(
            f"| `{model}` | {found.parameters:,} | {1e3 * found.forward_s:,.0f} ms | {found.step_s:.1f} s | "
            f"{found.memory / 1e9:.1f} GB | {found.file / 1e6:,.1f} MB |"
        )
    if differ:
        raise click.ClickException(f"read back, it predicts otherwise: {', '.join(differ)}")


if __name__ == "__main__":
    main()
