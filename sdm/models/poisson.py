"""The normalised Poisson loss of presence-only records, for any network.

The records of a species follow a Poisson process whose intensity is exp(logit); given how many there are, where
they lie is a draw from a softmax over sites (DeepMaxent: Ryckewaert et al. 2024, arXiv:2412.19217). For one
species and one layer this is Maxent.
"""

from __future__ import annotations

import torch
from torch import Tensor

FAR = -1e9


def normalised_poisson(logits: Tensor, labels: Tensor, counts: Tensor, importance: Tensor) -> Tensor:
    """The mean over sites, (...), of minus the log softmax over the sites of a batch, at the records.

    `logits` and `labels` (..., B, S); `counts` bool of that shape: the sites that are background of the species,
    those with a record among them; `importance` (S,) of each species. A species without a record gives 0.

    >>> flat = normalised_poisson(torch.zeros(4, 1), torch.eye(4)[:, :1], torch.ones(4, 1) > 0, torch.ones(1))
    >>> round(float(flat), 4)  # ln 4 at one of four sites
    0.3466
    """
    among = logits.masked_fill(~counts, FAR)  # finite: the gradient of a species without a site is 0, not NaN
    total = torch.logsumexp(among, dim=-2, keepdim=True)
    surprise = torch.where(labels > 0, labels * (total - logits), 0.0)
    return (surprise * importance).sum(dim=(-2, -1)) / logits.shape[-2]


def species_weights(labels: Tensor) -> Tensor:
    """float (S,), 1 on average: 1 / √records, between all species alike and all records alike."""
    weight = labels.sum(dim=0).clamp_min(1).rsqrt()
    return weight / weight.mean()
