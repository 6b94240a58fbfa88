"""Models of presence-only records: relative intensities, learnt from where records are against a background."""
