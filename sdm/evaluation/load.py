"""From a finished run to something that predicts."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sdm.data.dataset import Dataset
from sdm.data.views import view_of
from sdm.errors import RunError
from sdm.evaluation.predictors import Calibrated, Ensemble, EnsembleMember
from sdm.formats.npz import read_npz
from sdm.models import REGISTRY, Baseline, Model, Network, build
from sdm.runs.card import Member, ModelCard, Weights
from sdm.runs.folder import Run, named_folder
from sdm.runs.weights import load_into, read_tensors, sha256

REMEDY = "Restore the file, or train again."


def load_predictor(run: Run, device: str = "cpu", *, calibrated: bool = True) -> Model:
    """The predictor of a finished run, ready to predict on `device`; RunError when its file is not the card's.

    It gives probabilities `calibrated` as the card says, or else as the model does.
    """
    predictor = predictor_of(run.path, run.card, device)
    calibration = run.card.calibration
    return predictor if calibration is None or not calibrated else Calibrated(predictor, calibration)


def predictor_of(folder: Path, card: ModelCard, device: str = "cpu") -> Model:
    """The predictor whose weights lie in `folder`, or whose members lie beside it, as described by `card`."""
    if not card.predicts:
        raise RunError(
            "a run without weights cannot predict", where=folder, remedy="It knows the surveys of its file."
        )
    if card.members:
        return Ensemble([_voice(folder, member, device) for member in card.members])
    assert card.weights is not None
    path = folder / card.weights.file
    _check_whole(path, card.weights)
    predictor = build(card.model, card.kind, card.width, card.model_config)
    if dict(predictor.inputs) != dict(card.inputs):
        raise RunError("the model's inputs have changed", where=folder, expected=predictor.inputs, got=card.inputs)
    if isinstance(predictor, Baseline):
        predictor.restore(read_npz(path))
    else:
        assert isinstance(predictor, Network)
        load_into(predictor, read_tensors(path), path)
        predictor.to(device).eval()
    return predictor


def _voice(folder: Path, member: Member, device: str) -> EnsembleMember:
    run = open_member(folder, member)
    return EnsembleMember(load_predictor(run, device), run.card.statistics, member.weight)


def open_member(folder: Path, member: Member) -> Run:
    """The run of a member of the ensemble in `folder`; RunError unless it is there as it was."""
    path = named_folder(folder.parent, member.run)
    if not path.is_dir() or path.is_symlink():
        raise RunError(
            "a member of the ensemble is missing", where=folder, expected=f"the run {member.run} beside it",
            remedy="Put it back, or make the ensemble anew.",
        )  # fmt: skip
    run = Run.open(path)
    if run.card.members or run.card.digest != member.digest:
        raise RunError(
            "a member of the ensemble has changed", where=path, expected=member.digest[:12],
            got=run.card.digest[:12], remedy="Make the ensemble anew.",
        )  # fmt: skip
    return run


def _check_whole(path: Path, weights: Weights) -> None:
    """RunError unless the weights are, bit for bit, those the card was written for."""
    if not path.is_file():
        raise RunError("the weights are missing", where=path, remedy=REMEDY)
    size = path.stat().st_size
    if size != weights.bytes:
        raise RunError(
            "the weights are damaged", where=path, expected=f"{weights.bytes} bytes", got=size, remedy=REMEDY
        )
    digest = sha256(path)
    if digest != weights.sha256:
        raise RunError("the weights are damaged", where=path, expected=weights.sha256, got=digest, remedy=REMEDY)


def fits(run: Run, dataset: Dataset) -> str | None:
    """None when the run answers the question `dataset` asks; else a sentence that says why not."""
    card = run.card
    asked = view_of(card.view).source if card.view else card.kind
    if dataset.targets.kind is not asked:
        return f"{run.name} predicts {asked} targets, {dataset.name} has {dataset.targets.kind} ones."
    lacking = [name for name in card.inputs if name not in dataset.modalities]
    survives = card.model in REGISTRY and REGISTRY[card.model].survives_missing(card.model_config)
    if lacking and not (survives and len(lacking) < len(card.inputs)):
        return f"{run.name} needs {', '.join(lacking)}, which {dataset.name} does not have."
    if card.unit != dataset.targets.unit:
        return f"{run.name} predicts {card.unit!r}, {dataset.name} has {dataset.targets.unit!r}."
    return _class_mismatch(run.name, card, dataset)


def _class_mismatch(name: str, card: ModelCard, dataset: Dataset) -> str | None:
    ours, theirs = np.asarray(card.class_ids, np.int64), dataset.targets.class_ids
    if np.array_equal(ours, theirs):
        return None
    shared = len(np.intersect1d(ours, theirs))
    return (
        f"{name} was trained on {card.data.title} with {len(ours)} classes; {dataset.name} has {len(theirs)}, "
        f"of which {shared} are the same."
    )


def require_fit(run: Run, dataset: Dataset) -> None:
    """RunError unless `fits`."""
    reason = fits(run, dataset)
    if reason is not None:
        raise RunError(reason, where=run.path, remedy=f"Train a model on {dataset.name}.")
