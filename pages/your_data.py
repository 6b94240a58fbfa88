"""What about my own data? Rasters and polygons become a data set; simulated ones are made at a click."""

from __future__ import annotations

import streamlit as st

from sdm.ui.your_data import importing, made

st.title("What about my own data?", anchor=False)
st.caption(
    "Files stay on the machine that runs this app, under data/uploads; whoever uses this app sees what is made "
    "of them. Delete yours below."
)
importing.show()
left, right = st.columns(2, gap="large")
with left:
    made.own()
with right:
    made.simulated()
