"""How good a run is: labelled predictions, metrics, calibration, decoding, confusion, leaderboard, submissions."""
