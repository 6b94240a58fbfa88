"""What stands on the page of confusion."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from sdm.ui.components.linked import box_key

LONG = "x" * 10_000


def heading(app: AppTest) -> str:
    return next(str(e.proto.body) for e in app.get("html") if "class='list-title'" in str(e.proto.body))


def view(app: AppTest, name: str) -> AppTest:
    return app.segmented_control(box_key("confusion_view")).set_value(name).run()
