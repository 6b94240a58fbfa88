"""The page of one species: which one, which run, its maps, its curve, its responses, its examples."""
