"""A walk: a table of 300 records of three species becomes a data set, a model and a species map in few clicks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Locator, Page

from sdm.data.open import open_dataset
from tests.browser.steps import MAP, asked, enter, link, settled_page
from tests.browser.views import EUROPE

pytestmark = pytest.mark.browser
ROWS, SPECIES, MOST_CLICKS = 300, 3, 8
TRAINED = 300_000  # milliseconds, of a busy machine


@dataclass
class Hand:
    """Clicks and counts them; to send a file takes one."""

    clicks: int = 0

    def click(self, what: Locator) -> None:
        what.click()
        self.clicks += 1

    def send(self, box: Locator, path: Path) -> None:
        box.set_input_files(path)
        self.clicks += 1


@pytest.fixture
def records(site: Path, tmp_path: Path) -> Path:
    """Sightings near surveys of the virtual Europe, as a person writes them down."""
    data, random = open_dataset(site / "data" / EUROPE), np.random.default_rng(0)
    near = data.sites.iloc[random.integers(0, len(data), ROWS)]
    table = pd.DataFrame({
        "species": np.array(["Abies alba", "Fagus sylvatica", "Picea <b>abies"])[np.arange(ROWS) % SPECIES],
        "longitude": near["lon"].to_numpy() + random.uniform(-0.02, 0.02, ROWS),
        "latitude": near["lat"].to_numpy() + random.uniform(-0.02, 0.02, ROWS), "year": 2020,
    })  # fmt: skip
    table.to_csv(tmp_path / "records.csv", index=False)
    return tmp_path / "records.csv"


def test_from_a_table_to_a_species_map(page: Page, address: str, records: Path) -> None:
    hand = Hand()
    enter(page, f"{address}/{link('about', data=EUROPE)}")
    hand.click(page.locator("[data-testid=stSidebarNav] a[href$='/your_data']"))
    hand.send(page.locator(".st-key-records_file input[type=file]"), records)
    hand.click(page.locator(".st-key-import_begin button"))
    hand.click(page.locator(".st-key-train_begin button"))
    way = page.locator("[data-testid=stMain] a[href*='run=presence-blend']")
    way.wait_for(timeout=TRAINED)
    hand.click(way)
    page.wait_for_url("**/species?**")
    tiles = page.frame_locator(MAP).locator("img.leaflet-tile[src*='/tiles/species/']")
    tiles.first.wait_for(timeout=TRAINED)  # the predictors round the records are simulated first
    settled_page(page)
    assert asked(page)["data"][0].startswith("records-")
    assert hand.clicks <= MOST_CLICKS
