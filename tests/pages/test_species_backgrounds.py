"""Species from presence-only records alone: asked for, learnt, shown beside the truth, kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sdm.data.dataset import Dataset
from sdm.inference import background_maps
from sdm.jobs import Report
from sdm.ui.species import backgrounds, grid
from sdm.virtual_europe.grid import SimulatedGrid, land_grid
from tests.pages.screen import Open, html, words

pytestmark = pytest.mark.usefixtures("anew")


def of_random_numbers(data: Dataset, _world: object, cells: SimulatedGrid, out: Path, report: Report) -> None:
    shape = len(background_maps.KINDS), data.targets.width, len(cells)
    out.parent.mkdir(parents=True, exist_ok=True)
    np.save(out, np.random.default_rng(0).random(shape, np.float32))
    report(1, 1, "steps")


def test_both_backgrounds_are_learnt_and_stand_beside_the_truth(
    opened: Open, tiny_tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background_maps, "FEWEST_RECORDS", 0)
    monkeypatch.setattr(backgrounds, "fit_backgrounds", of_random_numbers)
    monkeypatch.setattr(backgrounds, "land_grid", lambda seed: land_grid(seed, 2.0))
    monkeypatch.setattr(backgrounds.tables, "true_probability", lambda *_: None)
    app = opened(tiny_tree, page="species", area="backgrounds")
    app.button("learn_backgrounds").click().run()
    (job,) = grid.jobs()._jobs.values()
    assert job.wait(60) == "done"
    app.run()
    assert not app.exception
    assert "No truth" in html(app)
    assert "the target group is nearer to the truth" in words(app)
    assert any("Rank correlation with the truth" in caption.value for caption in app.caption)
    (kept,) = (tmp_path / "none" / grid.FOLDER).glob("backgrounds-*.npy")
    kept.write_bytes(b"damaged")
    app.run()
    assert "No maps of backgrounds" in app.error[0].value


def test_data_without_a_known_truth_do_not_offer_it(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], page="species", area="backgrounds")
    assert not app.exception
    assert not [button for button in app.button if button.key == "learn_backgrounds"]
