"""What about my own data? Species records, rasters and polygons, or monthly series become a data set."""

from __future__ import annotations

import streamlit as st

from sdm.ui.components import linked
from sdm.ui.state import Key
from sdm.ui.your_data import folders, importing, made_datasets, series
from sdm.ui.your_data.records import page as records

KINDS = {
    "records": ("Species records", records.show),
    "rasters": ("Rasters and polygons", importing.show),
    "series": ("Monthly series (CSV)", series.show),
}

st.title("What about my own data?", anchor=False)
st.caption(
    "Files stay on the machine that runs this app, under data/uploads. Only this browser sees what is made of "
    "them; it goes a day after your last visit, unless you keep it for everybody."
)
linked.view("What the files are", KINDS, Key.UPLOAD_KIND)()
left, right = st.columns(2, gap="large")
with left:
    made_datasets.own()
    folders.show()
with right:
    made_datasets.simulated()
