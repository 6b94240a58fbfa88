"""Tables of presence-only records, background sites and presence-absence plots -> a data set."""
