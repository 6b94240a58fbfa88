"""What is taken away of a species: table of predictions, map, figures, protocol, script of the map."""
