"""Which loss a log holds, and on which data its scores are: values of different kinds share no axis."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

from sdm.data.dataset import Dataset, TargetKind
from sdm.training_logs.catalogue import Log

USUAL: Mapping[TargetKind, str] = MappingProxyType(
    {TargetKind.MULTILABEL: "bce", TargetKind.MULTICLASS: "cross-entropy", TargetKind.REGRESSION: "mse"}
)
# A score that only trainings on such targets log, the first found tells.
TOLD_BY = {"samples-f1": TargetKind.MULTILABEL, "rmse": TargetKind.REGRESSION, "accuracy": TargetKind.MULTICLASS}
TITLES = {"bce": "binary cross-entropy", "mse": "squared error"}


def loss_kind(log: Log, series: Collection[str], data: Dataset) -> str:
    """Return the name of the loss of `log`, whose curves are `series`: set, or the usual one of what it predicts.

    A log that does not tell has the loss of its folder: runs of one project are compared with each other alone.
    """
    training = log.configuration.get("training")
    if isinstance(training, Mapping):
        if training.get("loss"):
            return str(training["loss"])
        target = next((kind for name, kind in TOLD_BY.items() if name in series), None)
        if target is None and log.of(data) and not log.other_view:
            target = data.targets.kind
        if target is not None:
            return USUAL[target]
    return f"as logged in {log.name.partition('/')[0]}"


def score_kind(log: Log, data: Dataset) -> str:
    """Return which surveys and which question the scores of `log` are of: this data or other, with its view.

    A log that does not tell has the kind of its folder, as in `loss_kind`.
    """
    source, training = log.configuration.get("data"), log.configuration.get("training")
    if not isinstance(source, Mapping):
        return f"as logged in {log.name.partition('/')[0]}"
    name = str(source.get("title") or source.get("name") or "")
    where = "this data" if log.of(data) else f"other data: {name} ({str(source.get('fingerprint'))[:6]})"
    view = str(training.get("view") or "") if isinstance(training, Mapping) else ""
    return f"{where}, {view}" if view else where


def loss_title(kind: str) -> str:
    """Return the loss in plain words.

    >>> loss_title("bce"), loss_title("focal"), loss_title("as logged in mine")
    ('binary cross-entropy', 'focal loss', 'as logged in mine')
    """
    return TITLES.get(kind) or (kind if kind.startswith("as logged") or "entropy" in kind else f"{kind} loss")
