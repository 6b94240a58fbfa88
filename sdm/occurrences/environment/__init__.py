"""Where the predictors of sites come from: columns of tables, rasters, or the surveys of another data set."""
