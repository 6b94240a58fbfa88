"""Every key of session state, in one place. Those marked (link) are also query parameters."""

from __future__ import annotations

from enum import StrEnum


class Key(StrEnum):
    """Names of widgets and remembered values."""

    DATA = "data"  # (link) key of a known data set
    SURVEY = "survey"  # (link) survey id, or source/id where ids repeat
    AT = "at"  # (link) "latitude, longitude" that was clicked or typed
    SIMULATE = "simulate"  # (link) simulate a survey at that very point
    YEAR = "year"  # (link) of the simulated survey
    COLOUR = "colour"  # (link) what the colour of a survey means
    MEASURE = "measure"  # (link) Landsat band or index
    CLIMATE = "climate"  # (link) which climate diagram
    MODELS = "models"  # (link) runs to ask
    DECODER = "decoder"  # (link) kind of decoder
    TOP = "top"  # (link) k of top-k
    THRESHOLD = "threshold"  # (link) of the threshold decoder
    GAP = "gap"  # domain-gap demonstration
    MAP = "map"
    VIEW = "view"  # where a box or a name has moved the map
    PLACE = "place"
    SPLITS = "filter_splits"
    COUNTRIES = "filter_countries"
    SPECIES = "filter_species"
    YEARS = "filter_years"
    COUNTS = "filter_counts"


LINK = "query-params"
"""For `bind=`: the value is part of the page's address."""
