"""Everything a data set knows of one survey."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from sdm.data.dataset import Dataset, TargetKind, Targets
from sdm.data.patch_position import lies_elsewhere, offset_text, patch_offset_m
from sdm.data.tree import expected_modalities, tree_of
from sdm.data.tree_reader import locate, read_file
from sdm.errors import DataError, NotDownloadedError
from sdm.modalities import MODALITIES, PATCH

NOT_DOWNLOADED = "not downloaded"
NOT_SIMULATED = "not simulated"
ON_THE_SPOT = "simulated"  # the source of a survey made on request: nobody has recorded anything there
ALL_MISSING = "every value is missing"
NEWER = "downloaded after the store was packed; pack the data again"


@dataclass(frozen=True)
class Recorded:
    """A class recorded at a survey."""

    class_id: int
    name: str


@dataclass(frozen=True)
class Dossier:
    """One survey: where and when, its splits, arrays and recorded classes.

    `split` maps each scheme to the survey's split. `values` maps each modality to float32 in stored units
    (NaN where missing), or to None, and then `notes` says why. `target` is the number of a regression.
    `known` is False where nothing is known of the classes. `checks` holds one line per check of the data
    against itself. `patch_offset_m` is how far the centre of the patch lies from the survey, None where its file
    does not tell. `data` is the `identity` of its data set: survey ids repeat among these.
    """

    survey_id: int
    source: str
    lon: float | None
    lat: float | None
    year: int | None
    area_m2: float | None
    country: str | None
    region: str | None
    split: Mapping[str, str]
    values: Mapping[str, np.ndarray | None]
    notes: Mapping[str, str]
    known: bool
    recorded: tuple[Recorded, ...] = ()
    target: float | None = None
    unit: str = ""
    checks: Mapping[str, str] = field(default_factory=dict)
    simulated: bool = False
    patch_offset_m: float | None = None
    data: str = ""

    @property
    def on_the_spot(self) -> bool:
        """Whether it was simulated on request: what grows there is true in the simulation alone."""
        return self.source == ON_THE_SPOT


def dossier(dataset: Dataset, row: int) -> Dossier:
    """The dossier of site `row`. A missing or damaged file is a note, never an error."""
    site = dataset.sites.iloc[row]
    values: dict[str, np.ndarray | None] = {}
    notes: dict[str, str] = {}
    for name in expected_modalities(dataset):
        values[name], note = _values(dataset, name, row)
        if note:
            notes[name] = note
    metres = _patch_distance(dataset, site)
    known, regression = bool(dataset.targets.known[row]), dataset.targets.kind is TargetKind.REGRESSION
    return Dossier(
        survey_id=int(site["survey_id"]),
        source=str(site["source"]),
        lon=_number(site["lon"]),
        lat=_number(site["lat"]),
        year=None if pd.isna(site["year"]) else int(site["year"]),
        area_m2=_number(site["area_m2"]),
        country=_text(site["country"]),
        region=_text(site["region"]),
        split={scheme: str(site[f"split_{scheme}"]) for scheme in dataset.schemes},
        values=values,
        notes=notes,
        known=known,
        recorded=recorded(dataset.targets, row),
        target=_number(dataset.targets.values[row]) if known and regression else None,
        unit=dataset.targets.unit,
        checks=_checks(metres, values),
        patch_offset_m=metres,
        simulated=dataset.simulated,
        data=dataset.identity,
    )


def with_classes_of(survey: Dossier, dataset: Dataset) -> Dossier:
    """`survey` with what `dataset`, its data set at another level of classes, has recorded there."""
    if not survey.recorded:
        return survey
    return replace(survey, recorded=recorded(dataset.targets, dataset.row_of(survey.survey_id, survey.source)))


def recorded(targets: Targets, row: int) -> tuple[Recorded, ...]:
    """The classes known to be at site `row`, in the order of the model's columns."""
    if targets.kind is TargetKind.REGRESSION or not targets.known[row]:
        return ()
    if targets.kind is TargetKind.MULTICLASS:
        columns = np.array([targets.values[row]])
    else:
        columns = np.sort(csr_matrix(targets.values[[row]]).indices)
    classes = targets.classes.iloc[columns]
    return tuple(Recorded(int(k), str(n)) for k, n in zip(classes["class_id"], classes["name"], strict=True))


def _values(dataset: Dataset, modality: str, row: int) -> tuple[np.ndarray | None, str]:
    """The survey's array and "", or None and the reason."""
    if modality not in dataset.modalities:
        return None, _why_absent(dataset, modality, row)
    try:
        values = dataset.reader.read(modality, np.array([row]))[0]
        if np.isfinite(values).any():
            return values, ""
        if dataset.reader.available(modality)[row]:
            return None, ALL_MISSING
    except DataError as problem:
        return None, str(problem)
    return None, _why_absent(dataset, modality, row)


def _why_absent(dataset: Dataset, modality: str, row: int) -> str:
    """What became of a file the reader does not have: a store leaves out what could not be read when packing."""
    site, tree = dataset.sites.iloc[row], tree_of(dataset)
    absent = NOT_SIMULATED if dataset.simulated and MODALITIES[modality].simulator is None else NOT_DOWNLOADED
    if tree is None:
        return absent
    try:
        read_file(tree, site["source"], modality, int(site["survey_id"]))
    except NotDownloadedError:
        return absent
    except DataError as problem:
        return str(problem)
    return NEWER


def _checks(metres: float | None, values: Mapping[str, np.ndarray | None]) -> dict[str, str]:
    """The lines about the patch, `metres` from its survey, and about the order of channels."""
    checks: dict[str, str] = {}
    if metres is not None:
        far = lies_elsewhere(metres)
        verdict, so = ("DISAGREES", "; it shows another place") if far else ("agrees", "")
        checks["patch position"] = f"{verdict}: its centre lies {offset_text(metres)} from the survey{so}"
    for name, array in values.items():
        rule = MODALITIES[name].channel_order
        holds = None if rule is None or array is None else rule.holds(array)
        if rule is not None and holds is not None:
            checks[f"{name} order"] = f"{'agrees' if holds else 'DISAGREES'}: {rule.expected}"
    return checks


def _patch_distance(dataset: Dataset, site: pd.Series) -> float | None:
    """Metres from the survey to the centre of its patch; None where there is no patch file to ask."""
    tree = tree_of(dataset)
    if tree is None or pd.isna(site["lon"]):
        return None
    try:
        path = locate(tree, site["source"], PATCH.name, int(site["survey_id"]))
        return patch_offset_m(path, float(site["lon"]), float(site["lat"]))
    except DataError:
        return None  # the notes say what is wrong with the file


def _number(value: Any) -> float | None:
    return None if pd.isna(value) or not np.isfinite(value) else float(value)


def _text(value: Any) -> str | None:
    return None if pd.isna(value) or value == "" else str(value)


def recorded_table(survey: Dossier) -> pd.DataFrame:
    """Return class_id and name of what was recorded, or the one value of a regression."""
    if survey.target is not None:
        return pd.DataFrame({"value": [survey.target], "unit": [survey.unit]})
    return pd.DataFrame([(c.class_id, c.name) for c in survey.recorded], columns=["class_id", "name"])
