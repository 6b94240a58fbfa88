"""What a data set holds, lacks and has wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sdm.data.check_checksums import check_checksums
from sdm.data.check_finding import MISSING, NOTE, OK, WRONG, Finding
from sdm.data.check_layout import check_layout
from sdm.data.check_values import check_values
from sdm.data.dataset import DEFAULT_SCHEME, Dataset, TargetKind
from sdm.data.find_tree import Tree, find_tree
from sdm.data.odd_rows import odd_row_problems
from sdm.data.patch_position import lies_elsewhere, offset_text, patch_offset_m
from sdm.data.store import MANIFEST, open_store
from sdm.data.store.manifest import read_manifest
from sdm.data.tree import COLUMNS, OPTIONAL, SPECIES_FILE, expected_modalities, open_tree
from sdm.data.tree_reader import locate
from sdm.errors import DataError
from sdm.formats.table import read_table
from sdm.modalities import MODALITIES, PATCH
from sdm.modalities.layouts import METADATA, Metadata

SAMPLE = 200  # surveys per source and modality whose arrays are read unless all are


@dataclass(frozen=True)
class Report:
    """What `check` found. `usable` is False where the data set cannot be opened at all."""

    place: Path
    title: str
    findings: tuple[Finding, ...]
    usable: bool

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {**asdict(self), "place": str(self.place)}

    def to_text(self) -> str:
        """A table for a terminal."""
        lines = [f"{self.place}: {self.title}"]
        for finding in self.findings:
            count = f"{finding.count:,}" + ("" if finding.of is None else f" of {finding.of:,}")
            lines.append(f"  {finding.level:<8}{finding.subject:<34}{count:>22}  {finding.detail}".rstrip())
        lines.append("usable" if self.usable else "NOT USABLE")
        return "\n".join("".join(c if c.isprintable() else " " for c in line) for line in lines)


def check(path: Path, *, every: bool = False) -> Report:
    """Open the tree or store at `path` and look at it; `every` reads all arrays instead of a sample.

    Damage is reported, never raised.
    """
    try:
        tree = None if (path / MANIFEST).exists() else find_tree(path)
        dataset = open_store(path) if tree is None else open_tree(path)
        most = len(dataset) if every else SAMPLE
        findings = [*(_check_store(path) if tree is None else _check_tables(tree)), *_check_labels(dataset)]
        for modality in expected_modalities(dataset):
            findings += _check_arrays(dataset, modality, most)
        if tree is not None:
            findings += [*_check_positions(dataset, tree, most), *check_values(tree, most)]
            findings += check_checksums(tree)
    except DataError as problem:
        return Report(path, "cannot be opened", (Finding(WRONG, "data set", 1, None, str(problem)),), usable=False)
    title = f"{dataset.title}{' (simulated)' if dataset.simulated else ''}"
    return Report(path if tree is None else tree.root, title, tuple(findings), usable=True)


def _check_store(path: Path) -> Iterator[Finding]:
    skipped = read_manifest(path).skipped
    if skipped:
        reasons = "; ".join(entry.reason for entry in skipped[:3])
        yield Finding(WRONG, "files left out when packing", len(skipped), None, reasons)


def _check_tables(tree: Tree) -> Iterator[Finding]:
    """The metadata tables: which are there, and what is odd in them."""
    present = dict(tree.metadata)
    for table in METADATA:
        if table in present:
            yield from _check_table(table, present[table])
        elif table.edition == tree.edition:
            yield Finding(MISSING, f"{table.source} metadata", 0, 1, f"no {table.name}")
    yield from check_layout(tree)
    if not (tree.root / SPECIES_FILE).exists():
        yield Finding(MISSING, SPECIES_FILE, 0, 1, "species show by their id; no roll-up to genus or family")


def _check_table(table: Metadata, file: Path) -> Iterator[Finding]:
    wanted = ["surveyId", "lon", "lat", "areaInM2", *(["speciesId"] if table.labelled else [])]
    rows = read_table(file, {name: COLUMNS[name] for name in wanted}, optional=OPTIONAL, ended=True)
    surveys = int(rows["surveyId"].nunique())
    yield Finding(OK, f"{table.source} surveys", surveys, None, f"{len(rows):,} rows in {file.name}")
    outside = ~((rows["lon"].abs() <= 180) & (rows["lat"].abs() <= 90))
    oddities = {"rows without a position": int(outside.sum())}
    if "areaInM2" in rows:
        oddities["rows whose area is not finite"] = int((~np.isfinite(rows["areaInM2"])).sum())
    if table.labelled:
        known = rows["speciesId"].notna()
        oddities["rows without a species"] = int((~known).sum())
        oddities["pairs that occur twice"] = int(rows[known].duplicated(["surveyId", "speciesId"]).sum())
    else:
        oddities["surveys that occur twice"] = len(rows) - surveys
    for what, problems in odd_row_problems(file, rows).items():
        detail = "; ".join(map(str, problems[:3]))
        yield Finding(WRONG, f"{table.source} {what}", problems.total, len(rows), detail)
    for what, count in oddities.items():
        if count:
            yield Finding(NOTE, f"{table.source} {what}", count, len(rows), "taken as missing, or counted once")


def _check_labels(dataset: Dataset) -> Iterator[Finding]:
    targets = dataset.targets
    known = int(targets.known.sum())
    if not known:
        yield Finding(MISSING, "targets", 0, len(dataset), "no survey tells its classes: nothing can be trained")
        return
    yield Finding(OK, "surveys with a known target", known, len(dataset))
    if targets.kind is not TargetKind.REGRESSION:
        yield Finding(OK, "classes", targets.width)
    for split, count in dataset.splits().items() if DEFAULT_SCHEME in dataset.schemes else ():
        yield Finding(OK, f"split {split}", count, len(dataset))


def _check_arrays(dataset: Dataset, modality: str, most: int) -> Iterator[Finding]:
    """Per source: how many surveys have the modality, and which of those looked at cannot be read."""
    try:
        have = dataset.available(modality)
    except DataError as problem:
        yield Finding(WRONG, modality, 1, None, str(problem))
        return
    source = dataset.sites["source"]
    for name in source.unique():
        rows = np.flatnonzero((source == name).to_numpy())
        there = rows[have[rows]]
        absent = len(rows) - len(there)
        detail = f"{absent:,} not downloaded" if absent else ""
        yield Finding(MISSING if absent else OK, f"{name} {modality}", len(there), len(rows), detail)
        yield from _read_all(dataset, modality, str(name), _spread(there, most))


def _read_all(dataset: Dataset, modality: str, source: str, rows: np.ndarray) -> Iterator[Finding]:
    damaged, disordered = [], 0
    rule = MODALITIES[modality].channel_order
    for row in rows:
        try:
            values = dataset.reader.read(modality, np.array([row]))[0]
        except DataError as problem:
            damaged.append(str(problem))
            continue
        disordered += rule is not None and rule.holds(values) is False
    if damaged:
        yield Finding(WRONG, f"{source} {modality} unreadable", len(damaged), len(rows), "; ".join(damaged[:3]))
    if rule is not None and disordered:
        detail = f"expected {rule.expected}"
        yield Finding(WRONG, f"{source} {modality} channel order", disordered, len(rows), detail)


def _check_positions(dataset: Dataset, tree: Tree, most: int) -> Iterator[Finding]:
    """Patches whose centre is not where their survey is."""
    placed = dataset.sites["lon"].notna().to_numpy()
    rows = _spread(np.flatnonzero(dataset.available(PATCH.name) & placed), most)
    wrong: list[str] = []
    compared = 0
    sites = dataset.sites.iloc[rows]
    columns = (sites[name].tolist() for name in ("source", "survey_id", "lon", "lat"))
    for source, survey_id, lon, lat in zip(*columns, strict=True):
        try:
            metres = patch_offset_m(locate(tree, source, PATCH.name, survey_id), lon, lat)
        except DataError:
            continue  # unreadable files are reported above
        compared += 1
        if lies_elsewhere(metres):
            wrong.append(f"{survey_id}: {offset_text(metres)}")
    if compared:
        level = WRONG if wrong else OK
        agree = compared - len(wrong)
        yield Finding(level, "patches where their survey is", agree, compared, "; ".join(wrong[:3]))


def _spread(rows: np.ndarray, most: int) -> np.ndarray:
    """At most `most` of `rows`, evenly spread."""
    return rows if len(rows) <= most else rows[np.linspace(0, len(rows) - 1, most).astype(int)]
