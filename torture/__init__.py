"""Breaks the product on purpose, by seeded plans, and audits what LINE got against what was planned."""
