"""What is shown of a site beside its samples: rasters that are no input, and mappers' polygons."""

from __future__ import annotations

from sdm.errors import DataError
from sdm.modalities.raster_bands import raster_modality_name
from sdm.rasters.labelling import labelling_of
from sdm.rasters.layers import open_layer
from sdm.rasters.polygons import plain_codes, read_layer, read_polygons
from sdm.rasters.scene_files import SceneFiles, SceneLayer
from sdm.rasters.sources import LayerFiles, SiteFiles


def shown_layer(layer: LayerFiles) -> SceneLayer:
    """A layer that is no input of the data set; DataError where it cannot be read."""
    stack, names, _ = open_layer(layer, None, by_position=False)
    with stack:
        files = stack.files, stack.bands
    return SceneLayer(layer.name, layer.title, raster_modality_name("pixel", names), files)


def shown_site(site: SiteFiles) -> SceneFiles:
    """All layers and polygons of a site whose samples come from elsewhere; DataError where one cannot be read."""
    layers = (*site.layers, *site.shown)
    if not layers:
        raise DataError("a scene needs a raster", where=site.name)
    frames = [read_layer(path, [site.code], geometry=False) for path in site.polygons.values()]
    read = labelling_of({code for frame in frames for code in plain_codes(frame["code"])}, "name").read
    stack, _, _ = open_layer(layers[0], None, by_position=False)
    with stack:
        tables = {who: read_polygons(path, [site.code], stack, read).table for who, path in site.polygons.items()}
    return SceneFiles(site.name, site.title, tuple(map(shown_layer, layers)), tables)
