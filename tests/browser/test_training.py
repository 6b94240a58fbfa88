"""A training from the page: started, watched, left and found again, stopped; and no barrier on the way."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
PARTS = ("training", "training?training_section=study", "training?training_section=train")
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
    page.goto(f"{address}/training?training_section=train")
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
