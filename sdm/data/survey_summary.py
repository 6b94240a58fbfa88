"""A dossier in numbers and words: a few facts per modality in true units, as text and as JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from sdm.data.survey import Dossier
from sdm.modalities import CLIMATE, CLIMATE_YEARS, ENVIRONMENT, LANDSAT, LANDSAT_YEARS, MODALITIES, PATCH
from sdm.modalities.environment_variables import ENVIRONMENT_VARIABLES

MOST_LISTED = 12  # classes named in text; JSON names all


@dataclass(frozen=True)
class Fact:
    """One number with its unit; None where the data do not tell."""

    name: str
    value: float | None
    unit: str = ""

    def __str__(self) -> str:
        if self.value is None:
            return f"{self.name} unknown"
        text = f"{self.value:.0f}" if abs(self.value) >= 100 else f"{self.value:.4g}"
        return f"{self.name} {text} {self.unit}".rstrip()


def facts(dossier: Dossier) -> dict[str, tuple[Fact, ...]]:
    """The facts of each modality that the survey has."""
    return {
        name: (Fact("valid", 100 * float(np.isfinite(values).mean()), "%"), *FACTS[name](values))
        for name, values in dossier.values.items()
        if values is not None
    }


def patch_facts(values: np.ndarray) -> tuple[Fact, ...]:
    """Mean reflectance of each band and mean NDVI of a patch (4, 64, 64) in stored units."""
    reflectance = PATCH.to_physical(values)
    red, nir = (reflectance[PATCH.channels.index(band)] for band in ("red", "nir"))
    means = tuple(Fact(band, _mean(reflectance[i])) for i, band in enumerate(PATCH.channels))
    return (*means, Fact("NDVI", _mean(_index(nir, red))))


def landsat_facts(values: np.ndarray) -> tuple[Fact, ...]:
    """Quarters seen, the last year with data, and the mean summer NDVI of a Landsat cube (6, 4, 21)."""
    red, nir = (values[LANDSAT.channels.index(band)] for band in ("red", "nir"))
    seen = np.isfinite(values).all(axis=0)
    years = np.flatnonzero(seen.any(axis=0))
    last = float(LANDSAT_YEARS[years[-1]]) if years.size else None
    summer = _mean(_index(nir, red)[2])
    return Fact("quarters seen of 84", float(seen.sum())), Fact("last year", last), Fact("summer NDVI", summer)


def climate_facts(values: np.ndarray) -> tuple[Fact, ...]:
    """Means over the years of a climate cube (4, 19, 12): temperature, coldest and warmest month, yearly rain."""
    rain, mean, high, low = CLIMATE.to_physical(values)
    years = f"{CLIMATE_YEARS[0]}-{CLIMATE_YEARS[-1]}"
    return (
        Fact(f"mean temperature {years}", _mean(mean), "°C"),
        Fact("highest of the warmest month", _extreme(high, np.max), "°C"),
        Fact("lowest of the coldest month", _extreme(low, np.min), "°C"),
        Fact("precipitation a year", _mean(rain.sum(axis=1)), "mm"),
    )


def environment_facts(values: np.ndarray) -> tuple[Fact, ...]:
    """Each predictor in its unit."""
    physical = ENVIRONMENT.to_physical(values)
    return tuple(
        Fact(predictor.name, float(value) if np.isfinite(value) else None, predictor.unit)
        for predictor, value in zip(ENVIRONMENT_VARIABLES, physical, strict=True)
    )


FACTS: dict[str, Callable[[np.ndarray], tuple[Fact, ...]]] = {
    PATCH.name: patch_facts,
    LANDSAT.name: landsat_facts,
    CLIMATE.name: climate_facts,
    ENVIRONMENT.name: environment_facts,
}


def to_text(dossier: Dossier) -> str:
    """The dossier in lines for a terminal; control characters in names are shown as blanks."""
    lines = [f"survey {dossier.survey_id}, {dossier.source}{' (simulated)' if dossier.simulated else ''}"]
    lines += [f"  {name:<12} {text}" for name, text in _about(dossier)]
    known = facts(dossier)
    for name in dossier.values:
        told = ", ".join(map(str, known[name])) if name in known else dossier.notes[name]
        lines.append(f"  {MODALITIES[name].title.lower():<18} {told}")
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
    place = "unknown" if dossier.lon is None else f"{dossier.lat:.5f}° N, {dossier.lon:.5f}° E"
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


def _index(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(a - b) / (a + b); NaN where the sum is not positive."""
    total = a + b
    return np.divide(a - b, total, out=np.full_like(total, np.nan), where=total > 0)


def _mean(values: np.ndarray) -> float | None:
    finite = values[np.isfinite(values)]
    return float(finite.mean()) if finite.size else None


def _extreme(values: np.ndarray, pick: Callable[..., np.ndarray]) -> float | None:
    """The mean over complete years of each year's extreme month; `values` (years, months)."""
    return _mean(pick(values, axis=1))
