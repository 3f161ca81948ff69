"""How fast we are, beside what the engine itself can do in the same minutes: `make bench`."""
