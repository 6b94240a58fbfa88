"""Models: their registry, which imports no torch, the contract they fulfil, networks and baselines."""
