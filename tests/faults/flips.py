"""One byte of a file is another: in every kind of file that a run, a packed store or a data set holds."""

from __future__ import annotations

import gzip
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from sdm.data.array_sources import decode_geotiff, decode_jpeg_pair, decode_tensor
from sdm.data.store import open_store, write_store
from sdm.data.tree import open_tree
from sdm.evaluation.run_model import open_model
from sdm.formats.photograph import read_photograph
from sdm.formats.table import Kind, read_table
from sdm.modalities import LANDSAT, PATCH
from sdm.models.contract import Baseline
from sdm.rasters.polygons import read_layer
from sdm.rasters.scenes import read_scenes
from sdm.rasters.stack import RasterStack
from sdm.runs import Run
from sdm.runs.log import read_log
from sdm.runs.training_options import recipe
from sdm.training import Runtime, train
from tests.data import trees, trees_2024
from tests.datasets import multilabel
from tests.faults import Outcome
from tests.faults.damage import flip
from tests.faults.trials import Changed, Trials, content
from tests.rasters.coast import write_rasters


@dataclass(frozen=True)
class FileKind:
    """Files by `pattern` below the folder of `write_files`, and how they are read.

    `protected`: a checksum shows any change of values. Without one, other values may be read.
    """

    name: str
    pattern: str
    read: Callable[[Path], Any]
    protected: bool = True


def _model(path: Path) -> object:
    model = open_model(Run.open(path.parent))
    return model.table() if isinstance(model, Baseline) else model.state_dict()  # type: ignore[attr-defined]


def _store(path: Path) -> object:
    data = open_store(path.parent)
    every = np.arange(len(data))
    return data.sites, data.targets, [data.reader.read(name, every) for name in data.modalities]


def _tree(path: Path) -> object:
    data = open_tree(next(folder for folder in path.parents if folder.name == "tree"))
    return data.sites, data.targets, data.reader.read("environment", np.arange(len(data)))


def _predictions(path: Path) -> object:
    return Run.open(path.parents[1]).predictions(path.stem)


def _patch(path: Path) -> object:
    return decode_geotiff((path,), PATCH)


def _table(path: Path) -> object:
    return read_table(path, {"surveyId": Kind.ID, "lon": Kind.NUMBER})


def _raster(path: Path) -> np.ndarray:
    with RasterStack([path]) as stack:
        return stack.read(next(stack.windows()))


KINDS = (
    FileKind("card of a run", "run/card.json", lambda path: Run.open(path.parent).card),
    FileKind("configuration of a run", "run/config.json", lambda path: Run.open(path.parent).config),
    FileKind("weights of a network", "run/weights.safetensors", _model),
    FileKind("table of a baseline", "baseline/table.npz", _model),
    FileKind("training surveys", "run/train_ids.npz", lambda path: Run.open(path.parent).train_ids),
    FileKind("predictions", "run/predictions/*.npz", _predictions),
    FileKind("manifest of a store", "store/manifest.json", _store),
    FileKind("tables of a store", "store/*.parquet", _store),
    FileKind("labels of a store", "store/*.npz", _store),
    FileKind("arrays of a store", "store/*.npy", _store),
    FileKind("tensor", "tree/*Landsat/**/*_cube.pt", lambda path: decode_tensor((path,), LANDSAT)),
    FileKind("patch in Deflate", "deflate.tiff", _patch),
    FileKind("table in gzip", "table.csv.gz", _table),
    FileKind("patch in LZW", "tree/SatelitePatches/**/*.tiff", _patch, False),
    FileKind("uncompressed patch", "plain.tiff", _patch, False),
    FileKind("patch as JPEG", "colour.jpeg", lambda path: decode_jpeg_pair((path, None), PATCH), False),
    FileKind("photograph", "photo.jpg", read_photograph, False),
    FileKind("table in text", "tree/**/*.csv", _tree, False),
    FileKind("log of a training", "run/*.csv", read_log, False),
    FileKind("list of scenes", "coast/scenes.json", lambda path: read_scenes(path.parent)),
    FileKind("raster of a scene", "coast/scenes/*.tif", _raster, False),
    FileKind("polygons", "coast/scenes/*.gpkg", lambda path: read_layer(path, ["code"]), False),
)  # fmt: skip


def write_files(folder: Path) -> None:
    """Files of every kind."""
    options = {"run": recipe("landsat-mlp", epochs=1, model_config={"hidden": [16, 8]}),
               "baseline": recipe("nearest-surveys")}  # fmt: skip
    for name, option in options.items():
        train(multilabel(), folder / name, option, Runtime("cpu"))
    write_store(multilabel(), folder / "store")
    trees.write_tree(folder / "tree")
    for name, compression in (("deflate", "deflate"), ("plain", None)):
        trees.write_patch(folder / f"{name}.tiff", trees.patch(1), 10.0, 57.1, compress=compression)
    table = (folder / "tree" / "GLC25_PA_metadata_train.csv").read_bytes()
    (folder / "table.csv.gz").write_bytes(gzip.compress(table))
    trees_2024.pictures()[0].save(folder / "colour.jpeg")
    pixels = np.random.default_rng(0).integers(0, 255, (60, 80, 3)).astype(np.uint8)
    Image.fromarray(pixels).save(folder / "photo.jpg")
    write_rasters(folder / "coast")


def flips(seed: int = 0, tried: int = 2200) -> Outcome:
    """Change one byte at a place drawn from `seed`, in each kind of file in turn, `tried` times in all.

    Survived: an SdmError, or the same values. Other values count as unprotected where the format has no checksum,
    else as failed.
    """
    random, trials = np.random.default_rng(seed), Trials("flips")
    with tempfile.TemporaryDirectory() as home:
        write_files(Path(home))
        whole: dict[Path, object] = {}
        for i in range(tried):
            kind = KINDS[i % len(KINDS)]
            path = random.choice(np.array(sorted(Path(home).glob(kind.pattern)), object))
            if path not in whole:
                whole[path] = content(kind.read(path))
            with trials.one(kind.name):
                _flip(kind, path, random, whole[path])
    return trials.outcome()


def _flip(kind: FileKind, path: Path, random: np.random.Generator, whole: object) -> None:
    raw = path.read_bytes()
    path.write_bytes(flip(raw, random))
    try:
        if content(kind.read(path)) != whole:
            assert not kind.protected, f"{path.name}: read as other values"
            raise Changed
    finally:
        path.write_bytes(raw)
