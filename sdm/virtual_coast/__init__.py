"""Two simulated coastal sites: rasters, aerial images, ground photographs, and polygons of several mappers."""
