"""How far any model could come: `python -m benchmarks.ceiling --data TREE`.

A network of two hidden layers is trained on the *true* relief, climate, soil, land use and cover of each survey of
a simulated Europe, on 500 of its training surveys up to all of them. Nothing is left to be read from images or
series: what is missing to a skill of 1 is for want of surveys. Skill is 0 for the country baseline, 1 for the best
reachable.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import click
import numpy as np
import torch
from scipy.sparse import csr_matrix
from torch import Tensor, nn

from sdm.data.dataset import Dataset
from sdm.data.open import open_dataset
from sdm.data.targets import target_matrix
from sdm.evaluation.decoding import choose_decoder
from sdm.evaluation.metrics import METRICS
from sdm.evaluation.reference_scores import reference_scores
from sdm.virtual_europe.description import seed_of
from sdm.virtual_europe.geography import places
from sdm.virtual_europe.held_out_labels import with_test_labels
from sdm.virtual_europe.place import COVERS

SPLITS = ("validation", "test_near", "test_far")
SIZES = (500, 1000, 2000, 0)  # training surveys; 0: all
VARIABLES = (
    "elevation", "slope", "coast", "temperature", "seasonality", "precipitation", "summer_rain", "moisture",
    "reaction", "clay", "sand", "nutrients", "disturbance",
)  # fmt: skip
HIDDEN, DROPOUT, EPOCHS, BATCH, RATE, DECAY = 256, 0.3, 60, 64, 2e-3, 0.02
EVERY = 3  # epochs between two looks at the surveys that choose the epoch


def true_inputs(data: Dataset) -> np.ndarray:
    """float32 (N, F): what the simulation knows of each site's place, standardised."""
    sites = data.sites
    at = places(sites["lon"].to_numpy(), sites["lat"].to_numpy(), sites["year"].to_numpy(), seed_of(data) or 0)
    columns = [getattr(at, name) for name in VARIABLES]
    area = np.log(sites["area_m2"].fillna(sites["area_m2"].median()).to_numpy(float))
    table = np.column_stack([*columns, area, np.eye(len(COVERS))[at.centre], at.cover])
    table = (table - table.mean(0)) / np.maximum(table.std(0), 1e-6)
    return np.clip(table, -6, 6).astype(np.float32)


def skills(data: Dataset, inputs: np.ndarray, surveys: int, seed: int = 0) -> dict[str, float]:
    """Split -> skill of a network that learnt from so many training surveys."""
    rows = data.rows("train", "block")
    if surveys:
        rows = np.random.default_rng(seed).choice(rows, surveys, replace=False)
    targets = {split: _targets(data, split) for split in ("selection", *SPLITS)}
    best, chosen = np.inf, {}
    network = _network(inputs.shape[1], data.targets.width, seed)
    for _ in _epochs(network, torch.tensor(inputs[rows]), torch.tensor(_dense(data, rows))):
        found = {split: _predicted(network, inputs[data.rows(split, "block")]) for split in targets}
        loss = _log_loss(targets["selection"], found["selection"])
        if loss < best:
            best, chosen = loss, found
    return _skills(data, targets, chosen)


def _skills(data: Dataset, targets: Mapping[str, csr_matrix], found: Mapping[str, np.ndarray]) -> dict[str, float]:
    decoder, _ = choose_decoder(targets["validation"], found["validation"])
    answer = {}
    for split in SPLITS:
        ruler = reference_scores(data, split, "block")
        assert ruler is not None
        f1 = METRICS["samples-f1"].score(targets[split], decoder.decode(found[split])).value
        answer[split] = ruler.skill(f1)
    return answer


def _targets(data: Dataset, split: str) -> csr_matrix:
    return target_matrix(data.targets.take(data.rows(split, "block")))


def _dense(data: Dataset, rows: np.ndarray) -> np.ndarray:
    return np.asarray(target_matrix(data.targets.take(rows)).toarray(), np.float32)


def _network(inputs: int, species: int, seed: int) -> nn.Module:
    torch.manual_seed(seed)
    layers: list[nn.Module] = []
    for width in (inputs, HIDDEN):
        layers += [nn.Linear(width, HIDDEN), nn.ReLU(), nn.Dropout(DROPOUT)]
    return nn.Sequential(*layers, nn.Linear(HIDDEN, species))


def _epochs(network: nn.Module, inputs: Tensor, targets: Tensor) -> Iterator[int]:
    """Train; every few epochs their number."""
    optimizer = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
    steps = EPOCHS * -(-len(inputs) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps)
    for epoch in range(1, EPOCHS + 1):
        network.train()
        for batch in torch.randperm(len(inputs)).split(BATCH):
            loss = nn.functional.binary_cross_entropy_with_logits(network(inputs[batch]), targets[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
        if epoch % EVERY == 0:
            yield epoch


def _predicted(network: nn.Module, inputs: np.ndarray) -> np.ndarray:
    network.eval()
    with torch.no_grad():
        return np.asarray(torch.sigmoid(network(torch.tensor(inputs))).numpy())


def _log_loss(truth: csr_matrix, probabilities: np.ndarray) -> float:
    present, p = truth.toarray() != 0, np.clip(probabilities, 1e-7, 1 - 1e-7)
    return float(-np.log(np.where(present, p, 1 - p)).mean())


@click.command()
@click.option("--data", type=click.Path(path_type=Path), required=True, help="A tree of `python -m sdm demo`.")
@click.option("--seeds", default=3, help="Trainings of each size.")
def main(data: Path, seeds: int) -> None:
    """Print skill by number of training surveys, mean and spread over seeds."""
    opened = with_test_labels(open_dataset(data))
    inputs = true_inputs(opened)
    click.echo(f"| training surveys | {' | '.join(SPLITS)} |\n|---|{'---|' * len(SPLITS)}")
    for surveys in SIZES:
        found = [skills(opened, inputs, surveys, seed) for seed in range(seeds)]
        each = {split: [one[split] for one in found] for split in SPLITS}
        cells = [f"{np.mean(v):.2f} ({min(v):.2f} to {max(v):.2f})" for v in each.values()]
        click.echo(f"| {surveys or len(opened.rows('train', 'block')):,} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
