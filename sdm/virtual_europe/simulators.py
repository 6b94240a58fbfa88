"""The simulators of inputs by name; a modality names its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from sdm.errors import DataError
from sdm.modalities import MODALITIES
from sdm.virtual_europe.climate import climate_cubes
from sdm.virtual_europe.environment import environment
from sdm.virtual_europe.imagery import landsat_cubes, render_patches
from sdm.virtual_europe.place import Places


@dataclass(frozen=True)
class Simulator:
    """`simulate` gives (N, *shape) as a tree stores it."""

    simulate: Callable[[Places], np.ndarray]


SIMULATORS = {
    "patches": Simulator(render_patches),
    "landsat": Simulator(landsat_cubes),
    "climate": Simulator(climate_cubes),
    "environment": Simulator(environment),
}


def simulator_of(modality: str) -> Simulator:
    """The simulator of `modality`; DataError for one that is not simulated."""
    row = MODALITIES[modality]
    if row.simulator is None:
        raise DataError(f"{row.title} is not simulated", expected=", ".join(simulated_modalities()))
    return SIMULATORS[row.simulator]


def simulated_modalities() -> tuple[str, ...]:
    """The modalities that have a simulator."""
    return tuple(name for name, row in MODALITIES.items() if row.simulator is not None)


def not_simulated(modalities: Iterable[str]) -> tuple[str, ...]:
    """Those of `modalities` without a simulator."""
    return tuple(name for name in modalities if MODALITIES[name].simulator is None)
