"""The simulated sites that a click makes: what they hold, their data sets, and what making them costs.

The simulators themselves are not needed to name them, and load slowly.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Simulation:
    """`name`: what the sites are called; `raw`: folder of their files; `datasets`: folders made of them.

    `seconds` and `megabytes`: what making all of them takes on two processor cores and on disk.
    """

    name: str
    heading: str
    says: str
    raw: str
    datasets: tuple[str, ...]
    seconds: int
    megabytes: int


def _datasets(raw: str, *kinds: str) -> tuple[str, ...]:
    return tuple(f"{raw}-{kind}" for kind in kinds)


COAST = Simulation(
    "coasts", "Two simulated coasts",
    "Ecosystem types and lime richness: satellite, radar, orthophoto and drone pictures, ground photographs, and "
    "polygons of disagreeing mappers.",
    "virtual-coast", _datasets("virtual-coast", "types", "images", "photos", "lime"), seconds=45, megabytes=136,
)  # fmt: skip
MOUNTAIN = Simulation(
    "mountain", "A simulated mountain",
    "Tree species: monthly Sentinel-2 series of 16,464 labelled pixels, and of every pixel of an unseen site.",
    "virtual-mountain", _datasets("virtual-mountain", "trees"), seconds=10, megabytes=50,
)  # fmt: skip
SIMULATIONS = (COAST, MOUNTAIN)
