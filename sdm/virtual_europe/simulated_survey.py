"""A survey simulated on the spot, as the dossier every page knows."""

from __future__ import annotations

import numpy as np

from sdm.data.dataset import Dataset
from sdm.data.survey import Dossier, Recorded
from sdm.files import read_json
from sdm.modalities import MODALITIES
from sdm.virtual_europe.flora import flora, species_ids
from sdm.virtual_europe.simulate import simulate

SOURCE = "simulated"
WORLD_FILE = "world.json"


def can_simulate(data: Dataset) -> bool:
    """Whether the data set is a virtual Europe, any point of which can be visited."""
    return data.simulated and data.world_version is not None and _world(data) is not None


def simulated_dossier(data: Dataset, lon: float, lat: float, year: int) -> Dossier:
    """The dossier of a survey at (lon, lat) in the virtual Europe of `data`; DataError at sea."""
    made = simulate(lon, lat, year, seed=_world(data) or 0)
    plants = flora()
    names = dict(zip(species_ids(len(plants)).tolist(), (plant.name for plant in plants), strict=True))
    recorded = tuple(Recorded(number, names.get(number, str(number))) for number in made.species.tolist())
    values = {name: _missing(made.arrays[name], name) for name in data.modalities}
    return Dossier(
        survey_id=0, source=SOURCE, lon=made.lon, lat=made.lat, year=made.year, area_m2=100.0,
        country=made.country, region=made.region, split={}, values=values, notes={}, known=True,
        recorded=recorded, simulated=True,
    )  # fmt: skip


def _world(data: Dataset) -> int | None:
    """The seed of the data set's world, None where no file tells."""
    path = None if data.place is None else data.place / WORLD_FILE
    if path is None or not path.is_file():
        return None
    seed = read_json(path).get("seed")
    return seed if isinstance(seed, int) else None


def _missing(stored: np.ndarray, modality: str) -> np.ndarray:
    """float32 with NaN for the file's way of saying that a value is missing."""
    values = stored.astype(np.float32)
    nodata = MODALITIES[modality].nodata
    return values if nodata is None else np.where(values == nodata, np.float32(np.nan), values)
