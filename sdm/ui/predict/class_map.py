"""The class map: what a run predicts at every pixel of a scene, painted, with probability and entropy."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import quote

import streamlit as st
from streamlit_folium import st_folium

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.survey_keys import position_of, row_of
from sdm.errors import SdmError
from sdm.figures.markdown import literal
from sdm.geo.mercator import RASTER_ZOOM
from sdm.inference.class_map import grid_of, predict_scene
from sdm.inference.class_map_files import CERTAINTY, CLASSES, VALUE, layer_for, why_no_map
from sdm.jobs import Report
from sdm.maps.class_colours import CLASS
from sdm.maps.click_map import Mark, TileLayer, base_map, changing_layer
from sdm.maps.map_view import view_script
from sdm.maps.place_names import names
from sdm.number_format import counted
from sdm.rasters.scenes import Scene
from sdm.rasters.stack import RasterStack
from sdm.runs import Run
from sdm.ui.cache import class_maps, datasets, rasters
from sdm.ui.components import job, linked, location, runs, scene_choices
from sdm.ui.components.data_table import data_table
from sdm.ui.components.figure import download
from sdm.ui.components.markup import fine
from sdm.ui.components.no_model import no_model
from sdm.ui.components.page_frame import empty, problem
from sdm.ui.components.theme import on_phone, theme
from sdm.ui.state import Key

HEIGHT, PHONE_HEIGHT, TABLE_HEIGHT = 470, 330, 330
AT_ONCE = 4_000_000  # pixels that are painted without being asked for
CLASS_LAYERS: Final = {
    "class": "Most probable class",
    "probability": "Probability of that class",
    "entropy": "Entropy",
    "none": "No prediction",
}
VALUE_LAYERS: Final = {"value": "Predicted value", "none": "No prediction"}
MEANING = {
    "class": "The most probable class of each pixel. Polygons drawn over it have the same colours.",
    "probability": "Dark 0, bright 1: how probable the model holds its first choice.",
    "entropy": "Dark 0, one class alone is probable; bright 1, all are alike: the model hesitates.",
    "value": "From the least (dark) to the largest predicted value of the scene (bright).",
    "none": "The scene with what was mapped.",
}
COLUMNS = {
    "name": st.column_config.TextColumn("Class"),
    "hectares": st.column_config.NumberColumn("Hectares", format="%.1f"),
    "share": st.column_config.NumberColumn("Of the scene", format="%.1f %%"),
    "probability": st.column_config.NumberColumn("Mean probability", format="%.2f"),
}


def show(data: Dataset) -> None:
    """Choices, then the map of the chosen run on the chosen site, made first where it is not there."""
    scenes, (able, reasons) = rasters.scenes(data), runs.fitting(data)
    lacking = {name: why_no_map(run, scenes) for name, run in able.items()}
    painters = {name: run for name, run in able.items() if not lacking[name]}
    if not able:
        no_model(data, reasons)
        return
    if not painters:
        empty("No model can paint these scenes", next(iter(lacking.values())))
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = linked.selectbox("Model", runs.titles(painters, data), Key.MAP_MODEL, width=260)
        run = painters[name]
        own = [scene for scene in scenes if layer_for(run, scene)]
        scene = scene_choices.scene_of(own, scene_choices.site_choice(data, own, None))
    folder = class_maps.folder_of(data, run, scene)
    if folder.exists() or _made(data, run, scene, folder):
        _map(data, run, scene, folder)


def _made(data: Dataset, run: Run, scene: Scene, folder: Path) -> bool:
    """Whether the map is there by now; says how it comes about."""
    layer, key = layer_for(run, scene), str(folder)
    assert layer is not None
    work = partial(predict_scene, run, layer, data.place, folder, class_maps.colours(data, CLASS))
    latest = class_maps.jobs().get(key)
    try:
        with RasterStack.of_layer(layer, data.place) as stack:
            grid = grid_of(stack, layer.modality)
    except SdmError as error:
        problem("The scene cannot be read", error)
        return False
    pixels = grid.width * grid.height
    start = partial(_start, key, work)
    if latest is None and pixels > AT_ONCE:
        st.button(f"Paint {counted(pixels, 'pixel')}", on_click=start, type="primary", key="paint")
        return False
    if latest is None or (latest.state == "done" and not folder.exists()):
        latest = class_maps.jobs().start(key, work)
        latest.wait(job.TICK_SECONDS)
    if latest.state == "done":
        return True
    if latest.state == "running":
        st.caption(f"{literal(run.name)} predicts {counted(pixels, 'pixel')} of {literal(scene.title)}.")
    job.unfinished(latest, "class_map", "The map could not be painted", "Paint it again", start)
    return False


def _start(key: str, work: partial[None]) -> None:
    def run(report: Report) -> None:
        work(report=report)

    class_maps.jobs().start(key, run)


def _map(data: Dataset, run: Run, scene: Scene, folder: Path) -> None:
    left, right = st.columns([1.5, 1], gap="medium")
    with left:
        with st.container(horizontal=True, vertical_alignment="center"):
            layers = VALUE_LAYERS if run.card.kind is TargetKind.REGRESSION else CLASS_LAYERS
            what = linked.selectbox("Layer", layers, Key.MAP_LAYER, label_visibility="collapsed", width=220)
            mapper = scene_choices.mapper_choice([scene], scene_choices.NONE)
            level = scene_choices.level_choice(data)
        _drawn(data, run, scene, (what, mapper, level))
        st.html(fine(MEANING[what]))
        if what == "class":
            _legend(data, run, folder, level)
    with right:
        _downloads(run, scene, folder)
        if run.card.kind is not TargetKind.REGRESSION:
            table = class_maps.areas(folder, run)
            data_table(
                table.assign(share=100 * table["share"]), COLUMNS, height=TABLE_HEIGHT, key="class_areas",
                column_order=list(COLUMNS), alt="Area and mean probability of each class on the map.",
            )  # fmt: skip
        survey = st.session_state.get(Key.SURVEY)
        if survey:
            st.button(
                f"Predict survey {survey} alone", on_click=_one_survey, icon=":material/arrow_forward:",
                key="map_to_survey",
            )  # fmt: skip
        else:
            st.html(fine("Click the map: the nearest surveyed pixel can then be predicted alone."))


def _drawn(data: Dataset, run: Run, scene: Scene, shown: tuple[str, str, str]) -> None:
    what, mapper, level = shown
    key, appearance = linked.query()["data"], theme()
    parts = [quote(part, safe="") for part in (key, run.name, scene.source, what, level)]
    url = f"/tiles/classes/{'/'.join(parts)}/{{z}}/{{x}}/{{y}}.png?v={run.card.digest[:8]}"
    layers = (
        TileLayer("raster", scene_choices.raster_url(scene.layers[0]), 300),
        TileLayer("predicted", "" if what == "none" else url, 340),
        TileLayer("polygons", scene_choices.polygon_url(mapper, level), 350, 0.75),
    )
    row = row_of(data, st.session_state.get(Key.SURVEY) or "")
    at = None if row is None else position_of(data, row)
    mark = None if at is None else Mark(at, side_m=location.footprint_m(data, row))
    view = view_script(
        f"{key} {scene.source}", Key.MAP_VIEW, datasets.site_extent(data, scene.source), RASTER_ZOOM
    )
    base = base_map(f"/tiles/base/{appearance}/{{z}}/{{x}}/{{y}}.png", names(), appearance, view, RASTER_ZOOM)
    with st.container(key="map-frame"):
        st_folium(
            base, key=Key.CLASS_MAP, height=PHONE_HEIGHT if on_phone() else HEIGHT, use_container_width=True,
            returned_objects=["last_clicked"], wrap_longitude=True, on_change=partial(_clicked, data),
            feature_group_to_add=changing_layer("", mark, appearance, rasters=layers),
        )  # fmt: skip


def _legend(data: Dataset, run: Run, folder: Path, level: str) -> None:
    """The classes of the map at a level, the largest first."""
    shades = rasters.colours(data, level)
    label = dict(zip(data.targets.classes["name"].astype(str), shades.label, strict=True))
    table = class_maps.areas(folder, run)
    pixels = table.groupby(table["name"].map(label), sort=False)["pixels"].sum().sort_values(ascending=False)
    scene_choices.folded_legend([(str(name), shades.colour[str(name)], int(n)) for name, n in pixels.items()])


def _downloads(run: Run, scene: Scene, folder: Path) -> None:
    regression = run.card.kind is TargetKind.REGRESSION
    files = {VALUE: "Values"} if regression else {CLASSES: "Classes", CERTAINTY: "Probability and entropy"}
    with st.container(horizontal=True):
        for file, title in files.items():
            name = f"{scene.source}-{run.name}-{file}"
            st.download_button(
                f"{title}, GeoTIFF", (folder / file).read_bytes, file_name=name, mime="image/tiff",
                on_click="ignore", key=f"save_{file}", icon=":material/download:", type="tertiary",
            )  # fmt: skip
        if not regression:
            table = partial(class_maps.areas, folder, run)
            download("Areas", table, f"{scene.source}-{run.name}-areas", "save_areas")


def _clicked(data: Dataset) -> None:
    clicked = (st.session_state.get(Key.CLASS_MAP) or {}).get("last_clicked")
    if clicked:
        location.go_to(data, datasets.default_filter(data), (float(clicked["lng"]), float(clicked["lat"])))


def _one_survey() -> None:
    st.session_state[Key.PREDICT_SECTION] = "survey"
