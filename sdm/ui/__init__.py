"""What the pages are made of: session state, caches, widgets, the map, the dossier on screen."""

from __future__ import annotations

import os

# Read when torch is loaded: threads that wait must not keep the cores of other visitors busy.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
