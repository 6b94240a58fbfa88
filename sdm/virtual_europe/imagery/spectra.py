"""Reflectances of the materials land is made of, one row each, in reflectance x 10,000.

The values are rounded typical surface reflectances in the bands of Sentinel-2 (B4, B3, B2, B8, B11, B12), set by
hand after the sources named in each row; Landsat's bands are close enough to share them.
"""

from __future__ import annotations

import numpy as np

BANDS = ("red", "green", "blue", "nir", "swir1", "swir2")

USGS = "USGS Spectral Library 7, doi:10.3133/ds1035"
ECOSTRESS = "ECOSTRESS Spectral Library 1.0, speclib.jpl.nasa.gov"
LUCAS = "LUCAS topsoil spectra 2009, esdac.jrc.ec.europa.eu"
S2 = "typical Sentinel-2 level-2A summer values over Europe"

_ROWS = (
    # name, red, green, blue, nir, swir1, swir2, source
    ("broadleaf", 265, 480, 225, 3650, 1650, 700, S2),
    ("broadleaf bare", 720, 640, 450, 1750, 1900, 1150, S2),
    ("conifer", 185, 310, 175, 2000, 900, 400, S2),
    ("pine", 290, 410, 235, 2250, 1250, 600, S2),
    ("lush grass", 360, 720, 330, 4300, 2050, 950, S2),
    ("poor grass", 640, 790, 460, 2950, 2400, 1400, S2),
    ("hay", 940, 890, 540, 2650, 2700, 1750, S2),
    ("straw", 1550, 1230, 830, 2600, 3500, 2500, USGS),
    ("winter cereal", 310, 560, 290, 4100, 1750, 780, S2),
    ("ripe cereal", 1450, 1230, 740, 2950, 3100, 1900, S2),
    ("maize", 300, 640, 310, 4550, 2000, 880, S2),
    ("beet", 330, 800, 350, 5200, 1900, 800, S2),
    ("rape in flower", 1050, 1420, 420, 4500, 2200, 1000, S2),
    ("stubble", 1280, 1020, 720, 2350, 3100, 2400, S2),
    ("loam", 1500, 1180, 850, 2150, 2900, 2600, LUCAS),
    ("sandy soil", 2000, 1600, 1180, 2700, 3500, 3200, LUCAS),
    ("dark soil", 760, 640, 500, 1150, 1600, 1350, LUCAS),
    ("red soil", 1850, 1180, 780, 2550, 3400, 2900, LUCAS),
    ("peat", 480, 420, 350, 850, 1000, 750, LUCAS),
    ("vine", 420, 640, 340, 3300, 1900, 950, S2),
    ("orchard tree", 330, 520, 290, 3000, 1600, 750, S2),
    ("reed", 560, 680, 400, 2350, 1500, 800, S2),
    ("sedge", 700, 740, 420, 2250, 1600, 900, S2),
    ("sedge straw", 980, 860, 540, 1900, 1800, 1150, S2),
    ("bog moss", 820, 720, 430, 2050, 1500, 800, S2),
    ("heather", 660, 520, 410, 1750, 1800, 1150, S2),
    ("heather in flower", 900, 610, 640, 1950, 1850, 1200, S2),
    ("evergreen shrub", 400, 500, 300, 2350, 1700, 900, S2),
    ("dune grass", 1150, 1120, 760, 2600, 2700, 1800, S2),
    ("alpine grass", 520, 740, 380, 3300, 2100, 1100, S2),
    ("limestone", 2650, 2450, 2150, 3000, 3200, 2900, USGS),
    ("gneiss", 1350, 1270, 1180, 1650, 2000, 1800, USGS),
    ("dry sand", 3200, 2780, 2180, 3700, 4400, 4100, USGS),
    ("wet sand", 1500, 1350, 1120, 1650, 1500, 1100, USGS),
    ("snow", 8700, 8900, 9000, 7900, 900, 600, ECOSTRESS),
    ("glacier ice", 5000, 5800, 6250, 3900, 250, 150, ECOSTRESS),
    ("clear water", 110, 220, 290, 50, 30, 20, ECOSTRESS),
    ("turbid water", 480, 680, 480, 130, 50, 30, S2),
    ("algal water", 260, 480, 260, 180, 60, 40, S2),
    ("asphalt", 980, 960, 920, 1150, 1300, 1200, ECOSTRESS),
    ("concrete", 2250, 2150, 1980, 2550, 2700, 2500, ECOSTRESS),
    ("gravel", 1850, 1620, 1300, 2250, 2700, 2500, ECOSTRESS),
    ("tile roof", 1950, 1180, 900, 2250, 2600, 2400, ECOSTRESS),
    ("slate roof", 820, 830, 860, 950, 1150, 1100, ECOSTRESS),
    ("metal roof", 4300, 4350, 4400, 4500, 4200, 3800, ECOSTRESS),
    ("char", 420, 380, 340, 700, 1500, 1700, USGS),
)  # fmt: skip

MATERIALS: dict[str, np.ndarray] = {row[0]: np.array(row[1:7], np.float32) for row in _ROWS}
SOURCES: dict[str, str] = {row[0]: row[7] for row in _ROWS}
