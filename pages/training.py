"""How did it learn? Curves of any number of runs, diagrams of networks, the study of the LSTM, and trainings
started from here."""

from __future__ import annotations

from sdm.ui.components import linked
from sdm.ui.components.page_frame import require_dataset
from sdm.ui.state import Key
from sdm.ui.training import curves, lstm_study, network, start

SECTIONS = {
    "curves": ("Curves", curves.section),
    "network": ("Network", network.section),
    "study": ("The LSTM study", lstm_study.section),
    "train": ("Train a model", start.section),
}

data = require_dataset("How did it learn?")
linked.view("Part of this page", SECTIONS, Key.TRAINING_SECTION)(data)
