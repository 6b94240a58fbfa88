"""Simulation of one survey at any place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sdm.errors import DataError
from sdm.geo.regions import country, in_europe, region
from sdm.virtual_europe import flora, occurrence
from sdm.virtual_europe.geography import places
from sdm.virtual_europe.imagery.patch import patch_windows
from sdm.virtual_europe.landscape.covers import land
from sdm.virtual_europe.place import Places
from sdm.virtual_europe.simulators import simulated_modalities, simulator_of
from sdm.virtual_europe.visits import STANDARD_AREA, STANDARD_OBSERVER, Visits


@dataclass(frozen=True)
class SimulatedSurvey:
    """One survey. `places` holds its single place; `arrays` are as stored, by modality.

    `species` are the speciesIds present, ascending; `probabilities` (S,) belong to the named species `species_id`.
    """

    lon: float
    lat: float
    year: int
    country: str
    region: str
    places: Places
    arrays: dict[str, np.ndarray]
    species: np.ndarray
    species_id: np.ndarray
    probabilities: np.ndarray


def simulate(
    lon: float, lat: float, year: int, seed: int = 0, area: float = STANDARD_AREA,
    observer: int = STANDARD_OBSERVER,
) -> SimulatedSurvey:  # fmt: skip
    """Return the survey at (lon, lat) in degrees in `year`, identical to that of a tree of this seed.

    The plot has `area` m², `observer` is a number of `visits`; both are the standard ones unless said.

    Raises `DataError` for the sea and for land outside Europe.
    """
    at_lon, at_lat = np.round([float(lon)], 6), np.round([float(lat)], 6)
    land(patch_windows(at_lon, at_lat), seed)  # remembered: that of the plot and of its Landsat pixel lies in it
    place = places(at_lon, at_lat, year, seed)
    if not bool(in_europe(place.lon, place.lat)[0]):
        raise DataError(
            "no survey can be simulated here",
            where=f"{lon:.4f}, {lat:.4f}",
            expected="land of a European country",
            remedy="Choose a point on land.",
        )
    visit = Visits.standard(1, area, observer)
    chance = occurrence.occurrence(place, area=visit.area)
    ids = flora.species_ids(chance.shape[1])
    arrays = {name: simulator_of(name).simulate(place)[0] for name in simulated_modalities()}
    return SimulatedSurvey(
        lon=float(place.lon[0]),
        lat=float(place.lat[0]),
        year=int(place.year[0]),
        country=str(country(place.lon, place.lat)[0]),
        region=str(region(place.lon, place.lat, place.elevation)[0]),
        places=place,
        arrays=arrays,
        species=np.sort(ids[occurrence.record(place, visit, chance)[0]]),
        species_id=ids,
        probabilities=(chance * occurrence.mean_detection(chance.shape[1]))[0],
    )
