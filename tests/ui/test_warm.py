"""What the server loads before the first visitor leaves the map's component to the visitors' scripts."""

from __future__ import annotations

import subprocess
import sys

import pytest

from sdm.ui.components.tiles import HEAVY

pytestmark = pytest.mark.process


def test_no_component_is_declared_without_a_visitor() -> None:
    script = f"import sys, {', '.join(HEAVY)}; sys.exit('streamlit_folium' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_the_entry_itself_is_light() -> None:
    script = "import sys, sdm.ui.components.tiles; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
