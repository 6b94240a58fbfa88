"""The predictors along which responses are drawn: those of the environment, or columns of a data set's own."""

from __future__ import annotations

from collections.abc import Iterable

from sdm.data.dataset import Dataset
from sdm.errors import DataError
from sdm.modalities import ENVIRONMENT, ENVIRONMENT_VARIABLES, MODALITIES
from sdm.modalities.environment import EnvironmentVariable
from sdm.modalities.predictors import is_predictors
from sdm.occurrences.report import read_report

Variables = tuple[EnvironmentVariable, ...]


def responding(modalities: Iterable[str]) -> str | None:
    """The one of `modalities` that is a table of predictors; None where none is."""
    named = tuple(modalities)
    return ENVIRONMENT.name if ENVIRONMENT.name in named else next(filter(is_predictors, named), None)


def predictor_variables(dataset: Dataset) -> Variables:
    """What each channel of the data set's table of predictors is, in order; none where it has no such table.

    Columns of tables of one's own have the names that they have there.
    """
    name = responding(dataset.modalities)
    if name is None or name == ENVIRONMENT.name:
        return ENVIRONMENT_VARIABLES if name else ()
    channels, titles = MODALITIES[name].channels, _columns(dataset)
    if len(titles) != len(channels):
        titles = channels
    source, coded = MODALITIES[name].source, MODALITIES[name].coded or (False,) * len(channels)
    return tuple(
        EnvironmentVariable(channel, title, channel, "", source, 1.0, "class" if code else "number")
        for channel, title, code in zip(channels, titles, coded, strict=True)
    )


def _columns(dataset: Dataset) -> tuple[str, ...]:
    """The columns of the tables it was made of, as its report names them; none without a readable report."""
    try:
        report = read_report(dataset.place)
    except DataError:
        return ()
    return () if report is None else tuple(report.predictors)
