"""How did it learn? Curves of any number of runs, the study of the LSTM, and trainings started from here."""

from __future__ import annotations

from collections.abc import Callable

from sdm.data.dataset import Dataset
from sdm.ui.components import linked
from sdm.ui.components.page_state import require_dataset
from sdm.ui.state import Key
from sdm.ui.training import curves, start, study

SECTIONS: dict[str, tuple[str, Callable[[Dataset], None]]] = {
    "curves": ("Curves", curves.section),
    "study": ("The LSTM study", study.section),
    "train": ("Train a model", start.section),
}


_, data = require_dataset("How did it learn?")
titles = {name: title for name, (title, _) in SECTIONS.items()}
chosen = linked.segmented_control("Part of this page", titles, Key.TRAINING_SECTION, label_visibility="collapsed")
SECTIONS[chosen][1](data)
