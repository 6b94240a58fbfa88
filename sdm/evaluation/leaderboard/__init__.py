"""The scoreboard: runs on one data set side by side, and what others published, each in a column of its own."""
