"""Names of files as they differ between copies of GeoLifeCLEF, brought to one spelling.

Copies differ by case, by hyphen, underscore or blank between words, and by the rows of the tables below. Patterns
of files are written in any spelling and compared with what a tree holds after both are folded.
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import lru_cache

BETWEEN_WORDS = str.maketrans("", "", " _-")
# Folded word -> the same in the spelling used here.
WORDS: Mapping[str, str] = {
    "satelite": "satellite",  # Kaggle 2025; Pl@ntNet's server and GeoPlant have both
    "p0": "po",  # Kaggle writes P and a zero in some names of presence-only files
    "bioclimaticaverage": "bioclimatic",  # Pl@ntNet's server, 2024
}
# End of a name -> the same kind of file. What a file really is, its first bytes tell.
SUFFIXES: Mapping[str, str] = {
    ".csv.gz": ".csv",
    ".csv.zip": ".csv",  # Kaggle's single downloads
    ".tif": ".tiff",
    ".jpg": ".jpeg",
}


@lru_cache(maxsize=4096)
def fold(path: str) -> tuple[str, ...]:
    """The parts of a relative path or of a pattern, in one spelling.

    >>> fold("SatelitePatches/PO_train/{id}.tif") == fold("Satellite-Patches/po-train/{id}.tiff")
    True
    >>> fold("GLC25_P0_metadata_train.csv.zip")
    ('glc25pometadatatrain.csv',)
    """
    text = path.lower().translate(BETWEEN_WORDS)
    for word, same in WORDS.items():
        text = text.replace(word, same)
    end = next((end for end in SUFFIXES if text.endswith(end)), None)
    return tuple((text if end is None else text.removesuffix(end) + SUFFIXES[end]).split("/"))


@lru_cache(maxsize=256)
def suffix_spellings(suffix: str) -> tuple[str, ...]:
    """`suffix`, then the others that mean the same.

    >>> suffix_spellings(".tiff"), suffix_spellings("_cube.pt")
    (('.tiff', '.tif'), ('_cube.pt',))
    """
    return suffix, *(end for end, same in SUFFIXES.items() if same == suffix)


def matches(path: str, pattern: str) -> bool:
    """Whether `path` ends in `pattern`, a path whose parts may hold `*`, in whatever spelling.

    >>> matches("data/Climate/GLC24-PA-train-bioclimatic-monthly.csv", "GLC24-PA-train-bioclimatic_monthly.csv")
    True
    >>> matches("pa_train_patches_rgb/{id}.jpeg", "PA*train*patches_RGB/{id}.jpeg")
    True
    """
    parts, wanted = fold(path), fold(pattern)
    pairs = zip(reversed(parts), reversed(wanted), strict=False)
    return len(parts) >= len(wanted) and all(fnmatchcase(part, glob) for part, glob in pairs)
