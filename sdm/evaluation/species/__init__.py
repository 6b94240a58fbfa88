"""One species: where it was recorded, how well a run finds it, what it responds to, what it is mistaken for."""
