"""The dossier of a survey simulated on request."""

from __future__ import annotations

from sdm.data.dataset import Dataset
from sdm.data.survey import NOT_SIMULATED, ON_THE_SPOT, Dossier, Recorded
from sdm.data.tree import expected_modalities
from sdm.modalities import MODALITIES
from sdm.virtual_europe.description import seed_of
from sdm.virtual_europe.flora import flora, species_ids
from sdm.virtual_europe.simulate import simulate
from sdm.virtual_europe.simulators import not_simulated
from sdm.virtual_europe.visits import STANDARD_AREA


def can_simulate(data: Dataset) -> bool:
    """Return whether surveys of the data set can be simulated at any place."""
    return seed_of(data) is not None


def simulated_dossier(data: Dataset, lon: float, lat: float, year: int) -> Dossier:
    """The dossier of a survey at (lon, lat) in the virtual Europe of `data`; DataError at sea."""
    made = simulate(lon, lat, year, seed=seed_of(data) or 0)
    plants = flora()
    species = dict(zip(species_ids(len(plants)).tolist(), (plant.name for plant in plants), strict=True))
    recorded = tuple(Recorded(number, species.get(number, str(number))) for number in made.species.tolist())
    names = expected_modalities(data)
    values = {n: MODALITIES[n].from_file(made.arrays[n]) if n in made.arrays else None for n in names}
    notes = dict.fromkeys(not_simulated(names), NOT_SIMULATED)
    return Dossier(
        survey_id=0, source=ON_THE_SPOT, lon=made.lon, lat=made.lat, year=made.year, area_m2=STANDARD_AREA,
        country=made.country, region=made.region, split={}, values=values, notes=notes, known=True,
        recorded=recorded, simulated=True, data=data.identity,
    )  # fmt: skip
