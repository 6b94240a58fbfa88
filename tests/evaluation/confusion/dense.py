"""The plain definitions, on small dense arrays, and data drawn to compare with them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import csr_matrix

from sdm.evaluation.confusion.outcomes import Outcomes, outcomes


@st.composite
def truth_and_prediction(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Two 0/1 arrays (N, S) of the same shape; no survey and empty rows included."""
    shape = draw(st.tuples(st.integers(0, 9), st.integers(1, 6)))
    bits = arrays(np.int8, shape, elements=st.integers(0, 1))
    return draw(bits), draw(bits)


def judge(truth: np.ndarray, predicted: np.ndarray) -> Outcomes:
    return outcomes(csr_matrix(truth), csr_matrix(predicted))


def classes(count: int) -> pd.DataFrame:
    """Ids that are no columns, names from A."""
    return pd.DataFrame({"class_id": 100 + np.arange(count), "name": [chr(ord("A") + i) for i in range(count)]})


def together(truth: np.ndarray, predicted: np.ndarray, missed: int, given: int) -> np.ndarray:
    """bool (N,): the surveys of one cell."""
    if missed == given:
        return (truth[:, missed] == 1) & (predicted[:, missed] == 1)
    return (truth > predicted)[:, missed] & (predicted > truth)[:, given]
