"""A training from the page: started, watched, left and found again, stopped; and no barrier on the way."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import SIZE, settled_page
from tests.browser.test_walk import GRAVE

pytestmark = pytest.mark.browser
PARTS = ("training", "training?curves=The+LSTM+study", "training?curves=Train+a+model")
PATIENCE = 120_000  # of a busy machine


def most_epochs_of_the_slowest(page: Page) -> None:
    """Ask for a training long enough to be left and stopped."""
    page.get_by_role("combobox", name="Model").click()
    page.get_by_role("option", name="ResNet-18 on the patch").click()
    expect(page.get_by_text("ImageNet's ResNet-18")).to_be_visible()
    slider = page.get_by_role("slider", name="Epochs")
    slider.focus()
    page.keyboard.press("End")
    expect(slider).to_have_value("100")


def test_a_training_outlives_page_and_reload(page: Page, address: str) -> None:
    outside: list[str] = []
    page.on(
        "request", lambda r: outside.append(r.url) if not r.url.startswith((address, "data:", "blob:")) else None
    )
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    page.goto(f"{address}/training?curves=Train+a+model")
    most_epochs_of_the_slowest(page)
    page.get_by_role("button", name="Start training").click()
    card = page.locator(".st-key-training_resnet18-patch")
    expect(card).to_contain_text("100 epochs")
    page.get_by_role("link", name="Predict").click()
    expect(card).to_have_count(0)
    page.get_by_role("link", name="Training").click()
    expect(card).to_contain_text("of 100 · step")
    page.reload()
    expect(card.locator(".js-plotly-plot").first).to_be_visible()
    card.get_by_role("button", name="Stop").click()
    left = page.locator(".st-key-interrupted_resnet18-patch")
    expect(left).to_contain_text("goes on from the step it saved last")
    expect(left.get_by_role("button", name="Go on")).to_be_visible()
    assert outside == []


def test_a_log_is_added_and_drawn(page: Page, address: str) -> None:
    page.goto(f"{address}/training")
    expect(page.locator(".st-key-figure_score .js-plotly-plot")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Add a log").click()
    log = {"name": "<img src=x>.csv", "mimeType": "text/csv", "buffer": b"epoch,val_loss\n1,0.5\n2,0.25\n"}
    page.locator("input[type=file]").set_input_files(log)  # type: ignore[arg-type]
    expect(page.locator(".st-key-wide_facts")).to_contain_text("mlp")
    expect(page.get_by_test_id("stMultiSelect").first).to_contain_text("<img src=x>.csv (uploaded)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PARTS)
def test_no_grave_barrier(browser: Browser, address: str, path: str, scheme: str) -> None:
    context = browser.new_context(viewport=SIZE, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{address}/{path}")
    page.locator("h1").wait_for()
    settled_page(page)
    found = Axe().run(page).response["violations"]
    grave = [
        (v["id"], node["html"][:160], node["failureSummary"][:300])
        for v in found if v["impact"] in GRAVE for node in v["nodes"]
    ]  # fmt: skip
    context.close()
    assert grave == []


@pytest.mark.parametrize("path", PARTS)
def test_a_phone_needs_no_sideways_scroll(browser: Browser, address: str, path: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(f"{address}/{path}")
    page.locator("h1").wait_for()
    page.wait_for_timeout(4000)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
    page.close()
