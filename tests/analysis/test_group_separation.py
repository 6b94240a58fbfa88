"""Groups that differ are apart, groups that do not overlap fully."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sdm.analysis.group_separation import group_separation


def bands(shift: float, count: int = 4000) -> pd.DataFrame:
    random = np.random.default_rng(0)
    group = np.repeat(["T", "V", ""], count)
    values = random.normal(size=3 * count) + shift * (group == "V")
    return pd.DataFrame({"class": group, "VV": values, "flat": 1.0})


def test_the_shift_is_measured_in_deviations() -> None:
    apart = group_separation(bands(3.0), ["VV"], "class").iloc[0]
    assert (apart["a"], apart["b"]) == ("T", "V")
    assert abs(apart["d"] - 3) < 0.1
    assert abs(apart["overlap"] - 0.134) < 0.03  # 2 * Phi(-1.5)


def test_alike_groups_overlap() -> None:
    alike = group_separation(bands(0.0), ["VV"], "class").iloc[0]
    assert abs(alike["d"]) < 0.05
    assert alike["overlap"] > 0.93


def test_what_cannot_be_compared_is_unknown() -> None:
    assert group_separation(bands(1.0), ["flat"], "class")[["d", "overlap"]].isna().all().all()
    assert group_separation(bands(1.0)[:4000], ["VV"], "class").empty
