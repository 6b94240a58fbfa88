"""One landscape on the 10 m lattice of EPSG:3035: a function of (seed, place, year)."""
