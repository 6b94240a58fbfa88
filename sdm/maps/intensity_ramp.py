"""Colours of how probable, or how dense, a species is over the base map of each appearance."""

from __future__ import annotations

import numpy as np

# From nothing to much over the base map of each appearance, with steadily falling or rising lightness so that the
# order is seen without colour; the lowest values let the map through.
RAMPS = {
    "light": ((0.0, "253,190,100", 0.0), (0.08, "253,190,100", 0.72), (0.35, "236,112,50", 0.9),
              (0.65, "165,30,80", 0.95), (1.0, "50,8,70", 1.0)),
    "dark": ((0.0, "70,40,110", 0.0), (0.08, "92,40,120", 0.75), (0.35, "190,55,85", 0.9),
             (0.65, "249,140,40", 0.95), (1.0, "252,250,170", 1.0)),
}  # fmt: skip


def intensity_ramp(values: np.ndarray, top: float, theme: str) -> np.ndarray:
    """uint8 RGBA (height, width, 4) of `values` from 0 to `top`; NaN is transparent."""
    place, numbers = np.clip(values / top, 0, 1), ramp_stops(theme)
    channels = [np.interp(place, numbers[:, 0], numbers[:, i]) for i in range(1, 5)]
    drawn = np.stack(channels, axis=-1)
    drawn[~np.isfinite(values)] = 0
    return np.rint(drawn).astype(np.uint8)


def ramp_stops(theme: str) -> np.ndarray:
    """float (stops, 5): the place from 0 to 1, red, green, blue and opacity, 0 to 255."""
    return np.array([(at, *map(float, rgb.split(",")), 255 * alpha) for at, rgb, alpha in RAMPS[theme]])


def bar_colours(theme: str, count: int = 9) -> list[str]:
    """Opaque CSS colours evenly spaced from 0 to the top of the ramp."""
    stops = ramp_stops(theme)
    at = np.linspace(0, 1, count)
    channels = [np.rint(np.interp(at, stops[:, 0], stops[:, i])).astype(int) for i in (1, 2, 3)]
    return [f"rgb({red},{green},{blue})" for red, green, blue in zip(*channels, strict=True)]
