"""The map of a species as a cloud-optimised GeoTIFF that says what it is."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import rasterio
from rasterio import shutil as rasterio_shutil
from rasterio.errors import RasterioError

from sdm.errors import DataError
from sdm.exports.subject import Subject
from sdm.inference.species_map import MAP, species_model, write_species_map
from sdm.jobs import Report, no_report

FILE = "species.tif"


def write_raster(subject: Subject, out: Path, report: Report = no_report) -> None:
    """Write the map over the data set's rasters to `out`, whole or not at all; DataError without rasters.

    float32, NaN where nothing is known, overviews by averages. Tags name model, run, data and unit.
    """
    if subject.grid is None:
        raise DataError("the data set has no rasters of the predictors of this run", where=out)
    with TemporaryDirectory(dir=out.parent) as scratch:
        made = Path(scratch) / "made"
        write_species_map(species_model(subject.run, subject.class_id), subject.grid, made, report)
        with rasterio.open(made / MAP, "r+", driver="GTiff") as file:
            file.update_tags(**tags(subject))
            file.set_band_description(1, f"{subject.meaning.title} of {subject.name}")
            file.set_band_unit(1, subject.meaning.unit)
        try:
            rasterio_shutil.copy(
                made / MAP, made / FILE, driver="COG", compress="DEFLATE", predictor="YES", blocksize=256,
                overview_resampling="AVERAGE",
            )  # fmt: skip
        except RasterioError as problem:
            raise DataError("the map cannot be written", where=out, got=problem) from None
        (made / FILE).replace(out)


def tags(subject: Subject) -> dict[str, str]:
    """What is written into the file beside the values."""
    card = subject.run.card
    simulated = {"SIMULATED": "simulated data: no source for ecology"} if subject.simulated else {}
    return simulated | {
        "SPECIES": subject.name, "CLASS_ID": str(subject.class_id), "MODEL": card.model, "RUN": subject.run.name,
        "RUN_DIGEST": card.digest, "DATA": subject.dataset.title, "DATA_FINGERPRINT": subject.dataset.fingerprint,
        "MEANING": subject.meaning.title, "UNIT": subject.meaning.unit, "NOTE": subject.meaning.gloss,
    }  # fmt: skip
