"""Your own data: rasters and polygons become a data set, and simulated ones are made at a click."""
