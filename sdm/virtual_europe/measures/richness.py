"""How many species plots have: where, by area, and how common each species is."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.stats import skew

from sdm.analysis.simulation_check import Statement
from sdm.geo.grid import land_cells
from sdm.geo.regions import country
from sdm.virtual_europe import flora
from sdm.virtual_europe.geography import places
from sdm.virtual_europe.measures.sample import OURS, PLOTS, Sample, between, sample
from sdm.virtual_europe.occurrence import probabilities
from sdm.virtual_europe.sampling import DRAWN_TO

SOUTH, HIGH, EAST_END = 43.7, 700.0, 30.0  # degrees north, m, degrees east: the southern mountains
_NORTH, _STEP = "Denmark", 0.25
_YEAR = 2019
_FULL = 400  # plots on which the chances of all species are computed
_RARE = 0.01


def richness_statements(seed: int, plots: int = PLOTS) -> Iterator[Statement]:
    """Rows 6, 7 and 9 of what version 2 promises."""
    here = sample(seed, plots)
    yield from _gradient(seed)
    yield from _area(here)
    yield from _rank_curve(here)


def _gradient(seed: int) -> Iterator[Statement]:
    cells = land_cells(_STEP)
    named = country(cells.lon, cells.lat)
    some = (named == _NORTH) | ((cells.lat < SOUTH) & (cells.lon < EAST_END))
    where = places(cells.lon[some], cells.lat[some], _YEAR, seed)
    north = named[some] == _NORTH
    south = ~north & (where.elevation > HIGH)
    expected = probabilities(where).sum(axis=1)
    for statement, weight in (
        ("as surveys choose plots", DRAWN_TO[where.centre]),
        ("all land", np.ones(len(where))),
    ):
        ratio = weighted_median(expected[south], weight[south]) / weighted_median(expected[north], weight[north])
        source = f"{OURS}: at least 1; land south of {SOUTH}° N above {HIGH:.0f} m, plots of 100 m²"
        yield between(
            f"species of the southern mountains over Denmark's, {statement}", "ratio", ratio, 1, 3, source
        )


def _area(here: Sample) -> Iterator[Statement]:
    size, steps = (10.0, 1000.0), np.arange(min(500, len(here.present)))
    small, large = (probabilities(here.surveys.places[steps], area=area).sum(axis=1) for area in size)
    exponent = float(np.log(large / small).mean() / np.log(size[1] / size[0]))
    source = f"{OURS}: species-area exponent"
    yield between("expected species at one place by area, exponent", "", exponent, 0.15, 0.30, source)
    found = np.log(here.present.sum(axis=1))
    slope = float(np.polyfit(np.log(here.surveys.visits.area), found, 1)[0])
    yield between("recorded species over plots by area, exponent", "", slope, 0.15, 0.30, source)
    marginal = probabilities(here.surveys.places, area=here.surveys.visits.area)
    beyond = (here.present.sum(axis=1) - marginal.sum(axis=1)) ** 2
    ratio = float(beyond.mean() / (marginal * (1 - marginal)).sum(axis=1).mean())
    yield between("variance of richness over that of independent species", "ratio", ratio, 1.5, 8, OURS)


def _rank_curve(here: Sample) -> Iterator[Statement]:
    source = f"{OURS}: log-normal rank curve"
    yield between("commonest species", "share of plots", float(here.present.mean(axis=0).max()), 0.1, 0.4, source)
    some = here.surveys.places[np.arange(min(_FULL, len(here.present)))]
    area = here.surveys.visits.area[: len(some)]
    full = probabilities(some, flora.LABEL_SPACE, area)
    yield Statement(
        "", "species per plot, all 11,255", "", float(full.sum(axis=1).mean()), 16.1, 4.0, "GeoLifeCLEF 2025"
    )
    share = full.mean(axis=0)
    yield between(
        "species on under 1 % of plots, of 11,255", "share", float((share < _RARE).mean()), 0.9, 1, source
    )
    named = float((here.present.mean(axis=0) < _RARE).mean())
    yield between(
        "species on under 1 % of plots, of the named", "share", named, 0.3, 0.9, "what smaller sizes have"
    )
    expected = probabilities(here.surveys.places, area=here.surveys.visits.area).mean(axis=0)
    log = np.log(expected[expected > 1 / len(here.present)])
    yield between("skewness of log shares of the named species", "", float(skew(log)), -0.8, 0.8, source)


def weighted_median(values: np.ndarray, weight: np.ndarray) -> float:
    """The value below which half the weight lies.

    >>> weighted_median(np.array([3.0, 1.0, 2.0]), np.array([1.0, 1.0, 5.0]))
    2.0
    """
    order = np.argsort(values)
    sums = np.cumsum(weight[order])
    return float(values[order][np.searchsorted(sums, sums[-1] / 2)])
