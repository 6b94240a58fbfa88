"""Monthly series per pixel: Earth Engine exports in CSV read, gathered by position, made data sets and scenes."""
