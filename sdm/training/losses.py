"""Training losses by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from sdm.data.dataset import GRADES, TargetKind, Targets
from sdm.data.targets import target_matrix
from sdm.errors import TrainingError, UnknownNameError
from sdm.models.poisson import normalised_poisson, species_weights
from sdm.models.presence_only.background import species_groups

LossFunction = Callable[[Tensor, Tensor, Tensor], Tensor]
MOST_POSITIVE_WEIGHT = 10.0
FOCUS = 2.0  # Lin et al. 2017, Focal loss for dense object detection
FOCUS_ABSENT, MARGIN = 4.0, 0.05  # Ridnik et al. 2021, Asymmetric loss for multi-label classification
BETA = 0.99  # Cui et al. 2019, Class-balanced loss based on effective number of samples


@dataclass(frozen=True)
class LossSpec:
    """One loss: the target kind it is for, and `make(targets)`, which may look at the training targets.

    The function made takes (logits, labels, weight) of a batch, as `sdm.models.preparation` shapes them, and
    gives the mean over what has weight; weight 0 is ignored, and nothing to count gives 0.
    """

    name: str
    description: str
    kind: TargetKind
    make: Callable[[Targets], LossFunction]


def bce(logits: Tensor, labels: Tensor, weight: Tensor) -> Tensor:
    """Binary cross-entropy, mean over surveys and species."""
    return _mean(functional.binary_cross_entropy_with_logits(logits, labels, reduction="none"), weight)


def cross_entropy(logits: Tensor, labels: Tensor, weight: Tensor) -> Tensor:
    """Cross-entropy of one class in S."""
    return _mean(functional.cross_entropy(logits, labels, reduction="none"), weight)


def mse(logits: Tensor, labels: Tensor, weight: Tensor) -> Tensor:
    """Squared error of `logits` (B, 1) against `labels` (B,)."""
    return _mean((logits[:, 0] - labels) ** 2, weight)


def focal(logits: Tensor, labels: Tensor, weight: Tensor) -> Tensor:
    """Binary cross-entropy times |label - probability|²: what is already right counts little."""
    each = functional.binary_cross_entropy_with_logits(logits, labels, reduction="none")
    return _mean(each * (labels - logits.sigmoid()).abs() ** FOCUS, weight)


def graded_focal(logits: Tensor, labels: Tensor, weight: Tensor) -> Tensor:
    """Cross-entropy of the grades of each class, `logits` (B, S * GRADES), times (1 - probability)²."""
    each = functional.log_softmax(logits.reshape(len(logits), -1, GRADES), dim=2)
    own = each.gather(2, labels.long()[..., None])[..., 0]  # (B, S)
    return _mean(-own * (1 - own.exp()) ** FOCUS, weight)


def asymmetric(logits: Tensor, labels: Tensor, weight: Tensor) -> Tensor:
    """Cross-entropy of presences in full; of absences times probability⁴, and none below a probability of 0.05."""
    absent = (logits.sigmoid() - MARGIN).clamp_min(0)
    each = -labels * functional.logsigmoid(logits) - (1 - labels) * absent**FOCUS_ABSENT * torch.log1p(-absent)
    return _mean(each, weight)


def class_balanced(targets: Targets) -> LossFunction:
    """Binary cross-entropy in which a species of n surveys weighs as 1 / (1 - 0.99ⁿ), 1 on average."""
    count = np.maximum(np.asarray(target_matrix(targets).sum(axis=0)).ravel(), 1)
    effective = 1 / (1 - BETA**count)
    balance = torch.from_numpy((effective / effective.mean()).astype(np.float32))

    def loss(logits: Tensor, labels: Tensor, weight: Tensor) -> Tensor:
        each = functional.binary_cross_entropy_with_logits(logits, labels, reduction="none")
        return _mean(each * balance.to(logits.device), weight)

    return loss


def weighted_bce(targets: Targets) -> LossFunction:
    """Binary cross-entropy in which a presence of a species of prevalence p weighs √((1-p)/p), at most 10."""
    prevalence = np.asarray(target_matrix(targets).sum(axis=0)).ravel() / max(int(targets.known.sum()), 1)
    ratio = np.sqrt((1 - prevalence) / np.maximum(prevalence, MOST_POSITIVE_WEIGHT**-2 / 2))
    positive = torch.from_numpy(np.minimum(ratio, MOST_POSITIVE_WEIGHT).astype(np.float32))

    def loss(logits: Tensor, labels: Tensor, weight: Tensor) -> Tensor:
        each = functional.binary_cross_entropy_with_logits(
            logits, labels, reduction="none", pos_weight=positive.to(logits.device)
        )
        return _mean(each, weight)

    return loss


def presence_only(targets: Targets) -> LossFunction:
    """Minus the log softmax over the sites of a batch, at the records of each species: `sdm.models.poisson`.

    The sites of a species are those with a record of its taxonomic group (column `group` of the classes).
    """
    group = torch.from_numpy(species_groups(targets.classes))
    of_group = functional.one_hot(group).float()
    importance = species_weights(torch.from_numpy(target_matrix(targets).sum(axis=0)).float().reshape(1, -1))

    def loss(logits: Tensor, labels: Tensor, weight: Tensor) -> Tensor:
        labels = labels * weight
        seen = (labels > 0).float() @ of_group.to(labels.device) @ of_group.T.to(labels.device) > 0
        each = normalised_poisson(logits, labels, seen, importance.to(logits.device))
        return each * len(labels) / weight.sum().clamp_min(1)

    return loss


_SPECS = (
    LossSpec("bce", "binary cross-entropy per species", TargetKind.MULTILABEL, lambda _: bce),
    LossSpec("weighted-bce", "presences of rare species weigh more", TargetKind.MULTILABEL, weighted_bce),
    LossSpec("focal", "what is already right counts little", TargetKind.MULTILABEL, lambda _: focal),
    LossSpec("asymmetric", "nearly right absences do not count", TargetKind.MULTILABEL, lambda _: asymmetric),
    LossSpec("class-balanced", "species of few surveys weigh more", TargetKind.MULTILABEL, class_balanced),
    LossSpec(
        "normalised-poisson",
        "where records lie among sites with records of the same taxonomic group",
        TargetKind.MULTILABEL,
        presence_only,
    ),
    LossSpec("cross-entropy", "one class in S", TargetKind.MULTICLASS, lambda _: cross_entropy),
    LossSpec("mse", "squared error", TargetKind.REGRESSION, lambda _: mse),
    LossSpec("graded-focal", "focal loss over five grades", TargetKind.GRADED, lambda _: graded_focal),
)
LOSSES: Mapping[str, LossSpec] = MappingProxyType({spec.name: spec for spec in _SPECS})


def make_loss(name: str, targets: Targets, kind: TargetKind | None = None) -> LossFunction:
    """The loss `name` for these training targets, learnt as `kind`, their own by default; "" is its first."""
    kind = kind or targets.kind
    fitting = [spec.name for spec in LOSSES.values() if spec.kind is kind]
    if name and name not in LOSSES:
        raise UnknownNameError("unknown loss", expected=", ".join(LOSSES), got=name)
    if name and name not in fitting:
        raise TrainingError(f"loss {name} is not for {kind} targets", expected=", ".join(fitting))
    return LOSSES[name or fitting[0]].make(targets)


def _mean(each: Tensor, weight: Tensor) -> Tensor:
    weight = weight.expand_as(each)
    return (each * weight).sum() / weight.sum().clamp_min(torch.finfo(each.dtype).tiny)
