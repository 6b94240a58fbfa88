"""What the land-cover codes mean.

Source: Sulla-Menashe & Friedl 2022, "User guide to Collection 6.1 MODIS land cover (MCD12Q1 and MCD12C1)
product", lpdaac.usgs.gov/documents/1409/MCD12_User_Guide_V61.pdf, tables 3 to 11, in plainer words.
"""

from __future__ import annotations

UNCLASSIFIED = 255
_FORESTS = {
    1: "evergreen needleleaf forest",
    2: "evergreen broadleaf forest",
    3: "deciduous needleleaf forest",
    4: "deciduous broadleaf forest",
    5: "mixed forest",
}
_OPEN_LAND = {
    6: "closed shrubland",
    7: "open shrubland",
    8: "woody savanna (trees 30-60 %)",
    9: "savanna (trees 10-30 %)",
    10: "grassland",
    11: "permanent wetland",
    12: "cropland",
    13: "urban and built-up",
    14: "cropland and natural vegetation mosaic",
}
_BARE = {1: "barren", 2: "permanent snow and ice", 3: "water"}

LEGENDS: dict[str, dict[int, str]] = {
    "LandCover-1": {**_FORESTS, **_OPEN_LAND, 15: "permanent snow and ice", 16: "barren", 17: "water"},
    "LandCover-2": {0: "water", **_FORESTS, **_OPEN_LAND, 15: "non-vegetated"},
    "LandCover-3": {
        0: "water",
        1: "grassland and cereals",
        2: "shrubland",
        3: "broadleaf crops",
        4: "savanna (trees 10-60 %)",
        5: "evergreen broadleaf forest",
        6: "deciduous broadleaf forest",
        7: "evergreen needleleaf forest",
        8: "deciduous needleleaf forest",
        9: "non-vegetated",
        10: "urban and built-up",
    },
    "LandCover-4": {
        0: "water",
        1: "evergreen needleleaf vegetation",
        2: "evergreen broadleaf vegetation",
        3: "deciduous needleleaf vegetation",
        4: "deciduous broadleaf vegetation",
        5: "annual broadleaf vegetation",
        6: "annual grass vegetation",
        7: "non-vegetated",
        8: "urban and built-up",
    },
    "LandCover-5": {
        0: "water",
        1: "evergreen needleleaf trees",
        2: "evergreen broadleaf trees",
        3: "deciduous needleleaf trees",
        4: "deciduous broadleaf trees",
        5: "shrub",
        6: "grass",
        7: "cereal crops",
        8: "broadleaf crops",
        9: "urban and built-up",
        10: "permanent snow and ice",
        11: "barren",
    },
    "LandCover-9": {
        **_BARE,
        11: "evergreen needleleaf forest",
        12: "evergreen broadleaf forest",
        13: "deciduous needleleaf forest",
        14: "deciduous broadleaf forest",
        15: "mixed broadleaf and needleleaf forest",
        16: "mixed evergreen and deciduous broadleaf forest",
        21: "open forest (trees 30-60 %)",
        22: "sparse forest (trees 10-30 %)",
        31: "dense herbaceous",
        32: "sparse herbaceous",
        41: "dense shrubland",
        42: "shrubland and grassland mosaic",
        43: "sparse shrubland",
    },
    "LandCover-10": {
        **_BARE,
        9: "urban and built-up",
        10: "dense forest",
        20: "open forest",
        25: "forest and cropland mosaic",
        30: "natural herbaceous",
        35: "natural herbaceous and cropland mosaic",
        36: "herbaceous cropland",
        40: "shrubland",
    },
    "LandCover-11": {
        **_BARE,
        10: "dense forest",
        20: "open forest",
        27: "woody wetland",
        30: "grassland",
        40: "shrubland",
        50: "herbaceous wetland",
        51: "tundra",
    },
    "LandCover-12": {
        0: "classified land",
        1: "unclassified land",
        2: "classified water",
        3: "unclassified water",
        4: "classified sea ice",
        5: "misclassified water",
        6: "omitted snow or ice",
        7: "misclassified snow or ice",
        8: "backfilled label",
        9: "forest type changed",
    },
    "LandCover-13": {1: "water", 2: "land"},
}
"""Predictor name -> code -> class."""


def meaning(predictor: str, code: float) -> str:
    """The class a code of `predictor` stands for; "" for a missing code or a predictor without classes.

    >>> meaning("LandCover-1", 12.0), meaning("LandCover-1", 18.0), meaning("Elevation", 12.0)
    ('cropland', 'unknown code 18', '')
    """
    if predictor not in LEGENDS or code != code:
        return ""
    if code == UNCLASSIFIED:
        return "unclassified"
    return LEGENDS[predictor].get(int(code) if code == int(code) else -1, f"unknown code {code:g}")
