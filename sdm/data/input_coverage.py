"""How many surveys have each input of a model, counted without reading any value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sdm.data.dataset import Dataset
from sdm.data.splits import split_title
from sdm.modalities import MODALITIES
from sdm.number_format import percent_of

LITTLE = 0.5  # share of surveys with an input below which a warning is due
FIRST = 5  # ids named in a text
FIRST_JSON = 100  # ids named in JSON


@dataclass(frozen=True)
class InputCoverage:
    """Of `surveys` surveys of `split`, how many have each input: a file, or a table row with any value.

    `without` int64: ids of the surveys that have no input at all, empty for a model without inputs.
    """

    split: str
    surveys: int
    having: Mapping[str, int]
    without: np.ndarray

    @property
    def absent(self) -> tuple[str, ...]:
        """Inputs that no survey has."""
        return tuple(name for name, count in self.having.items() if not count)

    @property
    def empty(self) -> bool:
        """Whether there are inputs and no survey has any of them."""
        return bool(self.having) and len(self.without) == self.surveys

    def warnings(self) -> list[str]:
        """One sentence for each input that fewer than LITTLE of the surveys have."""
        return [self.sentence(name) for name, count in self.having.items() if count < LITTLE * self.surveys]

    def sentence(self, name: str) -> str:
        """How many surveys have the input `name`."""
        share = percent_of(self.having[name], self.surveys)
        surveys = f"only {self.having[name]:,} of {self.surveys:,} surveys have it"
        return f"{MODALITIES[name].title}: {surveys} ({share}; {split_title(self.split)})"

    def without_sentence(self) -> str:
        """How many surveys have no input and the first of their ids; "" where all have one."""
        if not self.without.size:
            return ""
        more = ", …" if len(self.without) > FIRST else ""
        ids = f"{', '.join(map(str, self.without[:FIRST].tolist()))}{more}"
        count = f"{len(self.without):,} of {self.surveys:,} surveys have"
        return f"{count} no input of the model ({', '.join(self.having)}), which sees nothing of them: {ids}"

    def to_json(self) -> dict[str, Any]:
        """Plain values; of the surveys without input the count and the first FIRST_JSON ids."""
        return {
            "split": self.split,
            "surveys": self.surveys,
            "having": dict(self.having),
            "without_inputs": {
                "count": len(self.without), "first_survey_ids": self.without[:FIRST_JSON].tolist()
            },
        }  # fmt: skip


def count_inputs(dataset: Dataset, rows: np.ndarray, inputs: Iterable[str], split: str) -> InputCoverage:
    """Count which of `rows`, surveys of `split`, have each of `inputs`; an input the data set lacks counts 0."""
    there = {name: dataset.available(name)[rows] for name in inputs}
    nothing = ~np.any(list(there.values()), axis=0) if there else np.zeros(len(rows), bool)
    having = {name: int(have.sum()) for name, have in there.items()}
    return InputCoverage(split, len(rows), having, dataset.sites["survey_id"].to_numpy(np.int64)[rows[nothing]])
