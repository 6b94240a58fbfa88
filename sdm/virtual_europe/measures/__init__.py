"""Measures of the virtual Europe against what is stated of it, without a model: functions give statements."""
