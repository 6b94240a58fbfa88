"""What the numbers of one survey say: arrays in, tidy tables out, nothing drawn."""
