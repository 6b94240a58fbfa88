"""How did it learn? Curves of any number of runs, the LSTM study, and trainings started from the page."""
