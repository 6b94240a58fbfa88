"""A run whose title and folder want to be Markdown, on every page that shows runs: they stay words."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sdm.evaluation.imported_runs import import_run
from sdm.evaluation.submissions.check import check_submission
from sdm.ui.components import runs
from sdm.ui.components.linked import box_key
from sdm.ui.predict import VIEWS
from tests.datasets import multilabel
from tests.pages.screen import Open, html
from tests.submissions import NEAR_AND_FAR

TITLE = "![x](https:evil.example?x.png) [log in](https:evil.example) **b** $x$ :smile:.csv"
FOLDER = "![x](y) **bold** [a](b)"
MEANT = re.compile(r"(?<!\\)(\[(x|a|log in)\]|\*\*bo?l?d?|\$x|:smile)")
PROBABILITIES = "surveyId,42,3\n" + "".join(f"{survey},0.25,0.75\n" for survey in NEAR_AND_FAR)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, trained: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Our runs, and two in folders of such names: one kept of a file, one trained."""
    folder = Path(shutil.copytree(trained, tmp_path / "runs"))
    path, data = tmp_path / "mine.csv", multilabel()
    path.write_text(PROBABILITIES)
    import_run(path, folder / f"file {FOLDER}", data, check_submission(path, data), TITLE)
    shutil.copytree(folder / "multilabel-mlp", folder / f"mlp {FOLDER}")
    monkeypatch.setattr(runs, "HOMES", (folder,))
    return folder


def markdown(app: AppTest) -> list[str]:
    """All that is read as Markdown: texts, and the labels of widgets."""
    texts = [e.value for kind in ("markdown", "caption", "subheader", "title", "error", "warning", "success")
             for e in app.get(kind)]  # fmt: skip
    widgets = [e.label for kind in ("slider", "selectbox", "multiselect", "button", "toggle", "metric", "expander")
               for e in app.get(kind)]  # fmt: skip
    options = [o for e in app.get("segmented_control") + app.get("button_group") for o in e.options]
    return [str(words) for words in (*texts, *widgets, *options)]


def stays_words(app: AppTest) -> None:
    assert not app.exception
    for words in markdown(app):
        assert not MEANT.search(words), words


@pytest.mark.parametrize("view", VIEWS)
def test_predict(opened: Open, stores: dict[str, Path], view: str) -> None:
    app = opened(stores["multilabel"], page="predict", survey="118", predict_view=view)
    app.multiselect(box_key("models")).set_value([f"file {FOLDER}", f"mlp {FOLDER}", "multilabel-country"]).run()
    stays_words(app)
    if view == "species":
        assert "[log in](https:evil.example)" in html(app)


@pytest.mark.parametrize("page", ["scores", "confusion", "training", "species"])
@pytest.mark.parametrize("run", [f"file {FOLDER}", f"mlp {FOLDER}"])
def test_other_pages(opened: Open, stores: dict[str, Path], page: str, run: str) -> None:
    stays_words(opened(stores["multilabel"], page=page, run=run, runs=run))


@pytest.mark.parametrize(
    ("view", "own", "formula"),
    [("patch", "rendering", "patch_formula"), ("landsat", "landsat_band", "landsat_formula")],
)
def test_a_formula_of_a_link(opened: Open, stores: dict[str, Path], view: str, own: str, formula: str) -> None:
    app = opened(stores["multilabel"], survey="105", view=view, **{own: "own", formula: "`[x](https:evil)`"})
    assert app.warning
    stays_words(app)
