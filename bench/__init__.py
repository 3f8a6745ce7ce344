"""What our promises cost and bring, in figures: two sides in one run, alternating, against named baselines."""
