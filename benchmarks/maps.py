"""All surveys of the competition on the click map, as the server makes it: folium markers against own tiles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

import folium
import numpy as np

from benchmarks.comparison import Comparison, Figure, Target, compare
from sdm.geo.mercator import TILE_PIXELS, Tile, project, unproject
from sdm.maps.click_map import CENTRE, ZOOM, base_map, changing_layer, points_template
from sdm.maps.place_names import names
from sdm.maps.png import encode
from sdm.maps.point_tiles import PointTiles
from sdm.virtual_europe.sampling import draw

SURVEYS, REPETITIONS = 90_000, 3
VIEW = (680, 500)  # pixels of the map of the page Explore at 1366x768
COLOURS = ("#0072B2", "#E69F00", "#D55E00")
PALETTE = np.array([[0, 114, 178, 255], [230, 159, 0, 255], [213, 94, 0, 255]], np.uint8)
ROUND_OFF = 1e-4  # degrees: tiles hold positions as float32


@dataclass(frozen=True)
class Scene:
    """N surveys to show: degrees, and the number of a colour each."""

    lon: np.ndarray
    lat: np.ndarray
    code: np.ndarray


def figures(surveys: int = SURVEYS) -> Iterator[Figure]:
    """Time and bytes until a browser has all that its first view shows; base map tiles are in neither."""
    places = draw("train", np.arange(surveys), seed=0).places
    scene = Scene(places.lon, places.lat, np.arange(surveys) % len(COLOURS))
    page = with_markers(scene)
    time = compare(
        Comparison(
            title=f"{surveys:,} surveys on the map, time",
            usual_way="a folium.CircleMarker each",
            usual=partial(with_markers, scene),
            ours=partial(with_tiles, scene),
            equal=partial(same_places, scene, page),
            target=Target(100),
            note="page and the tiles of the first view",
            repetitions=REPETITIONS,
        )
    )
    yield time
    usual, ours = len(page.encode()), sum(map(len, with_tiles(scene)))
    yield replace(
        time, title="the same, bytes sent", usual=float(usual), ours=float(ours), target=Target(40), unit="B"
    )


def same_places(scene: Scene, page: str) -> None:
    """AssertionError unless the points of our tiles lie where the markers of `page` do."""
    points = PointTiles.build(scene.lon, scene.lat).coloured(scene.code)
    lon, lat = unproject(points.x, points.y)
    ours = np.stack([lat, lon], axis=1)[np.argsort(points.row)]
    markers = np.array(re.findall(r"L\.circleMarker\(\s*\[([-\d.]+), ([-\d.]+)\]", page), float)
    np.testing.assert_allclose(ours, markers, atol=ROUND_OFF)


def with_markers(scene: Scene) -> str:
    """The page with a marker per survey."""
    chart = folium.Map(CENTRE, zoom_start=ZOOM, tiles=None)
    columns = (column.tolist() for column in (scene.lon, scene.lat, scene.code))
    for x, y, colour in zip(*columns, strict=True):
        folium.CircleMarker((y, x), radius=2, weight=0, fill=True, fill_color=COLOURS[colour]).add_to(chart)
    return str(chart.get_root().render())


def with_tiles(scene: Scene) -> list[bytes]:
    """The page, and a PNG per tile of its first view."""
    page = base_map("/tiles/base/{z}/{x}/{y}.png", names(), "light")
    changing_layer(points_template("surveys", ""), None, "light").add_to(page)
    points = PointTiles.build(scene.lon, scene.lat).coloured(scene.code)
    pictures = [encode(points.draw(tile, PALETTE)) for tile in first_view()]
    return [str(page.get_root().render()).encode(), *pictures]


def first_view() -> list[Tile]:
    """The tiles a browser asks for before the map is moved."""
    x, y = (float(v) * 2**ZOOM for v in project(np.array(CENTRE[1]), np.array(CENTRE[0])))
    half_x, half_y = VIEW[0] / TILE_PIXELS / 2, VIEW[1] / TILE_PIXELS / 2
    columns = range(int(x - half_x), int(x + half_x) + 1)
    return [Tile(ZOOM, i, j) for j in range(int(y - half_y), int(y + half_y) + 1) for i in columns]
