"""A whole district, which the peers solve a component at a time."""
