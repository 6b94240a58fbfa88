"""Every page in every situation: no exception, nothing taken for markup, and a word on what to do."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import gettempdir

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from sdm.data.dataset import ArrayReader, Targets
from sdm.data.open import open_dataset
from sdm.data.store import write_store
from sdm.files import PROJECT
from sdm.modalities import MODALITIES
from sdm.occurrences.build import import_occurrences
from sdm.occurrences.options import ImportOptions
from sdm.runs import TrainingOptions
from sdm.training import Runtime, train
from sdm.ui.components import runs
from tests.datasets import ROWS, arrays, multilabel
from tests.hostile import MARKUP, NAMES, hostile_data, hostile_run
from tests.occurrences.tables import tables
from tests.pages.screen import APP, Open

PAGES = sorted(path.stem for path in (APP.parent / "pages").glob("*.py"))
PARTS: Mapping[str, list[dict[str, str]]] = {
    "explore": [{}, {"survey": "105"}, {"survey": "5000108"}, {"at": "51, 7.5"}],
    "predict": [{}, {"survey": "105"}, {"survey": "118"}, {"predict_section": "list"}],
    "confusion": [{}, {"confusion_view": "pairs"}, {"confusion_view": "matrix"}],
    "training": [{}, {"training_section": "study"}, {"training_section": "train"}],
    "scores": [{}, {"scores_section": "schemes"}, {"scores_section": "published"}, {"scores_section": "file"}],
}
"""How else a page can be opened than plainly."""
NEEDING_DATA = [page for page in PAGES if page != "your_data"]
"""Pages that show a data set."""
ASKING = ("predict", "species", "confusion", "scores")
"""Pages that ask a model."""


@dataclass(frozen=True)
class Site:
    """What a situation is made of: fixtures, trained runs, a folder of its own for both, and one that the pages
    share, whose parts are not to be written to."""

    stores: Mapping[str, Path]
    trained: Path
    folder: Path
    shared: Path

    @property
    def runs(self) -> Path:
        """The reader's own runs."""
        return self.folder / "runs"

    def copy_run(self, name: str) -> Path:
        """A run of one's own to damage."""
        return Path(shutil.copytree(self.trained / name, self.runs / name))

    def once(self, name: str, make: Callable[[Path], object]) -> Path:
        """A part of the shared folder that `make` fills for the first page."""
        folder = self.shared / name
        if not folder.exists():
            folder.mkdir()
            make(folder)
        return folder


def no_data(site: Site) -> list[Path]:
    shutil.copytree(site.trained, site.runs)
    return []


def no_data_set(site: Site) -> list[Path]:
    return [site.folder]


def half_a_store(site: Site) -> list[Path]:
    store = Path(shutil.copytree(site.stores["multilabel"], site.folder / "half"))
    for path in sorted(store.rglob("*.npy"))[::2]:
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return [store]


def half_a_table(site: Site) -> list[Path]:
    store = Path(shutil.copytree(site.stores["multilabel"], site.folder / "half"))
    table = store / "sites.parquet"
    table.write_bytes(table.read_bytes()[:-50])
    return [store]


def no_model(site: Site) -> list[Path]:
    return [site.stores["multilabel"]]


def half_a_run(site: Site) -> list[Path]:
    run = site.copy_run("multilabel-mlp")
    (run / "card.json").unlink()
    (run / "weights.safetensors").unlink()
    log = run / "batches.csv"
    log.write_bytes(log.read_bytes()[:-7])
    return [site.stores["multilabel"]]


def truncated_weights(site: Site) -> list[Path]:
    weights = site.copy_run("multilabel-mlp") / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    return [site.stores["multilabel"]]


def truncated_predictions(site: Site) -> list[Path]:
    for path in (site.copy_run("multilabel-mlp") / "predictions").iterdir():
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return [site.stores["multilabel"]]


def card_that_is_no_card(site: Site) -> list[Path]:
    for number, text in enumerate(
        ("{", "[]", '{"schema": 1}', '{"schema": "x", "kind": 7, "scores": []}', "\x00")
    ):
        run = Path(shutil.copytree(site.trained / "multilabel-mlp", site.runs / f"run-{number}"))
        (run / "card.json").write_text(text)
    return [site.stores["multilabel"]]


def settings_that_are_none(site: Site) -> list[Path]:
    for number, text in enumerate(("[", '"x"', "{}", '{"training": {"epochs": "many"}}')):
        run = Path(shutil.copytree(site.trained / "multilabel-mlp", site.runs / f"run-{number}"))
        (run / "config.json").write_text(text)
        (run / "history.csv").write_text("epoch,\x00")
    return [site.stores["multilabel"]]


def one_survey(site: Site) -> list[Path]:
    whole = multilabel()
    few = replace(
        whole,
        sites=whole.sites.iloc[5:6].reset_index(drop=True),
        targets=Targets(
            whole.targets.kind, whole.targets.classes, whole.targets.values[5:6], whole.targets.known[5:6]
        ),
        reader=ArrayReader({name: array[:1] for name, array in arrays(np.full(ROWS, 0.5), MODALITIES).items()}),
    )
    shutil.copytree(site.trained, site.runs)
    return [write_store(few, site.folder / "one").place]


def multiclass_data(site: Site) -> list[Path]:
    shutil.copytree(site.trained, site.runs)
    return [site.stores["multiclass"]]


def regression_data(site: Site) -> list[Path]:
    shutil.copytree(site.trained, site.runs)
    return [site.stores["regression"]]


def records(site: Site) -> list[Path]:
    """Presence-only records, background and plots, and a model of them."""

    def make(folder: Path) -> None:
        files = tables(200).write(folder)
        import_occurrences(files, folder / "records", ImportOptions(categories=("soil",)))
        config = {"networks": 2, "width": 8, "least_steps": 10}
        options = TrainingOptions("poisson-ensemble", model_config=config)
        train(open_dataset(folder / "records"), folder / "runs" / "ensemble", options, Runtime(device="cpu"))

    made = site.once("records", make)
    shutil.copytree(made / "runs", site.runs)
    return [made / "records"]


def records_nowhere(site: Site) -> list[Path]:
    """The same in a reference system that is not known."""

    def make(folder: Path) -> None:
        made = tables(60)
        names = {"decimalLongitude": "x", "decimalLatitude": "y"}
        moved = {
            name: getattr(made, name).rename(columns=names)
            for name in ("records", "background", "plot_predictors")
        }
        for table in moved.values():
            table[["x", "y"]] = 1e5 * table[["x", "y"]]  # metres: what fits degrees is taken for them
        import_occurrences(made.write(folder, **moved), folder / "records", ImportOptions())

    return [site.once("nowhere", make) / "records"]


def hostile_names(site: Site) -> list[Path]:
    def make(folder: Path) -> None:
        hostile_run(open_dataset(hostile_data(folder / "data")), folder / "runs")

    made = site.once("hostile", make)
    shutil.copytree(made / "runs", site.runs)
    (data,) = (made / "data").iterdir()
    return [data]


SITUATIONS: list[Callable[[Site], list[Path]]] = [
    no_data, no_data_set, half_a_store, half_a_table, no_model, half_a_run, truncated_weights,
    truncated_predictions, card_that_is_no_card, settings_that_are_none, one_survey,
    multiclass_data, regression_data, records, records_nowhere, hostile_names,
]  # fmt: skip


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shared")


@pytest.fixture
def site(
    stores: dict[str, Path], trained: Path, shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Site:
    made = Site(stores, trained, tmp_path, shared)
    monkeypatch.setattr(runs, "HOMES", (made.runs,))
    return made


def parts(page: str) -> list[dict[str, str]]:
    return PARTS.get(page, [{}])


def said(app: AppTest) -> str:
    """All words of the page but those of figures."""
    kinds = ("markdown", "title", "subheader", "caption", "error", "warning", "info", "code")
    plain = [str(element.value) for kind in kinds for element in app.get(kind)]
    plain += [table.value.to_csv() for table in app.dataframe]
    return "\n".join([*plain, *(str(element.proto.body) for element in app.get("html"))])


def stands(app: AppTest) -> str:
    """The words of a page that stands: nothing raised, nothing unforeseen, no name that became markup."""
    assert not app.exception, [e.message for e in app.exception]
    words = said(app)
    assert "nobody foresaw" not in words
    assert not [line for line in words.splitlines() if gettempdir() in line or str(PROJECT) in line]
    assert app.title
    for element in app.get("html"):
        assert not re.search(r"<(img|script)\b", str(element.proto.body))
    return words


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda made: made.__name__)
def test_every_page_stands(opened: Open, site: Site, page: str, situation: Callable[[Site], list[Path]]) -> None:
    data = situation(site)
    for part in parts(page):
        stands(opened(*data, page=page, **part))


@pytest.mark.parametrize("page", NEEDING_DATA)
def test_without_data_every_page_says_what_to_do(opened: Open, page: str) -> None:
    app = opened(page=page)
    assert app.title[0].value == "No data set yet"
    assert "sdm demo" in app.code[0].value


@pytest.mark.parametrize("page", NEEDING_DATA)
@pytest.mark.parametrize("situation", [no_data_set, half_a_table], ids=lambda made: made.__name__)
def test_what_is_no_data_set_is_named_on_every_page(
    opened: Open, site: Site, page: str, situation: Callable[[Site], list[Path]]
) -> None:
    words = stands(opened(*situation(site), page=page))
    assert "cannot be opened" in words
    assert "What to do" in words


@pytest.mark.parametrize("page", ASKING)
def test_without_a_model_the_page_says_how_to_train_one(opened: Open, site: Site, page: str) -> None:
    app = opened(*no_model(site), page=page, survey="105")
    assert "No model is trained on this data" in [heading.value for heading in app.subheader]
    assert app.code[0].value.startswith("python -m sdm train")


@pytest.mark.parametrize("page", ASKING)
@pytest.mark.parametrize(
    ("situation", "words"),
    [(half_a_run, "multilabel-mlp: the same training command goes on"), (card_that_is_no_card, "cannot be read")],
)
def test_runs_that_cannot_be_asked_are_named(
    opened: Open, site: Site, page: str, situation: Callable[[Site], list[Path]], words: str
) -> None:
    assert words in stands(opened(*situation(site), page=page, survey="105"))


@pytest.mark.real
@pytest.mark.parametrize("page", PAGES)
def test_every_page_stands_on_a_real_partial_tree(opened: Open, site: Site, real_tree: Path, page: str) -> None:
    shutil.copytree(site.trained, site.runs)
    for part in parts(page):
        assert "Simulated data." not in stands(opened(real_tree, page=page, **part))


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.usefixtures("with_runs")
@pytest.mark.parametrize("nonsense", [MARKUP, "../../etc/passwd", "", "nan", "-1", *NAMES[4:6]])
def test_nonsense_in_the_address_opens_every_page(
    opened: Open, stores: dict[str, Path], page: str, nonsense: str
) -> None:
    keys = ("data", "survey", "at", "run", "species", "filter", "models", "year", "split")
    stands(opened(stores["multilabel"], page=page, **dict.fromkeys(keys, nonsense)))


def test_what_an_import_of_records_left_out_is_shown(opened: Open, site: Site) -> None:
    words = stands(opened(*records_nowhere(site), page="about"))
    assert "Tables of presence-only records" in words and "Background sites tell neither" in words
    assert "with one species: its background is the records of all groups" in words
    assert "reference system that is not known" in words


def test_predictors_of_a_virtual_europe_are_simulated(opened: Open, tiny_tree: Path, tmp_path: Path) -> None:
    files = tables(200).write(tmp_path)
    options = ImportOptions(environment_of=tiny_tree, nearest_km=1e4)
    import_occurrences(replace(files, plot_predictors=None, plots=None), tmp_path / "own", options)
    for page in ("explore", "about"):
        app = opened(tmp_path / "own", page=page)
        assert not app.exception
        assert "Simulated predictors." in said(app)
    assert "nothing here is simulated" not in said(app)
    assert "ask whoever published them" in said(app)
