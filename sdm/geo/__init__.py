"""Real geography, used by data, maps and simulator: distances, projections, coastline, relief, regions."""
