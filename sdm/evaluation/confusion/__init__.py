"""What is mistaken for what: sets of species, single classes, and numbers, each survey traceable."""
