"""The ways to look at a patch: composites, indices, single bands, and a formula of one's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sdm.analysis.spectral_indices import Measure, compute, measures, own_measure
from sdm.analysis.stretches import COMPOSITES, DEFAULT_STRETCH, composite, limits_of, ramp, single_band
from sdm.modalities import PATCH

Pixels = Callable[[np.ndarray, str], np.ndarray]
MEASURES = measures(PATCH)


@dataclass(frozen=True)
class Look:
    """One way to see a patch (4, 64, 64) in stored units.

    `pixels(patch, stretch)`: uint8 RGBA (64, 64, 4), transparent where missing. `measure` is the number per pixel
    on a colour scale, None where colours are brightness; only then does the stretch matter.
    """

    title: str
    meaning: str
    pixels: Pixels
    measure: Measure | None = None

    def limits(self, patch: np.ndarray) -> tuple[float, float]:
        """The ends of the colour scale: those of the measure, else what the patch spans."""
        if self.measure is None:
            return 0.0, 1.0
        return self.measure.limits or limits_of(compute(patch, PATCH, self.measure))


def own_look(text: str) -> Look:
    """The look of a formula over the bands; FormulaError points at a mistake."""
    return _on_a_scale(own_measure(text, PATCH))


def _on_a_scale(measure: Measure) -> Look:
    def pixels(patch: np.ndarray, stretch: str) -> np.ndarray:  # noqa: ARG001 its own scale needs no stretch
        return ramp(compute(patch, PATCH, measure), look.limits(patch))

    look = Look(measure.title, measure.meaning, pixels, measure)
    return look


def _looks() -> dict[str, Look]:
    looks = {
        name: Look(c.title, c.meaning, lambda patch, stretch, name=name: composite(patch, name, stretch))  # type: ignore[misc]
        for name, c in COMPOSITES.items()
    }
    for name, measure in MEASURES.items():
        if name in PATCH.channels:
            grey = lambda patch, stretch, name=name: single_band(patch, name, stretch)  # noqa: E731
            looks[name] = Look(measure.title, measure.meaning, grey)
        else:
            looks[name] = _on_a_scale(measure)
    return looks


LOOKS: dict[str, Look] = _looks()


@dataclass(frozen=True)
class Rendering:
    """A patch by a `look`: `pixels` uint8 RGBA (64, 64, 4), transparent where missing; `limits`, the ends of the
    colour scale; `ndvi`, the median of the patch, NaN where no pixel has one."""

    look: Look
    pixels: np.ndarray
    limits: tuple[float, float]
    ndvi: float


def render(patch: np.ndarray, look: Look = LOOKS["natural"], stretch: str = DEFAULT_STRETCH) -> Rendering:
    """`patch` (4, 64, 64) in stored units, NaN where missing, by `look` and the stretch of that name."""
    ndvi = compute(patch, PATCH, MEASURES["ndvi"])
    median = float(np.nanmedian(ndvi)) if np.isfinite(ndvi).any() else np.nan
    return Rendering(look, look.pixels(patch, stretch), look.limits(patch), median)
