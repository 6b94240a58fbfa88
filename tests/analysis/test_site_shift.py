"""The shift between two sources: nothing between like ones, known where it was made."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sdm.analysis.site_shift import site_shift

MODALITY = "pixel-c1-c2"


def table(shift: float, count: int = 400, shares: tuple[float, float] = (0.5, 0.5)) -> pd.DataFrame:
    """Two classes far apart in c1; source B is `shift` deviations higher in c2; `shares` of the first class."""
    random = np.random.default_rng(0)
    parts = []
    for source, share, more in (("A", shares[0], 0.0), ("B", shares[1], shift)):
        first = np.arange(count) < share * count
        c1 = np.where(first, 0.0, 10.0) + random.normal(size=count)
        c2 = random.normal(size=count) + more
        name = np.where(first, "T4", "V1")
        parts.append(pd.DataFrame({"row": 0, "source": source, "class": name, "c1": c1, "c2": c2}))
    return pd.concat(parts, ignore_index=True)


def test_a_known_shift_is_measured() -> None:
    shift = site_shift(table(3.0), MODALITY)
    assert shift is not None and (shift.a, shift.b, shift.classes) == ("A", "B", 2)
    d = shift.bands.set_index("channel")["d"]
    assert d["c2"] == pytest.approx(3.0, abs=0.3) and abs(d["c1"]) < 0.2
    assert shift.told_apart > 0.9 and shift.proxy_distance > 1.6


def test_like_sources_are_not_told_apart() -> None:
    shift = site_shift(table(0.0), MODALITY)
    assert shift is not None and abs(shift.told_apart - 0.5) < 0.07 and shift.proxy_distance < 0.3


def test_other_shares_of_classes_are_no_shift_of_means() -> None:
    shift = site_shift(table(0.0, shares=(0.9, 0.1)), MODALITY)
    assert shift is not None and shift.bands["d"].abs().max() < 0.3


def test_without_common_classes_all_sites_are_compared() -> None:
    values = table(3.0)
    values["class"] = values["source"]
    shift = site_shift(values, MODALITY)
    assert shift is not None and shift.classes == 0 and shift.told_apart > 0.9


def test_one_source_has_no_shift() -> None:
    values = table(1.0)
    assert site_shift(values[values["source"] == "A"], MODALITY) is None
    assert site_shift(values.groupby("source").head(3), MODALITY) is None
