"""One network, its optimiser, learning rate and loss, on one process or several."""

from __future__ import annotations

import math
from contextlib import nullcontext
from dataclasses import dataclass

import numpy as np
import torch
from accelerate import Accelerator
from scipy.sparse import csr_matrix
from torch import Tensor

from sdm.data.dataset import TargetKind
from sdm.models.contract import Network, on_device, to_probabilities
from sdm.models.preparation import Batch
from sdm.runs.training_options import TrainingOptions
from sdm.training.batch_loader import BatchLoader
from sdm.training.batch_sampler import share
from sdm.training.losses import LossFunction
from sdm.training.validation import Validation, compact, measure

VALIDATION_BATCH = 256


def learning_rate(options: TrainingOptions, step: int, steps: int) -> float:
    """The rate of `step` (from 0) of `steps`: a linear rise during warm-up, then constant or a cosine, to 0 at the
    last step or where `cosine_epochs` would end."""
    rising = round(options.warmup * steps)
    if step < rising:
        return options.lr * (step + 1) / rising
    if options.schedule == "constant":
        return options.lr
    end = steps * options.cosine_epochs / options.epochs if options.cosine_epochs else steps
    return options.lr * 0.5 * (1 + math.cos(math.pi * (step - rising) / max(end - rising, 1)))


@dataclass(frozen=True)
class Step:
    """The loss of the whole batch, whether any process asks to stop, and whether weights were changed."""

    loss: float
    stop: bool
    taken: bool


class Trainer:
    """A network being trained. Every process holds the same weights after each step."""

    def __init__(
        self, network: Network, loss: LossFunction, options: TrainingOptions, accelerator: Accelerator
    ) -> None:
        self.accelerator = accelerator
        self.loss = loss
        self.accumulate = options.accumulate
        self.model = accelerator.prepare(network)
        self.network: Network = accelerator.unwrap_model(self.model)
        self.parameters = list(self.network.parameters())
        kind = torch.optim.AdamW if options.optimizer == "adamw" else torch.optim.Adam
        # Not prepared: accelerate's wrapper searches the disk for a package of other optimisers at every step.
        self.optimizer = kind(self.parameters, lr=options.lr, weight_decay=options.weight_decay, fused=True)

    def step(self, batch: Batch, rate: float, factor: float, stop: bool) -> Step:
        """One step on this process's share of a batch; it is not taken where loss or gradient are no numbers.

        `factor` is the share's size over the mean size of the shares: it makes the mean gradient of all processes
        that of the whole batch.
        """
        if not self.network.training:
            self.model.train()
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.zero_grad()
        loss, stop = self._agree(self._backward(batch, factor), stop)
        taken = math.isfinite(loss) and self._gradient_is_finite()
        if taken:
            self._update()
        return Step(loss, stop, taken)

    def _backward(self, batch: Batch, factor: float) -> Tensor:
        """The loss of the share, its gradient summed up over `accumulate` parts."""
        size = len(batch["survey_id"])
        parts = min(self.accumulate, size)
        total = torch.zeros((), device=self.accelerator.device)
        for index in range(parts):
            part = share(range(size), index, parts)
            piece = batch if parts == 1 else {k: v[part.start : part.stop] for k, v in batch.items()}
            piece = on_device(piece, self.accelerator.device)
            last = index == parts - 1
            with nullcontext() if last else self.accelerator.no_sync(self.model):
                loss = self.loss(self.model(piece).float(), piece["labels"], piece["weight"])
                loss = loss * (factor * len(part) / size)
                scaler = self.accelerator.scaler
                (loss if scaler is None else scaler.scale(loss)).backward()
            total += loss.detach()
        return total

    def _update(self) -> None:
        """Change the weights; a scaler of half precision leaves out a step of infinite gradients."""
        scaler = self.accelerator.scaler
        if scaler is None:
            self.optimizer.step()
        else:
            scaler.step(self.optimizer)
            scaler.update()

    def _gradient_is_finite(self) -> bool:
        """A scaler of half precision looks itself, and expects infinities now and then."""
        if self.accelerator.scaler is not None:
            return True
        gradients = [p.grad for p in self.parameters if p.grad is not None]
        return math.isfinite(torch.nn.utils.get_total_norm(gradients).item())

    def _agree(self, loss: Tensor, stop: bool) -> tuple[float, bool]:
        if self.accelerator.num_processes == 1:
            return loss.item(), stop
        both = torch.stack([loss, torch.tensor(float(stop), device=loss.device)])
        mean = self.accelerator.reduce(both, "mean").tolist()
        return mean[0], mean[1] > 0

    def validate(self, loader: BatchLoader, truth: csr_matrix, kind: TargetKind) -> Validation:
        """Loss and metrics of all of `loader`, whose targets are `truth`; the same on every process."""
        self._share_buffers()
        self.network.eval()
        total, parts = 0.0, []
        chunk = VALIDATION_BATCH * self.accelerator.num_processes
        for start in range(0, len(loader), chunk):
            positions = np.arange(start, min(start + chunk, len(loader)))
            logits = self._logits(loader, positions)
            targets = on_device(loader.targets(positions), logits.device)
            total += self.loss(logits, targets["labels"], targets["weight"]).item() * len(positions)
            parts.append(compact(to_probabilities(logits, self.network.kind).cpu().numpy(), kind, len(loader)))
        return measure(total / len(loader), truth, np.concatenate(parts), kind)

    def mean_loss(self, loader: BatchLoader, positions: np.ndarray) -> float:
        """The loss at `positions` of `loader` in evaluation mode; the same on every process."""
        self._share_buffers()
        self.network.eval()
        total = 0.0
        for part in np.array_split(positions, -(-len(positions) // VALIDATION_BATCH)):
            logits = self._logits(loader, part)
            targets = on_device(loader.targets(part), logits.device)
            total += self.loss(logits, targets["labels"], targets["weight"]).item() * len(part)
        return total / len(positions)

    @torch.no_grad()
    def _logits(self, loader: BatchLoader, positions: np.ndarray) -> Tensor:
        """float32 (n, width) of `positions`, each process doing its part; the last is repeated to even parts."""
        processes, rank = self.accelerator.num_processes, self.accelerator.process_index
        each = -(-len(positions) // processes)
        padded = np.pad(positions, (0, each * processes - len(positions)), mode="edge")
        batch = on_device(loader.batch(padded[rank * each : (rank + 1) * each]), self.accelerator.device)
        gathered: Tensor = self.accelerator.gather(self.network(batch).float())
        return gathered[: len(positions)]

    def _share_buffers(self) -> None:
        """Running statistics drift apart between processes; the first one's count."""
        if self.accelerator.num_processes > 1:
            for buffer in self.network.buffers():
                torch.distributed.broadcast(buffer, 0)
