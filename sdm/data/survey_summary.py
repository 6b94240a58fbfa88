"""A dossier in numbers and words: a few facts per modality in true units, as text and as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sdm.data.survey import Dossier
from sdm.geo.coordinates import coordinates
from sdm.modalities import MODALITIES
from sdm.modalities.modality import Fact

MOST_LISTED = 12  # classes named in text; JSON names all


def facts(dossier: Dossier) -> dict[str, tuple[Fact, ...]]:
    """The facts of each modality that the survey has."""
    return {n: MODALITIES[n].facts(values) for n, values in dossier.values.items() if values is not None}


def to_text(dossier: Dossier) -> str:
    """The dossier in lines for a terminal; control characters in names are shown as blanks."""
    lines = [f"survey {dossier.survey_id}, {dossier.source}{' (simulated)' if dossier.simulated else ''}"]
    lines += [f"  {name:<12} {text}" for name, text in _about(dossier)]
    known = facts(dossier)
    for name in dossier.values:
        values = ", ".join(map(str, known[name])) if name in known else dossier.notes[name]
        lines.append(f"  {MODALITIES[name].title.lower():<18} {values}")
    lines += [f"  check: {name}: {verdict}" for name, verdict in dossier.checks.items()]
    return "\n".join("".join(c if c.isprintable() else " " for c in line) for line in lines)


def to_json(dossier: Dossier) -> dict[str, Any]:
    """The dossier as plain JSON values: the facts of each modality in place of its array."""
    value = {name: field for name, field in vars(dossier).items() if name not in ("values", "recorded")}
    known = facts(dossier)
    value["recorded"] = [asdict(entry) for entry in dossier.recorded]
    value["modalities"] = {
        name: [asdict(fact) for fact in known[name]] if name in known else None for name in dossier.values
    }
    return {name: dict(field) if hasattr(field, "keys") else field for name, field in value.items()}


def _about(dossier: Dossier) -> list[tuple[str, str]]:
    lon, lat = dossier.lon, dossier.lat
    place = "unknown" if lon is None or lat is None else coordinates(lon, lat, 5)
    names = [name for name in (dossier.country, dossier.region) if name]
    area = "unknown" if dossier.area_m2 is None else f"{dossier.area_m2:g} m²"
    return [
        ("position", ", ".join([place, *names])),
        ("year", "unknown" if dossier.year is None else str(dossier.year)),
        ("plot area", area),
        ("split", ", ".join(f"{split or 'none'} ({scheme})" for scheme, split in dossier.split.items())),
        ("recorded", _recorded(dossier)),
    ]


def _recorded(dossier: Dossier) -> str:
    if dossier.target is not None:
        return f"{dossier.target:g} {dossier.unit}".rstrip()
    if not dossier.known:
        return "unknown"
    names = [entry.name for entry in dossier.recorded[:MOST_LISTED]]
    more = len(dossier.recorded) - len(names)
    return f"{len(dossier.recorded)}: {', '.join(names)}{f' and {more} more' if more else ''}" if names else "none"
