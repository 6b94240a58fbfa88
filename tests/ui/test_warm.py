"""What the server loads before the first visitor leaves the map's component to the visitors' scripts."""

from __future__ import annotations

import subprocess
import sys

import pytest

from sdm.ui.components.tiles import HEAVY

pytestmark = pytest.mark.process


def test_the_entry_is_light_and_no_component_is_declared_without_a_visitor() -> None:
    script = (
        "import sys, sdm.ui.components.tiles; assert 'torch' not in sys.modules, 'the entry loads torch'; "
        f"import {', '.join(HEAVY)}; assert 'streamlit_folium' not in sys.modules, 'the component is declared'"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
