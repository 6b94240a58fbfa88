"""All surveys of the competition on the click map, as the server makes it: folium markers against own tiles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import folium
import numpy as np

from benchmarks.comparison import Comparison, Figure, Target, compare
from sdm.maps.clickmap import CENTRE, ZOOM, base_map, points_template
from sdm.maps.mercator import TILE, Tile, project, unproject
from sdm.maps.names import names
from sdm.maps.png import encode
from sdm.maps.points import PointTiles
from sdm.world.sampling import draw

SURVEYS, REPETITIONS = 90_000, 3
VIEW = (680, 500)  # pixels of the map of the page Explore at 1366x768
COLOURS = ("#0072B2", "#E69F00", "#D55E00")
PALETTE = np.array([[0, 114, 178, 255], [230, 159, 0, 255], [213, 94, 0, 255]], np.uint8)
ROUND_OFF = 1e-4  # degrees: tiles hold positions as float32


def figures(surveys: int = SURVEYS) -> Iterator[Figure]:
    """Time and bytes until a browser has all that its first view shows; base map tiles are in neither."""
    places = draw("train", np.arange(surveys), seed=0).places
    code = np.arange(surveys) % len(COLOURS)

    page = with_markers(places.lon, places.lat, code)

    def equal() -> None:
        mine = PointTiles.build(places.lon, places.lat, code)
        lon, lat = unproject(mine.x, mine.y)
        back = np.argsort(mine.row)
        found = np.array(re.findall(r"L\.circleMarker\(\s*\[([-\d.]+), ([-\d.]+)\]", page), float)
        np.testing.assert_allclose(np.stack([lat, lon], axis=1)[back], found, atol=ROUND_OFF)

    time = compare(
        Comparison(
            title=f"{surveys:,} surveys on the map, time",
            usual_way="a folium.CircleMarker each",
            usual=lambda: with_markers(places.lon, places.lat, code),
            ours=lambda: with_tiles(places.lon, places.lat, code),
            equal=equal,
            target=Target(100),
            note="page and the tiles of the first view",
            repetitions=REPETITIONS,
        )
    )
    yield time
    yield replace(
        time,
        title="the same, bytes sent",
        usual=float(len(page.encode())),
        ours=float(sum(map(len, with_tiles(places.lon, places.lat, code)))),
        target=Target(40),
        unit="B",
    )


def with_markers(lon: np.ndarray, lat: np.ndarray, code: np.ndarray) -> str:
    """The page with a marker per survey."""
    chart = folium.Map(CENTRE, zoom_start=ZOOM, tiles=None)
    for x, y, colour in zip(lon.tolist(), lat.tolist(), code.tolist(), strict=True):
        folium.CircleMarker((y, x), radius=2, weight=0, fill=True, fill_color=COLOURS[colour]).add_to(chart)
    return str(chart.get_root().render())


def with_tiles(lon: np.ndarray, lat: np.ndarray, code: np.ndarray) -> list[bytes]:
    """The page, and a PNG per tile of its first view."""
    page = base_map("/tiles/base/{z}/{x}/{y}.png", points_template("surveys", ""), names(), "light")
    points = PointTiles.build(lon, lat, code)
    pictures = [encode(points.draw(tile, PALETTE)) for tile in first_view()]
    return [str(page.get_root().render()).encode(), *pictures]


def first_view() -> list[Tile]:
    """The tiles a browser asks for before the map is moved."""
    x, y = (float(v) * 2**ZOOM for v in project(np.array(CENTRE[1]), np.array(CENTRE[0])))
    half_x, half_y = VIEW[0] / TILE / 2, VIEW[1] / TILE / 2
    columns = range(int(x - half_x), int(x + half_x) + 1)
    return [Tile(ZOOM, i, j) for j in range(int(y - half_y), int(y + half_y) + 1) for i in columns]
