"""Who is credited for what."""

from __future__ import annotations

from sdm.data.provenance import GEOLIFECLEF, VIRTUAL_EUROPE
from sdm.modalities import ENVIRONMENT_VARIABLES


def test_the_human_footprint_of_2025_is_credited_to_openstreetmap() -> None:
    rows = {row.part: row for row in GEOLIFECLEF if "footprint" in row.part}
    (now,) = (row for part, row in rows.items() if "2025" in part)
    assert "© OpenStreetMap contributors" in now.publisher and "ODbL" in now.licence
    assert "openstreetmap.org/copyright" in now.source
    assert not [row for part, row in rows.items() if "Venter" in row.publisher and "2024" not in part]
    sources = {one.source for one in ENVIRONMENT_VARIABLES if one.table == "human_footprint"}
    assert all("OpenStreetMap" in source for source in sources)


def test_every_row_is_whole() -> None:
    rows = [*GEOLIFECLEF, *VIRTUAL_EUROPE]
    assert all(value.strip() for row in rows for value in vars(row).values())
    assert len({(row.part, row.publisher) for row in rows}) == len(rows)
