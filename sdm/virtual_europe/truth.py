"""True probabilities and labels of surveys, stored apart from the tree; only `open_truth` reads them.

Packing and training never do, so that no test label can leak. They cover the test surveys and, for reference
scores on validation, the training surveys that have files.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix

from sdm.errors import DataError
from sdm.files import read_json, write_json
from sdm.formats.arrays import MappedArray, read_npz

ABOUT_TRUTH = "truth.json"
REMEDY = "Write tree and truth anew with `python -m sdm demo`."
_SURVEYS, _PROBABILITIES, _ORACLE, _LABELS = "surveys.npz", "probabilities.npy", "oracle.npy", "labels.npz"


@dataclass(frozen=True)
class Truth:
    """Truth of N surveys and S species; columns follow `species_id`, the data's ids in the order of the flora.

    `probabilities` (N, S) float16 that each species is recorded, given all that inputs could tell and the size of
    the plot; `oracle` (N, S) float16 the same with history, site and observer known, independent of each other;
    `labels` (N, S) csr of 0/1.
    """

    survey_id: np.ndarray
    species_id: np.ndarray
    probabilities: np.ndarray
    oracle: np.ndarray
    labels: csr_matrix


def truth_folder(tree: Path) -> Path:
    """Where the truth of `tree` lies: beside it."""
    return tree.with_name(f"{tree.name}-truth")


def open_truth(tree: Path) -> Truth:
    """The truth of the simulated `tree`; raises `DataError` where there is none or it belongs to another tree."""
    folder = truth_folder(tree.resolve())
    if not folder.is_dir():
        raise DataError("no truth beside the tree", where=folder, remedy="Only simulated trees have one.")
    about, world = read_json(folder / ABOUT_TRUTH, DataError), read_json(tree / "world.json", DataError)
    if about.get("fingerprint") != world.get("fingerprint"):
        raise DataError(
            "the truth belongs to another tree", where=folder, expected=world.get("fingerprint"),
            got=about.get("fingerprint"), remedy=REMEDY,
        )  # fmt: skip
    try:
        return _read(folder)
    except (ValueError, KeyError, TypeError) as problem:
        raise DataError("the truth cannot be read", where=folder, got=problem) from None


def _read(folder: Path) -> Truth:
    surveys, labels = read_npz(folder / _SURVEYS, DataError), read_npz(folder / _LABELS, DataError)
    ids, species = surveys["survey_id"], surveys["species_id"]
    pairs = (np.ones(len(labels["indices"]), np.uint8), labels["indices"], labels["indptr"])
    matrix = csr_matrix(pairs, shape=(len(ids), len(species)))
    matrix.check_format(full_check=True)
    probabilities, oracle = (
        MappedArray(folder / name, DataError, REMEDY)[:] for name in (_PROBABILITIES, _ORACLE)
    )
    for table in (probabilities, oracle):
        if table.shape != matrix.shape:
            raise ValueError(f"shape {table.shape}, expected {matrix.shape}")
    return Truth(ids, species, probabilities, oracle, matrix)


class TruthWriter:
    """Fills a truth folder block by block; memory holds labels and ids only.

    `sizes` are the numbers of surveys of the blocks that have a truth, by the blocks' indices.
    """

    def __init__(self, folder: Path, sizes: dict[int, int], species_id: np.ndarray) -> None:
        self._folder, self._species_id = folder, species_id
        surveys = sum(sizes.values())
        self._first = dict(zip(sizes, np.cumsum([0, *sizes.values()]).tolist(), strict=False))
        self._survey_id = np.zeros(surveys, np.int64)
        self._species_of: list[np.ndarray] = [np.empty(0, np.int32)] * surveys
        self._probabilities, self._oracle = (
            np.lib.format.open_memmap(folder / name, "w+", np.float16, (surveys, len(species_id)))
            for name in (_PROBABILITIES, _ORACLE)
        )

    def put(
        self, block: int, survey_id: np.ndarray, probability: np.ndarray, oracle: np.ndarray,
        present: tuple[np.ndarray, np.ndarray],
    ) -> None:  # fmt: skip
        """The surveys of a block with their probabilities (n, S) and the rows and columns of their labels."""
        first = self._first[block]
        rows = slice(first, first + len(survey_id))
        self._survey_id[rows] = survey_id
        self._probabilities[rows], self._oracle[rows] = probability, oracle
        site, column = present
        ends = np.searchsorted(site, np.arange(len(survey_id) + 1))
        for i in range(len(survey_id)):
            self._species_of[first + i] = column[ends[i] : ends[i + 1]].astype(np.int32)

    def close(self, fingerprint: str) -> None:
        """Write what is left, and the fingerprint of the tree this truth belongs to."""
        self._probabilities.flush()
        self._oracle.flush()
        indptr = np.cumsum([0, *(len(s) for s in self._species_of)])
        np.savez_compressed(self._folder / _LABELS, indices=np.concatenate(self._species_of), indptr=indptr)
        np.savez_compressed(self._folder / _SURVEYS, survey_id=self._survey_id, species_id=self._species_id)
        write_json(self._folder / ABOUT_TRUTH, {"simulated": True, "fingerprint": fingerprint})
