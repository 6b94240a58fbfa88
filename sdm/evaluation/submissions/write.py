"""The writer of submissions to GeoLifeCLEF: species ids separated by one space, one row per survey."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix

from sdm.errors import DataError
from sdm.evaluation.submissions.read import HEADER
from sdm.files import atomic
from sdm.formats.problem import shortened


def write_submission(path: Path, survey_id: np.ndarray, sets: csr_matrix, class_ids: np.ndarray) -> None:
    """Write one row per survey, in the order given; `sets` is csr (N, S), column j being species `class_ids[j]`.

    DataError when a survey occurs twice or has no species: such a file would be refused.
    """
    ids, counts = np.unique(survey_id, return_counts=True)
    if (counts > 1).any():
        raise DataError("surveys occur twice", where=path, got=shortened(ids[counts > 1].tolist()))
    empty = np.diff(sets.indptr) == 0
    if empty.any():
        raise DataError("surveys without species", where=path, got=shortened(survey_id[empty].tolist()))
    with atomic(path) as file:
        file.write(f"{','.join(HEADER)}\n".encode())
        for row, survey in enumerate(survey_id.tolist()):
            species = np.sort(class_ids[sets.indices[sets.indptr[row] : sets.indptr[row + 1]]])
            file.write(f"{survey},{' '.join(map(str, species.tolist()))}\n".encode())
