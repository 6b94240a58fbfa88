"""A training from the page: started, watched, left and found again, stopped; and no barrier on the way."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from sdm.models.registry import REGISTRY
from sdm.ui.state import Key
from tests.browser.steps import PLOT, by_menu, figure, widget

pytestmark = pytest.mark.browser
PATIENCE = 120_000  # of a busy machine
SLOW = "resnet18-patch"


def most_epochs_of_the_slowest(page: Page) -> None:
    """Ask for a training long enough to be left and stopped."""
    widget(page, Key.TRAIN_MODEL).get_by_role("combobox").click()
    page.get_by_role("option", name=REGISTRY[SLOW].title, exact=True).click()
    slider = widget(page, f"epochs_{SLOW}").get_by_role("slider")
    slider.focus()
    page.keyboard.press("End")
    expect(slider).to_have_value("100")


def test_a_training_outlives_page_and_reload(page: Page, address: str) -> None:
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    page.goto(f"{address}/training?training_section=train")
    most_epochs_of_the_slowest(page)
    page.locator("[data-testid=stMain] button[kind=primary]").click()
    card = widget(page, f"training_{SLOW}")
    expect(card).to_contain_text("100")
    by_menu(page, "predict")
    expect(card).to_have_count(0)
    by_menu(page, "training")
    expect(card.get_by_role("progressbar")).not_to_have_attribute("aria-valuenow", "0")
    page.reload()
    expect(card.locator(PLOT).first).to_be_visible()
    widget(page, f"stop_{SLOW}").get_by_role("button").click()
    left = widget(page, f"interrupted_{SLOW}")
    expect(left.locator(f".st-key-go_on_{SLOW}").get_by_role("button")).to_be_visible()


def test_a_log_is_added_and_drawn(page: Page, address: str) -> None:
    page.goto(f"{address}/training?runs=mlp")
    expect(figure(page, "score")).to_be_visible(timeout=PATIENCE)
    widget(page, "choose_runs").get_by_test_id("stPopoverButton").last.click()
    log = {"name": "<img src=x>.csv", "mimeType": "text/csv", "buffer": b"epoch,val_loss\n1,0.5\n2,0.25\n"}
    page.locator("input[type=file]").set_input_files(log)  # type: ignore[arg-type]
    expect(widget(page, "wide_facts")).to_contain_text("mlp")
    expect(page.get_by_test_id("stMultiSelect").first).to_contain_text("<img src=x>.csv")
