"""What should happen, decided without touching the world: no I/O, no clock, no dice, no SDK."""
