"""From rasters and polygons to data sets: labelled pixels, images, photographs, and the scenes they come from."""
