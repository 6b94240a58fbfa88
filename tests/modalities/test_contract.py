"""Every modality of the registry fulfils the contract, and what it names exists."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from sdm.analysis.values import usual_table, value_table
from sdm.data.array_sources import DECODERS
from sdm.data.store.manifest import Packing, Shard, check_packing
from sdm.figures.series import series
from sdm.figures.style import PALETTE
from sdm.modalities import MODALITIES, Modality, in_order, of_edition
from sdm.modalities.layouts import EDITIONS, SOURCES, FileLayout, TableLayout
from sdm.models.encoders import ENCODERS
from sdm.models.preparation import PREPARATIONS
from sdm.ui.components.dossier.views import OF_MODALITY, VIEWS
from sdm.virtual_europe.simulators import SIMULATORS, not_simulated, simulated_modalities

every = pytest.mark.parametrize("modality", MODALITIES.values(), ids=list(MODALITIES))


def values(modality: Modality) -> np.ndarray:
    random = np.random.default_rng(0)
    found = random.uniform(1, 40, modality.shape).astype(np.float32)
    found.ravel()[0] = np.nan
    return found


@every
def test_the_row_is_whole(modality: Modality) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]*", modality.name) and MODALITIES[modality.name] is modality
    assert modality.title and modality.phrase and modality.meaning and modality.source
    assert len(modality.axes) == len(modality.shape)
    per_channel = (modality.channels, modality.channel_titles, modality.units, modality.scale, modality.offset)
    assert {len(row) for row in per_channel} == {modality.shape[0]}
    assert len(modality.coded or modality.channels) == modality.shape[0]
    for axis, positions in modality.coordinates.items():
        assert len(positions) == modality.shape[modality.axes.index(axis)]
    np.dtype(modality.dtype)


@every
def test_what_it_names_exists(modality: Modality) -> None:
    assert modality.colour in PALETTE
    assert modality.preparations and set(modality.preparations) <= set(PREPARATIONS)
    assert all(f"{modality.name}-{kind}" in ENCODERS for kind in modality.encoders)
    assert any(encoder.modality == modality.name for encoder in ENCODERS.values())
    assert modality.simulator is None or modality.simulator in SIMULATORS
    assert modality.view in {*VIEWS, *OF_MODALITY}


@every
def test_layouts(modality: Modality) -> None:
    assert modality.layouts
    for layout in modality.layouts:
        assert layout.edition in EDITIONS and layout.source in SOURCES
        if isinstance(layout, FileLayout):
            assert layout.decoder in DECODERS and all("{id}" in pattern for pattern in layout.patterns)
        if isinstance(layout, TableLayout):
            positions = [position for part in layout.parts for position in part.positions]
            assert sorted(positions) == list(range(int(np.prod(modality.shape))))
            assert all(len(part.columns) == len(part.positions) for part in layout.parts)


@every
def test_what_is_made_of_values(modality: Modality) -> None:
    found = values(modality)
    physical = modality.to_physical(found)
    table = value_table(found, modality)
    np.testing.assert_allclose(table["value"], physical.ravel(), rtol=1e-6)
    assert list(table) == [*modality.axes, "value", "unit"]
    facts = modality.facts(found)
    assert facts[0].name == "valid" and facts[0].value == pytest.approx(100 * (1 - 1 / found.size))
    features = modality.features(np.stack([found, found]))
    assert features.ndim == 2 and len(features) == 2 and np.isfinite(features).any()
    if len(modality.shape) > 1:
        usual = usual_table(found, modality)
        assert len(usual) == modality.shape[0] * modality.shape[-1]
        figure = series(usual, modality)
        assert len(figure.plot.data) == modality.shape[0] and figure.alt and figure.caption
    if modality.channel_order is not None:
        assert modality.channel_order.holds(np.full_like(found, np.nan)) is None


@every
def test_a_store_may_hold_it(modality: Modality) -> None:
    shard = Shard(f"{modality.name}-0000.npy", 3, (1,))
    packing = Packing(modality.dtype, modality.shape, modality.nodata, 4, (shard,))
    check_packing(modality.name, packing)
    elsewhere = replace(packing, shards=(replace(shard, file=f"../{shard.file}"),))
    with pytest.raises(ValueError, match="impossible shard"):
        check_packing(modality.name, elsewhere)


def test_lists_of_modalities() -> None:
    assert sorted(in_order(MODALITIES)) == sorted(MODALITIES)
    assert len({modality.order for modality in MODALITIES.values()}) == len(MODALITIES)
    assert sorted([*simulated_modalities(), *not_simulated(MODALITIES)]) == sorted(MODALITIES)
    assert set(of_edition(2025)) <= set(MODALITIES) and of_edition(1900) == ()
