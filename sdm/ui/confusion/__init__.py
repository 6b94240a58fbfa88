"""The page of confusions: which question, its views, what a click chooses, the surveys behind it."""
