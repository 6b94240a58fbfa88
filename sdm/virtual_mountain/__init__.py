"""Two simulated mountain sites: monthly Sentinel-2 series of labelled pixels, and of all of an unseen site."""
