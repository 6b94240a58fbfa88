"""Data sets: surveys, their targets and the arrays behind them."""
