"""A survey simulated on the spot, as the dossier every page knows."""

from __future__ import annotations

from sdm.data.dataset import Dataset
from sdm.data.survey import NOT_SIMULATED, Dossier, Recorded
from sdm.data.tree import expected_modalities
from sdm.files import read_json
from sdm.modalities import MODALITIES
from sdm.virtual_europe.flora import flora, species_ids
from sdm.virtual_europe.simulate import simulate
from sdm.virtual_europe.simulators import not_simulated

SOURCE = "simulated"
WORLD_FILE = "world.json"


def can_simulate(data: Dataset) -> bool:
    """Whether the data set is a virtual Europe, any point of which can be visited."""
    return data.simulated and data.world_version is not None and _world(data) is not None


def simulated_dossier(data: Dataset, lon: float, lat: float, year: int) -> Dossier:
    """The dossier of a survey at (lon, lat) in the virtual Europe of `data`; DataError at sea."""
    made = simulate(lon, lat, year, seed=_world(data) or 0)
    plants = flora()
    species = dict(zip(species_ids(len(plants)).tolist(), (plant.name for plant in plants), strict=True))
    recorded = tuple(Recorded(number, species.get(number, str(number))) for number in made.species.tolist())
    names = expected_modalities(data)
    values = {n: MODALITIES[n].from_file(made.arrays[n]) if n in made.arrays else None for n in names}
    notes = dict.fromkeys(not_simulated(names), NOT_SIMULATED)
    return Dossier(
        survey_id=0, source=SOURCE, lon=made.lon, lat=made.lat, year=made.year, area_m2=100.0,
        country=made.country, region=made.region, split={}, values=values, notes=notes, known=True,
        recorded=recorded, simulated=True,
    )  # fmt: skip


def _world(data: Dataset) -> int | None:
    """The seed of the data set's world, None where no file tells."""
    path = None if data.place is None else data.place / WORLD_FILE
    if path is None or not path.is_file():
        return None
    seed = read_json(path).get("seed")
    return seed if isinstance(seed, int) else None
