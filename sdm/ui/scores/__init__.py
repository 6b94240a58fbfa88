"""The page of scores: the board of our models, what others published, files handed in."""
