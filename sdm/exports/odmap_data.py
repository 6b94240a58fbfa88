"""Facts of a protocol about the species, its records, and the predictors."""

from __future__ import annotations

import numpy as np
from pyproj import CRS

from sdm.data.record_types import BACKGROUND, PLOTS, RECORDS
from sdm.evaluation.species.predictors import predictor_variables
from sdm.exports.subject import Subject
from sdm.geo.coordinates import format_coordinates
from sdm.models.presence_only.background import species_groups, usual_background
from sdm.number_format import counted, number, percent, whole
from sdm.occurrences.report import KINDS

Facts = dict[tuple[str, str, str], str]
TOLD = {"target-group": "sites with a record of the same taxonomic group (target group, doi:10.1890/07-2153.1)",
        "random": "background sites of the data set", "all": "target group and background sites"}  # fmt: skip


def facts(subject: Subject) -> Facts:
    """(section, topic, element) -> what is known; elements of which nothing is known are left out."""
    overview, bio, predictors = "Overview", ("Data", "Biodiversity data"), ("Data", "Predictor variables")
    found: Facts = {
        (overview, "Focal Taxon", "Focal Taxon"): subject.name,
        (overview, "Scale of Analysis", "Spatial extent"): _extent(subject),
        (overview, "Scale of Analysis", "Spatial resolution"): _resolution(subject),
        (overview, "Scale of Analysis", "Temporal extent"): _years(subject),
        (overview, "Biodiversity data", "Response data type"): _response(subject),
        (*bio, "Taxon names"): subject.name,
        (*bio, "Ecological level"): "species",
        (*bio, "Sample size"): _sample_size(subject),
        (*bio, "Cleaning"): _cleaning(subject),
        (*bio, "Absence data"): _absence(subject),
        (*bio, "Background data"): _background(subject),
        ("Data", "Data partitioning", "Training data"): _training(subject),
        ("Data", "Data partitioning", "Validation data"): _validation(subject),
        ("Data", "Data partitioning", "Test data"): _test(subject),
        (*predictors, "Predictor variables"): _predictors(subject),
        (*predictors, "Data sources"): subject.report.environment if subject.report else "",
        (*predictors, "Spatial extent"): _grid_extent(subject),
        (*predictors, "Spatial resolution"): _resolution(subject),
        (*predictors, "Coordinate reference system"): _crs(subject),
        (*predictors, "Data processing"): _processing(subject),
        ("Data", "Transfer data", "Spatial extent"): _grid_extent(subject),
        ("Data", "Transfer data", "Spatial resolution"): _resolution(subject),
    }
    return {key: value for key, value in found.items() if value}


def _extent(subject: Subject) -> str:
    sites = subject.dataset.sites[["lon", "lat"]].dropna().to_numpy(float)
    if not len(sites):
        return ""
    (west, south), (east, north) = sites.min(axis=0), sites.max(axis=0)
    return f"sites from {format_coordinates(west, south)} to {format_coordinates(east, north)}"


def _grid_extent(subject: Subject) -> str:
    if subject.grid is None:
        return ""
    grid = subject.grid
    left, top = grid.transform * (0, 0)
    right, bottom = grid.transform * (grid.width, grid.height)
    return f"{whole(grid.width)} x {whole(grid.height)} cells, x {left:g} to {right:g}, y {bottom:g} to {top:g}"


def _resolution(subject: Subject) -> str:
    if subject.grid is None:
        return ""
    unit = CRS.from_wkt(subject.grid.crs).axis_info[0].unit_name
    across, down = abs(subject.grid.transform.a), abs(subject.grid.transform.e)
    return f"{number(across, 5)} x {number(down, 5)} {unit}"


def _crs(subject: Subject) -> str:
    return "" if subject.grid is None else CRS.from_wkt(subject.grid.crs).to_string()


def _years(subject: Subject) -> str:
    years = subject.dataset.sites["year"][subject.recorded].dropna()
    return f"{int(years.min())} to {int(years.max())} (years of its records)" if len(years) else ""


def _response(subject: Subject) -> str:
    there = set(subject.dataset.sites["source"].astype(str))
    if RECORDS not in there:
        return "presence/absence"
    return "presence-only records" + ("; presence/absence plots for the test" if PLOTS in there else "")


def _sample_size(subject: Subject) -> str:
    sources = subject.dataset.sites["source"].astype(str).to_numpy()
    parts = []
    for source in dict.fromkeys(sources.tolist()):
        mine = sources == source
        if source != BACKGROUND:
            here = int((subject.recorded & mine).sum())
            parts.append(f"{source}: {whole(here)} of {counted(int(mine.sum()), 'site')} with it")
    return "; ".join(parts)


def _cleaning(subject: Subject) -> str:
    if subject.report is None:
        return ""
    parts = [f"filter {name}: {counted(counts['taken'], 'record')} left out"
             for name, counts in subject.report.filters.items()]  # fmt: skip
    parts += [f"{one.name} taken for {one.becomes}" for one in subject.report.merged]
    for one in subject.report.problems:
        noun, what = KINDS[one.kind]
        parts.append(f"{one.table}: {counted(one.count, noun)} {what}")
    return "; ".join(parts) or "nothing was left out"


def _absence(subject: Subject) -> str:
    sources = subject.dataset.sites["source"].astype(str)
    count = int((sources == PLOTS).sum())
    if count:
        return f"{counted(count, 'plot')} tell absence; they test, nothing is learnt from them"
    return "none" if (sources == RECORDS).any() else ""


def _background(subject: Subject) -> str:
    config = subject.run.card.model_config
    drawn = subject.report.background if subject.report else ""
    count = int((subject.dataset.sites["source"] == BACKGROUND).sum())
    parts = [f"{counted(count, 'background site')}{f', drawn: {drawn}' if drawn else ''}"] if count else []
    if subject.run.card.model_config or subject.meaning.title == "Relative intensity":
        kind = str(config.get("background", "usual"))
        kind = usual_background(subject.dataset) if kind == "usual" else kind
        parts.append(f"the model compares records with {TOLD.get(kind, kind)}")
    if "group" in subject.dataset.targets.classes:
        groups = species_groups(subject.dataset.targets.classes)
        parts.append(f"{counted(int((groups == groups[subject.column]).sum()), 'species')} in its group")
    return "; ".join(parts)


def _training(subject: Subject) -> str:
    count = sum(len(ids) for ids in subject.run.train_ids.values())
    return f"{counted(count, 'site')} of split train, scheme {subject.run.card.scheme}"


def _validation(subject: Subject) -> str:
    card = subject.run.card
    if card.folds:
        return (
            f"cross-validation by {counted(len(card.folds), 'fold')} of spatial blocks"
            f"{_block(subject)}: each site predicted by a model that has not learnt from its block"
        )
    if "validation" not in subject.held_out:
        return ""
    sites = counted(len(subject.held_out["validation"]), "site")
    return f"{sites} of split validation, scheme {card.scheme}{_block(subject)}"


def _block(subject: Subject) -> str:
    return f" of {number(subject.report.block)} a side (in the unit of the positions)" if subject.report else ""


def _test(subject: Subject) -> str:
    tests = {split: len(part) for split, part in subject.held_out.items() if split.startswith("test")}
    return "; ".join(f"{split}: {counted(count, 'site')}" for split, count in tests.items()) or "none"


def _predictors(subject: Subject) -> str:
    variables = predictor_variables(subject.dataset)
    names = (f"{v.title}{f' ({v.unit})' if v.unit else ''}{' (class code)' if v.kind == 'class' else ''}"
             for v in variables)  # fmt: skip
    return ", ".join(names)


def _processing(subject: Subject) -> str:
    prepared = ", ".join(sorted(set(subject.run.card.inputs.values())))
    missing = 0.0
    for name in subject.run.card.inputs:
        if name in subject.dataset.modalities:
            rows = np.flatnonzero(subject.recorded)[:1000]
            missing = float(np.isnan(subject.dataset.reader.read(name, rows)).mean()) if len(rows) else 0.0
    return f"{prepared}, by moments of the training sites; missing values are their mean ({percent(missing)} of " \
           "values at sites with the species)"  # fmt: skip
