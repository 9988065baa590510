"""Floor 1: the rules. Standard library only; no clock, no randomness, no input or output."""
