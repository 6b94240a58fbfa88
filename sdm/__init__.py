"""Species distribution models on satellite, climate and soil data."""
