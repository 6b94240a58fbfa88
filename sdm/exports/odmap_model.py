"""Facts of a protocol about the model, how it was assessed, and what it predicts."""

from __future__ import annotations

import json
import math
from importlib.metadata import version

import numpy as np

from sdm.data.record_types import of_records
from sdm.data.splits import VALIDATION, split_title
from sdm.errors import SdmError
from sdm.evaluation.background_predictions import few_species
from sdm.evaluation.metrics.ranking import MIN_SUPPORT
from sdm.evaluation.species.quality import MEASURES
from sdm.exports.subject import Subject
from sdm.inference.training_area import training_area
from sdm.models.registry import REGISTRY, spec_of
from sdm.number_format import fixed, number, percent
from sdm.runs.model_choice import read_choice

Facts = dict[tuple[str, str, str], str]
PACKAGES = ("numpy", "scipy", "pandas", "torch", "scikit-learn", "rasterio", "pyproj")
CALIBRATION = "calibration-slope"  # is not told by records
AREA = "Area of applicability of Meyer and Pebesma 2021 (doi:10.1111/2041-210X.13650)"


def facts(subject: Subject) -> Facts:
    """(section, topic, element) -> what is known; elements of which nothing is known are left out."""
    card, model, assessed = subject.run.card, "Model", ("Assessment", "Performance statistics")
    selection = (model, "Model selection - model averaging - ensembles")
    found: Facts = {
        ("Overview", "Model objective", "Target output"): f"{subject.meaning.title}: {subject.meaning.unit}",
        ("Overview", "Algorithms", "Modelling techniques"): _technique(subject),
        ("Overview", "Algorithms", "Model averaging"): _averaging(subject),
        ("Overview", "Workflow", "Model workflow"): f"made again by: {card.reproduce}",
        ("Overview", "Software", "Software"): _software(subject),
        ("Overview", "Software", "Data availability"): f"data set {subject.dataset.title}, fingerprint "
                                                       f"{subject.dataset.fingerprint}",
        ("Data", "Transfer data", "Quantification of Novelty"): _novelty(subject),
        (model, "Model settings", "Model settings (fitting)"): _settings(subject),
        (*selection, "Model selection"): _selection(subject),
        (*selection, "Model averaging"): _averaging(subject),
        (model, "Analysis and Correction of non-independence", "Spatial autocorrelation"): _independence(subject),
        (model, "Threshold selection", "Threshold selection"): _threshold(subject),
        (*assessed, "Performance on training data"): "not measured: what was learnt from says little of a model",
        (*assessed, "Performance on validation data"): _performance(subject, "validation"),
        (*assessed, "Performance on test data"): _performance(subject, "test"),
        ("Assessment", "Plausibility check", "Response shapes"): "shares recorded along the predictors, partial "
            "dependence and individual curves: figures.html",
        ("Prediction", "Prediction output", "Prediction unit"): f"{subject.meaning.unit}. {subject.meaning.gloss}",
        ("Prediction", "Prediction output", "Post-processing"): "none",
        ("Prediction", "Uncertainty quantification", "Novel environments"): _novelty(subject),
    }  # fmt: skip
    return {key: value for key, value in found.items() if value}


def _technique(subject: Subject) -> str:
    spec = REGISTRY.get(subject.run.card.model)
    return subject.run.card.title if spec is None else f"{spec.title}: {spec.description} ({spec.reference})"


def _averaging(subject: Subject) -> str:
    if subject.run.card.members:
        return "; ".join(f"{member.run} by weight {number(member.weight)}" for member in subject.run.card.members)
    networks = _configuration(subject).get("networks")
    blended = {
        "presence-blend": f"mean rank of {networks} networks and a forest",
        "poisson-ensemble": f"mean of the logits of {networks} networks",
    }
    return blended.get(subject.run.card.model, "none")


def _configuration(subject: Subject) -> dict[str, object]:
    """Name -> value of every option of the model; of an ensemble none."""
    card = subject.run.card
    if card.members or card.model not in REGISTRY:
        return {}
    configuration = spec_of(card.model).configuration(card.model_config)
    return {name: getattr(configuration, name) for name in getattr(configuration, "__dataclass_fields__", {})}


def _software(subject: Subject) -> str:
    trained = ", ".join(f"{name} {number}" for name, number in subject.run.card.versions.items())
    here = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return f"trained with {trained}; exported with {here}"


def _settings(subject: Subject) -> str:
    values = _configuration(subject)
    seed = subject.run.config.training.seed
    return f"{subject.run.card.model}: {json.dumps(values, default=str)}; seed {seed}" if values else ""


def _selection(subject: Subject) -> str:
    choice = read_choice(subject.run.path)
    if choice is None:
        return ""
    each = ", ".join(f"{row['model']} {fixed(row['auc'], 4)}" for _, row in choice.table().iterrows())
    folds = f"{len(choice.folds)} folds of blocks"
    return f"by mean AUC over species and {folds}: {each}; {choice.best} was chosen"


def _independence(subject: Subject) -> str:
    if not subject.run.card.scheme.startswith("block"):
        return ""
    return "validation by spatial blocks, whole blocks held back; autocorrelation of residuals is not modelled"


def _threshold(subject: Subject) -> str:
    value = subject.measures.threshold
    if math.isnan(value):
        return f"none: fewer than {MIN_SUPPORT} validation sites with the species, or without it"
    return f"{number(value)} (in the values of species.tif): maximal TSS on validation sites"


def _performance(subject: Subject, split: str) -> str:
    parts, alone = [], of_records(subject.dataset)
    few = split == VALIDATION and few_species(subject.dataset) and subject.run.card.predicts
    for _, row in subject.measures.table.iterrows():
        if str(row["split"]).startswith(split):
            known = [
                f"{title} {fixed(row[name], 3)}" for name, (title, _) in MEASURES.items()
                if np.isfinite(row[name]) and not (name == CALIBRATION and alone and split == VALIDATION)
            ]  # fmt: skip
            if known:
                with_it, sites = int(row["presences"]), int(row["surveys"])
                size = f"{with_it} of {sites} sites with it"
                if few:
                    size = f"{with_it} records against {sites - with_it} background sites"
                parts.append(f"{split_title(str(row['split']))} ({size}): {', '.join(known)}")
    measured = any(str(row["split"]).startswith(split) for _, row in subject.measures.table.iterrows())
    if measured and not parts:
        return f"not measured: fewer than {MIN_SUPPORT} sites with the species, or without it"
    return "; ".join(parts)


def _novelty(subject: Subject) -> str:
    if subject.grid is None:
        return ""
    shape = subject.grid.coarse_shape(20_000)
    cells = subject.grid.read(shape=shape).reshape(-1, shape[0] * shape[1]).T
    try:
        ratio = training_area(subject.run, subject.dataset, subject.grid.modality).over_threshold(cells)
    except SdmError:
        return ""
    known = ratio[np.isfinite(ratio)]
    return f"{AREA}: {percent(float((known > 1).mean()))} of the map lies outside" if known.size else ""
