"""A whole tree: blocks in parallel, tables joined, the truth beside it, all renamed into place at the end."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, wait
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow.csv as csv

from sdm.data.table_sizes import TABLES, table_sizes
from sdm.data.worlds import TITLE, VERSION, WORLD_FILE, read_world
from sdm.errors import DataError, UnknownNameError
from sdm.files import new_folders, write_json
from sdm.jobs import Report, no_report
from sdm.processes import worker_processes
from sdm.staging import staging
from sdm.virtual_europe import flora
from sdm.virtual_europe.truth import ABOUT_TRUTH, TruthWriter, truth_folder
from sdm.virtual_europe.write.block import FOLDERS, Block, BlockResult, has_truth, make_block
from sdm.virtual_europe.write.editions import Edition, edition
from sdm.virtual_europe.write.join import join_parts
from sdm.virtual_europe.write.records import species_table

EDITION = 2025  # the layout of a tree if none is named


@dataclass(frozen=True)
class Size:
    """Surveys by source; `images` of each source get files; species beyond the named ones are simulated."""

    train: int
    near: int
    far: int
    po: int
    images: int
    po_images: int
    species: int
    block: int

    def count(self, source: str) -> int:
        """Number of surveys of `source`."""
        return int(getattr(self, source))


NAMED = len(flora.flora())
SIZES = {
    "tiny": Size(train=80, near=12, far=12, po=200, images=80, po_images=20, species=NAMED, block=128),
    "demo": Size(4_000, 600, 600, 40_000, images=4_000, po_images=4_000, species=NAMED, block=200),
    "medium": Size(20_000, 2_000, 2_000, 200_000, images=2_000, po_images=2_000, species=1_500, block=200),
    "full": Size(
        88_987, 4_879, 9_905, 3_850_000, images=5_000, po_images=5_000, species=flora.LABEL_SPACE, block=200
    ),
}
"""`full` has the numbers of surveys and species of GeoLifeCLEF 2025; a third of its test lies near training."""
_PO_BLOCK = 2_000  # presence-only surveys without files, a block
_FEW_BLOCKS = 8  # not worth starting processes for


def write_tree(
    out: Path,
    size: str,
    seed: int = 0,
    images: int | None = None,
    report: Report = no_report,
    workers: int | None = None,
    year: int = EDITION,
) -> None:
    """Write the virtual Europe of `size` (a key of SIZES) and `seed` to the new folder `out`, as that of `year`.

    Beside it goes `<out>-truth`, which only `sdm.virtual_europe.truth.open_truth` reads. `images` limits the
    surveys of each source that get patches and cubes. `report` counts surveys. The tree
    appears whole or not at all. Raises `UnknownNameError` for a size, `DataError` where `out` exists or
    `<out>-truth` is no truth.
    """
    plan, named = _plan(size, images), edition(year)
    _refuse_strange(truth_folder(out))
    with new_folders(out.parent, out.name) as new, staging(new) as parts:
        tree = new / out.name
        for folder in (tree, parts, truth_folder(tree)):
            folder.mkdir()
        _fill(_Work(tree, parts, truth_folder(tree), plan, size, seed, named), report, workers)


def version_in(out: Path) -> str | None:
    """The version of the virtual Europe in `out`, None where none is there."""
    about = read_world(out) if out.is_dir() else {}
    mine = about.get("simulated") is True and about.get("title") == TITLE
    return str(about.get("world_version")) if mine else None


def remove_tree(out: Path) -> None:
    """Remove the virtual Europe in `out` and its truth; DataError where either is anything else."""
    if version_in(out) is None:
        raise DataError("no virtual Europe", where=out)
    _refuse_strange(truth_folder(out))
    for folder in (out, truth_folder(out)):
        if folder.exists():
            shutil.rmtree(folder)


def _plan(size: str, images: int | None) -> Size:
    if size not in SIZES:
        raise UnknownNameError("no such size of the virtual Europe", expected=", ".join(SIZES), got=size)
    if images is None:
        return SIZES[size]
    if images < 0:
        raise DataError("--images cannot be negative", expected="0 or more", got=images)
    return replace(SIZES[size], images=images, po_images=min(images, SIZES[size].po_images))


def _refuse_strange(truth: Path) -> None:
    """The truth of an earlier tree is replaced; nothing else is."""
    if truth.exists() and not (truth / ABOUT_TRUTH).exists():
        raise DataError("something else is already there", where=truth, remedy="Name another folder for the tree.")


@dataclass(frozen=True)
class _Work:
    """A tree to write: its folders and what goes into it."""

    tree: Path
    parts: Path
    truth: Path
    plan: Size
    size: str
    seed: int
    named: Edition


def _blocks(work: _Work) -> Iterator[Block]:
    plan, index = work.plan, 0
    for source in FOLDERS:
        total, images = plan.count(source), plan.po_images if source == "po" else plan.images
        start = 0
        while start < total:
            step = plan.block if source != "po" or start < images else _PO_BLOCK
            stop = min(start + step, total)
            if source == "po" and start < images:
                stop = min(stop, images)
            yield Block(index, source, start, stop, images, plan.species, work.seed, work.named.year)
            index, start = index + 1, stop


def _fill(work: _Work, report: Report, workers: int | None) -> None:
    tree, parts, plan = work.tree, work.parts, work.plan
    total = sum(plan.count(source) for source in FOLDERS)
    blocks = list(_blocks(work))
    sizes = {block.index: block.stop - block.start for block in blocks if has_truth(block)}
    writer = TruthWriter(work.truth, sizes, flora.species_ids(plan.species))
    done, digest = 0, 0
    with closing(_run(blocks, tree, parts, workers)) as results:  # before the folders go
        for made in results:
            digest = (digest + made.digest) % 2**64
            done += made.block.stop - made.block.start
            if made.probability is not None and made.oracle is not None and made.present is not None:
                writer.put(made.block.index, made.survey_id, made.probability, made.oracle, made.present)
            report(done, total, "surveys")
    report(total, total, "tables")
    join_parts(tree, parts, work.named)
    _write_species(tree, plan.species)
    about = _about(plan, work.size, work.seed, digest) | {TABLES: table_sizes(tree)}
    write_json(tree / WORLD_FILE, about)
    writer.close(str(about["fingerprint"]))


def _run(blocks: list[Block], tree: Path, parts: Path, workers: int | None) -> Generator[BlockResult, None, None]:
    """Yield blocks as they finish; few are submitted at a time, so that memory stays bounded."""
    count = workers or _processors()
    if count == 1 or len(blocks) < _FEW_BLOCKS:
        yield from (make_block(block, tree, parts) for block in blocks)
        return
    with worker_processes(count) as pool:
        waiting, running = iter(blocks), set()
        for block in waiting:
            running.add(pool.submit(make_block, block, tree, parts))
            if len(running) < 3 * count:
                continue
            finished, running = wait(running, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in finished)
        for future in running:
            yield future.result()


def _processors() -> int:
    """Return the number of processors this process may use; of all where the system does not tell (Windows)."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _write_species(tree: Path, count: int) -> None:
    csv.write_csv(
        species_table(flora.flora(), flora.species_ids(count)),
        tree / "species.csv",
        csv.WriteOptions(quoting_style="none"),
    )


def _about(plan: Size, size: str, seed: int, digest: int) -> dict[str, object]:
    counts = f"{plan.train} {plan.near} {plan.far} {plan.po} {plan.species}"
    text = f"{VERSION} {seed} {counts} {digest:016x}"
    return {
        "simulated": True,
        "title": TITLE,
        "world_version": VERSION,
        "seed": seed,
        "size": size,
        "fingerprint": hashlib.sha256(text.encode()).hexdigest()[:16],
        "surveys": {source: plan.count(source) for source in FOLDERS},
        "species": plan.species,
        "note": "Everything in this tree is simulated. Names of plants are real, where they grow is not.",
    }
