"""Tables and layers of occurrences, from their cells to rows with positions."""
