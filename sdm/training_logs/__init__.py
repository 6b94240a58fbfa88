"""Training logs of every kind as one tidy table; smoothing, best epochs, differences of configuration."""
