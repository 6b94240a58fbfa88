"""What the land-cover codes mean.

Source: Sulla-Menashe & Friedl 2022, "User guide to Collection 6.1 MODIS land cover (MCD12Q1 and MCD12C1)
product", lpdaac.usgs.gov/documents/1409/MCD12_User_Guide_V61.pdf, tables 3 to 11, in plainer words.
"""

from __future__ import annotations

from pathlib import Path

from sdm.geo.tables import read_rows

UNCLASSIFIED = 255
LEGENDS: dict[str, dict[int, str]] = {}
"""Predictor name -> code -> class, as in `landcover.csv`."""
for _row in read_rows("landcover", Path(__file__).parent):
    LEGENDS.setdefault(_row["predictor"], {})[int(_row["code"])] = _row["class"]


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
