"""Pseudo-labels: what a finished run says of presence-only records, where it is sure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, vstack

from sdm.data.dataset import Dataset
from sdm.evaluation.run_model import open_model
from sdm.models.preparation import read_batch
from sdm.runs import Run

# As the third of GeoLifeCLEF 2025 cut them: below is absent, above present, between says nothing.
ABSENT, PRESENT = 0.05, 0.4
BATCH = 256


@dataclass(frozen=True)
class PseudoLabels:
    """`present` and `unsure` csr (N, S) of 0/1: species of each row above PRESENT, and from ABSENT to it."""

    present: csr_matrix
    unsure: csr_matrix

    def __call__(self, rows: np.ndarray, labels: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """`labels` and `weight` (n, S) of `rows` with what the run says: what was recorded stays."""
        present, unsure = (matrix[rows].toarray() > 0 for matrix in (self.present, self.unsure))
        recorded = labels > 0
        return np.maximum(labels, present.astype(np.float32)), np.where(unsure & ~recorded, np.float32(0), weight)

    def note(self) -> str:
        """How much the run is sure and unsure of."""
        some = int((np.diff(self.present.indptr) > 0).sum())
        return f"pseudo-labels: {self.present.nnz:,} presences in {some:,} records, {self.unsure.nnz:,} left open"


def pseudo_labels(run: Run, dataset: Dataset, rows: np.ndarray) -> PseudoLabels:
    """What `run`, calibrated as its card says, says of each site of `dataset`: of `rows` alone, the others have no
    pseudo-label. Rows are predicted a few at a time, and what is kept is sparse."""
    model, width = open_model(run), run.card.width
    present, unsure = [], []
    ask = np.zeros(len(dataset), bool)
    ask[rows] = True
    for part in np.array_split(np.arange(len(dataset)), max(-(-len(dataset) // BATCH), 1)):
        values = np.zeros((len(part), width), np.float32)
        if ask[part].any():
            batch = read_batch(dataset, part[ask[part]], model.inputs, run.card.statistics, targets=False)
            values[ask[part]] = model.predict(batch).numpy()
        present.append(csr_matrix(values > PRESENT, dtype=np.uint8))
        unsure.append(csr_matrix((values >= ABSENT) & (values <= PRESENT), dtype=np.uint8))
    return PseudoLabels(vstack(present, format="csr"), vstack(unsure, format="csr"))
